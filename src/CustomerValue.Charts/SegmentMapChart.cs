using CustomerValue.Evaluation;
using CustomerValue.Features;

namespace CustomerValue.Charts;

/// <summary>Where do segments of customers lie, and how large are they?</summary>
public static class SegmentMapChart
{
    private const double Largest = 26, Least = 3;

    /// <summary>Each segment at the means of two columns, a disc whose area is its number of customers.</summary>
    /// <param name="customers">Features.</param>
    /// <param name="segments">[rows]: each customer's segment.</param>
    /// <param name="across">Column for the axis across.</param>
    /// <param name="upwards">Column for the axis upwards.</param>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public static Chart Of(FeatureTable customers, IReadOnlyList<string> segments, string across = "days_since_last_purchase", string upwards = "mean_spend")
    {
        var told = SegmentSummary.Of(segments, customers[across], customers[upwards]);
        var most = told.Select(s => s.Customers).DefaultIfEmpty(1).Max();
        return new(Around(across, told.Select(s => s.Means[0])), Around(upwards, told.Select(s => s.Means[1])))
        {
            Name = "segment-map",
            Words = new()
            {
                Title = $"Where do the segments lie?",
                Subtitle = $"{FigureText.Customers(customers.Rows)} in {told.Count} segments, each at the means of its customers; the area of a disc is its number of customers",
                Reading = told.Count == 0 ? Phrase.Of($"No customers.") : $"The largest of {told.Count} segments, {told[0].Name}, has {FigureText.Share((double)told[0].Customers / customers.Rows)} of the customers.",
                Description = $"{Phrase.Join("; ", told.Select(Words))}.",
            },
            Series = [.. told.Select(s => new Series(Phrase.Name(s.Name), Role.Winner,
                [new(s.Means[0], s.Means[1], Words(s)) { Radius = Math.Max(Least, Largest * Math.Sqrt((double)s.Customers / most)), Label = Phrase.Name(SvgText.Fit(s.Name, 13, 200)) }]) { Marked = true })],
            Absence = told.Count == 0 ? Phrase.Of($"There are no customers.") : null,
        };

        // Room for the discs, which lie with their middles on the means.
        Axis Around(string column, IEnumerable<double> means)
        {
            var feature = customers.Features.Single(f => f.Name == column);
            var (low, high) = (means.DefaultIfEmpty(0).Min(), means.DefaultIfEmpty(1).Max());
            var room = high > low ? 0.12 * (high - low) : Math.Max(1, 0.1 * Math.Abs(high));
            return new($"{Phrase.Column(column)}, mean of the segment, {Phrase.Unit(feature.Unit == "currency" ? "account currency" : feature.Unit)}", low - room, high + room);
        }

        Phrase Words(SegmentSummary s) => $"{s.Name}: {FigureText.Customers(s.Customers)} ({FigureText.Share((double)s.Customers / customers.Rows)}), {Phrase.Column(across)} {FigureText.Number(s.Means[0])}, {Phrase.Column(upwards)} {FigureText.Number(s.Means[1])}";
    }
}
