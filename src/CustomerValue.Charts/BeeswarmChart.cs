using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Charts;

/// <summary>Which columns move answers, which way, and for whom?</summary>
public static class BeeswarmChart
{
    private const int MostCustomers = 400, Bins = 120, Stacked = 12;

    /// <summary>A row a column, those that move answers most on top; a dot a customer at what the column adds or takes, coloured by how high the column is among these customers.</summary>
    /// <param name="customers">Features of the customers whose answers are explained.</param>
    /// <param name="reasons">What columns add or take, of the same rows.</param>
    /// <param name="answer">The answer that was explained.</param>
    /// <param name="columns">The most columns to show.</param>
    /// <remarks>What isn't a column of the table, such as a purchase history as a whole, has no value to be coloured by.</remarks>
    public static Chart Of(FeatureTable customers, Contributions reasons, Answer answer, int columns = 15)
    {
        var shown = reasons.BySize().Take(columns).Select(c => (c.Column, c.MeanSize, Values: reasons.Values[Place(c.Column)], Feature: customers.Has(c.Column) ? customers[c.Column] : null)).ToList();
        foreach (var (column, _, values, _) in shown) Check.SameLength(customers.Rows, values.Length, column);
        int[] sample = [.. Groups.Sample(customers.Rows, MostCustomers)];
        double[] all = [.. shown.SelectMany(c => sample.Select(row => c.Values[row])), 0];
        var (low, high) = (all.Min(), all.Max());
        var room = high > low ? 0.04 * (high - low) : 1;
        return new(
            new Axis(answer == Answer.Churn ? Phrase.Of($"What it adds to or takes from the logit of churn") : $"What it adds to or takes from the logarithm of spend", low - room, high + room) { Signed = true },
            Axis.Of($"Columns", [$"mean size"], [.. shown.Select(c => new AxisRow(Phrase.Column(c.Column), [FigureText.Number(c.MeanSize)]))]))
        {
            Name = answer == Answer.Churn ? "reasons-churn" : "reasons-value",
            Words = new()
            {
                Title = answer == Answer.Churn ? Phrase.Of($"What makes customers likely to leave?") : $"What makes customers valuable?",
                Subtitle = $"{Groups.Of(sample.Length, customers.Rows, FigureText.Customers(customers.Rows))}, a dot each; the {shown.Count} of {FigureText.Count(reasons.Columns.Count)} columns that move answers most",
                Reading = shown.Count == 0 ? Phrase.Of($"No column moves an answer.") : shown.Count == 1 ? Phrase.Of($"{Phrase.Column(shown[0].Column)} moves answers most, by {FigureText.Number(shown[0].MeanSize)} on average.")
                    : $"{Phrase.Column(shown[0].Column)} moves answers most, by {FigureText.Number(shown[0].MeanSize)} on average, then {Phrase.Column(shown[1].Column)}, by {FigureText.Number(shown[1].MeanSize)}.",
                Description = $"{Phrase.Join("; ", shown.Select(c => Phrase.Of($"{Phrase.Column(c.Column)} by {FigureText.Number(c.MeanSize)} on average, {FigureText.Number(sample.Select(row => c.Values[row]).DefaultIfEmpty(0).Min())} to {FigureText.Number(sample.Select(row => c.Values[row]).DefaultIfEmpty(0).Max())}")))}.",
            },
            Series = [.. shown.Select((c, row) => new Series(Phrase.Column(c.Column), Role.Other, Swarm(c.Column, c.Values, c.Feature, row)) { Marked = true })],
            Colors = new($"The column's value among these customers", $"low", $"high", ColorScale.LowHigh),
            Absence = shown.Count == 0 || sample.Length == 0 ? Phrase.Of($"No column moves an answer.") : null,
        };

        static Phrase Signed(double value) => $"{(value > 0 ? "+" : "")}{FigureText.Number(value)}";

        int Place(string column) => Enumerable.Range(0, reasons.Columns.Count).First(c => reasons.Columns[c] == column);

        // Dots of one place are stacked to both sides of the row by turns; beyond a dozen they are pressed together.
        IReadOnlyList<ChartPoint> Swarm(string column, double[] values, double[]? feature, int row)
        {
            var place = Ranks([.. sample.Select(r => feature?[r] ?? 0)]);
            var stacks = sample.Select((r, i) => (Row: r, Rank: place[i], Bin: (int)((values[r] - low) / Math.Max(high - low, 1e-300) * (Bins - 1)))).GroupBy(d => d.Bin).OrderBy(s => s.Key);
            return [.. stacks.SelectMany(stack => stack.Select((dot, i) => new ChartPoint(values[dot.Row],
                row + (i % 2 == 0 ? 0.5 : -0.5) * ((i + 1) / 2) * 2 * 0.4 / Math.Max(Stacked, (stack.Count() + 1) / 2),
                feature is null ? Phrase.Of($"{Phrase.Column(column)}: {Signed(values[dot.Row])}") : $"{Phrase.Column(column)} {FigureText.Number(feature[dot.Row])}: {Signed(values[dot.Row])}") { Shade = dot.Rank, Radius = 2.2 }))];
        }
    }

    // [rows]: from 0 for the lowest value to 1 for the highest, equal values at the mean of their places; a half where all are equal.
    private static double[] Ranks(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return [.. values.Select(v => values.Length < 2 ? 0.5 : (First(v) + Last(v)) / 2 / (values.Length - 1))];

        double First(double value) => Array.BinarySearch(sorted, value) is var at && at >= 0 ? Down(at, value) : 0;

        double Down(int at, double value)
        {
            while (at > 0 && sorted[at - 1] == value) at--;
            return at;
        }

        double Last(double value)
        {
            var at = Array.BinarySearch(sorted, value);
            while (at < sorted.Length - 1 && sorted[at + 1] == value) at++;
            return at;
        }
    }
}
