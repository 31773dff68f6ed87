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
        var matrix = whole.Largest(most);
        var merged = matrix.Classes.Count < classes.Count;
        List<Phrase> names = [.. matrix.Classes.Select(Phrase.Name)];
        if (merged) names[^1] = $"{classes.Count - names.Count + 1} other labels";
        var texts = matrix.Counts.Select(row => row.Sum()).ToList();
        double[] places = [.. Enumerable.Range(0, matrix.Classes.Count).Select(c => (double)c)];
        var rightly = Phrase.Of($"{candidate.Name}: {FigureText.Count(whole.Right)} of {FigureText.Texts(whole.Rows)} told rightly");
        return new(
            Axis.Of($"Told to be", [], [.. names.Select(name => new AxisRow(name, []))]),
            Axis.Of($"Really", [$"texts", $"told rightly"], [.. names.Select((name, row) => new AxisRow(name, [Phrase.Name(FigureText.Count(texts[row])), texts[row] == 0 ? Phrase.None : FigureText.Share((double)matrix.Counts[row][row] / texts[row])]))]))
        {
            Name = "confusion-matrix",
            Words = new()
            {
                Title = $"What is told of the texts of each label?",
                Subtitle = merged ? $"{rightly}; among the other labels put together, one told as another counts as right" : rightly,
                Reading = $"{candidate.Name} tells {FigureText.Share(whole.Rows == 0 ? double.NaN : (double)whole.Right / whole.Rows)} of {FigureText.Texts(whole.Rows)} rightly.",
                Description = $"{Phrase.Join("; ", names.Select((name, row) => Phrase.Of($"{name}, {FigureText.Texts(texts[row])}: {Phrase.Join(", ", Largest(row))}")))}.",
            },
            Cells = new(places, places, [.. matrix.Counts.Select((row, from) => (IReadOnlyList<Cell?>)[.. row.Select((count, to) => new Cell(texts[from] == 0 ? 0 : (double)count / texts[from], count == 0 ? Phrase.None : Phrase.Name(FigureText.Count(count)),
                $"{FigureText.Count(count)} of {FigureText.Texts(texts[from])} of {names[from]} are told to be {names[to]}"))])]),
            Colors = new($"Share of the label's texts", $"0 %", $"100 %", ColorScale.Depth),
            Absence = whole.Rows == 0 ? Phrase.Of($"There are no texts.") : null,
        };

        IEnumerable<Phrase> Largest(int row) => names.Select((to, column) => (To: to, Count: matrix.Counts[row][column])).Where(t => t.Count > 0).OrderByDescending(t => t.Count).Take(4)
            .Select(t => Phrase.Of($"{FigureText.Count(t.Count)} as {t.To}"));
    }
}
