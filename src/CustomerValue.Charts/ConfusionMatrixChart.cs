using CustomerValue.Evaluation;

namespace CustomerValue.Charts;

/// <summary>What is told of texts of each label?</summary>
public static class ConfusionMatrixChart
{
    /// <summary>Texts of each label, a row each, by what they are told to be; colours are shares of the row. Of many labels <see cref="ConfusionsChart"/> tells the pairs that matter.</summary>
    /// <param name="classes">Names of the labels.</param>
    /// <param name="labels">[texts]: what the texts are.</param>
    /// <param name="candidate">Who told what of them [texts][labels].</param>
    /// <param name="most">The most rows; the rarest labels are put together beyond it.</param>
    public static Chart Of(IReadOnlyList<string> classes, IReadOnlyList<int> labels, (string Name, double[][] Probabilities) candidate, int most = 15)
    {
        var whole = ConfusionMatrix.Of(classes, labels, candidate.Probabilities);
        var matrix = whole.Largest(most, "other labels");
        var texts = matrix.Counts.Select(row => row.Sum()).ToList();
        double[] places = [.. Enumerable.Range(0, matrix.Classes.Count).Select(c => (double)c)];
        return new(
            Axis.Of("Told to be", [], [.. matrix.Classes.Select(c => new AxisRow(c, []))]),
            Axis.Of("Really", ["texts", "told rightly"], [.. matrix.Classes.Select((c, row) => new AxisRow(c, [FigureText.Count(texts[row]), texts[row] == 0 ? "" : FigureText.Share((double)matrix.Counts[row][row] / texts[row])]))]))
        {
            Name = "confusion-matrix",
            Title = "What is told of the texts of each label?",
            Subtitle = $"{candidate.Name}: {FigureText.Count(whole.Right)} of {FigureText.Texts(whole.Rows)} told rightly{(matrix.Classes.Count < classes.Count ? "; among the other labels put together, one told as another counts as right" : "")}",
            Reading = $"{candidate.Name} tells {FigureText.Share(whole.Rows == 0 ? double.NaN : (double)whole.Right / whole.Rows)} of {FigureText.Texts(whole.Rows)} rightly.",
            Description = string.Join("; ", matrix.Classes.Select((c, row) => $"{c}, {FigureText.Texts(texts[row])}: " + string.Join(", ", matrix.Classes.Select((to, column) => (to, Count: matrix.Counts[row][column])).Where(t => t.Count > 0).OrderByDescending(t => t.Count).Take(4).Select(t => $"{FigureText.Count(t.Count)} as {t.to}")))) + ".",
            Cells = new(places, places, [.. matrix.Counts.Select((row, from) => (IReadOnlyList<Cell?>)[.. row.Select((count, to) => new Cell(texts[from] == 0 ? 0 : (double)count / texts[from], count == 0 ? "" : FigureText.Count(count),
                $"{FigureText.Count(count)} of {FigureText.Texts(texts[from])} of {matrix.Classes[from]} are told to be {matrix.Classes[to]}"))])]),
            Colors = new("Share of the label's texts", "0 %", "100 %", ColorScale.Depth),
            Absence = whole.Rows == 0 ? "There are no texts." : null,
        };
    }
}
