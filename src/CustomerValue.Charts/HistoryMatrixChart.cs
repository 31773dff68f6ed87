using CustomerValue.Models.Btyd;

namespace CustomerValue.Charts;

/// <summary>What does a purchase model make of how often and how recently a customer bought?</summary>
public static class HistoryMatrixChart
{
    /// <summary>The probability of being alive for every frequency and recency of one age.</summary>
    /// <param name="model">Who answers.</param>
    /// <param name="ageWeeks">T, weeks since the first purchase.</param>
    /// <param name="maxFrequency">The highest number of repeat purchases.</param>
    public static Chart Alive(IPurchaseModel model, double ageWeeks, int maxFrequency = 20) =>
        Of(HistoryMatrix.Alive(model, ageWeeks, maxFrequency), "history-alive", $"Who is still a customer?", $"Probability of being alive", FigureText.Share, 1);

    /// <summary>The purchases expected for every frequency and recency of one age.</summary>
    /// <param name="model">Who answers.</param>
    /// <param name="weeks">How far to look ahead.</param>
    /// <param name="ageWeeks">T, weeks since the first purchase.</param>
    /// <param name="maxFrequency">The highest number of repeat purchases.</param>
    public static Chart Expected(IPurchaseModel model, double weeks, double ageWeeks, int maxFrequency = 20)
    {
        var matrix = HistoryMatrix.Expected(model, weeks, ageWeeks, maxFrequency);
        return Of(matrix, "history-expected", $"Who will buy how often?", $"Purchases expected in the next {FigureText.Number(weeks)} weeks", FigureText.Number, matrix.Values.SelectMany(row => row).Max() ?? 1);
    }

    private static Chart Of(HistoryMatrix matrix, string name, Phrase title, Phrase what, Func<double, Phrase> written, double most)
    {
        var (recency, frequencies) = (matrix.Recency, matrix.Values.Count);
        var half = (recency[1] - recency[0]) / 2;
        var told = matrix.Values.SelectMany((row, x) => row.Select((value, column) => (X: x, Weeks: recency[column], Value: value))).Where(c => c.Value is not null).Select(c => (c.X, c.Weeks, Value: c.Value!.Value)).ToList();
        var best = told.Where(c => c.X > 0).MaxBy(c => c.Value);
        return new(
            new Axis($"Recency: weeks from the first purchase to the last", -half, recency[^1] + half), new Axis($"Frequency: repeat purchases", -0.5, frequencies - 0.5) { Whole = true })
        {
            Name = name,
            Words = new()
            {
                Title = title,
                Subtitle = $"Customers who first bought {FigureText.Number(matrix.AgeWeeks)} weeks ago; recency is 0 for those who never bought again, and for them alone",
                Reading = $"{what}: of customers who bought again the highest is {written(best.Value)}, at {best.X} repeat purchases with the last {FigureText.Number(best.Weeks)} weeks after the first, and of those who never did it is {written(told[0].Value)}.",
                Description = $"{what}. {Phrase.Join("; ", told.Where(c => c.X % Math.Max(1, frequencies / 4) == 0 && (c.X == 0 || c.Weeks == recency[^1] || c.Weeks == recency[recency.Count / 2])).Select(Words))}.",
            },
            Cells = new(recency, [.. Enumerable.Range(0, frequencies).Select(x => (double)x)],
                [.. matrix.Values.Select((row, x) => (IReadOnlyList<Cell?>)[.. row.Select((value, column) => value is { } v ? new Cell(most > 0 ? v / most : 0, Phrase.None, Words((x, recency[column], v))) : null)])]),
            Colors = new(what, written(0), written(most), ColorScale.Depth),
        };

        Phrase Words((int X, double Weeks, double Value) c) => $"{c.X} repeat purchases, the last {FigureText.Number(c.Weeks)} weeks after the first: {written(c.Value)}";
    }
}
