using CustomerValue.Features;

namespace CustomerValue.Experiments;

/// <summary>Where the past ends for customers who have just come: rows are customers at the end of the day of their first order (<see cref="FirstOrders"/>).</summary>
/// <remarks>Told as cutoffs, a period is its end. Choices between candidates are made on training rows as everywhere: with one period customers take turns in groups,
/// each foreseen by what the others taught.</remarks>
public sealed record FirstOrderSplit : ExperimentSplit
{
    /// <param name="train">Periods of first orders to learn from, oldest first, none reaching into another.</param>
    /// <param name="test">The period that candidates are judged on.</param>
    /// <param name="horizonDays">Length of every customer's label window, in days.</param>
    public FirstOrderSplit(IReadOnlyList<FirstOrders> train, FirstOrders test, int horizonDays) : base([.. train.Select(p => p.To)], test.To, horizonDays) => (Train, Test) = (train, test);

    /// <summary>Periods to learn from, oldest first.</summary>
    public IReadOnlyList<FirstOrders> Train { get; }

    /// <summary>The period that candidates are judged on.</summary>
    public FirstOrders Test { get; }

    /// <summary>Refuses a split in which training rows would see into the test period.</summary>
    /// <exception cref="ArgumentException">A training window reaches into the test period, or periods overlap.</exception>
    public override void Validate()
    {
        base.Validate();
        foreach (var period in Train.Append(Test)) period.Validate();
        for (var i = 0; i < Train.Count; i++)
        {
            if (i > 0 && Train[i].From < Train[i - 1].To)
                throw new ArgumentException($"The training period from {Train[i].From:yyyy-MM-dd} begins before the one before it ends, on {Train[i - 1].To:yyyy-MM-dd}: a customer would stand in both.");
            if (Train[i].To.AddDays(TrainHorizonDays) is var end && end > Test.From)
                throw new ArgumentException(
                    $"Label windows of the training period that ends on {Train[i].To:yyyy-MM-dd} run to {end:yyyy-MM-dd}, into the test period, which begins on {Test.From:yyyy-MM-dd}. " +
                    "Choose an earlier training period or a shorter horizon.");
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Key() =>
        ["first orders", .. Train.Append(Test).SelectMany(p => new[] { $"{p.From:yyyy-MM-dd}", $"{p.To:yyyy-MM-dd}" }), $"{HorizonDays}", $"{TrainHorizonDays}"];

    internal override FeatureTable Rows(IFeatureSource source, DateOnly cutoff, CancellationToken cancellation) =>
        source.AtFirstOrders(Period(cutoff), cancellation);

    internal override IEnumerable<string> RowsKey(DateOnly cutoff) => ["first orders", $"{Period(cutoff).From:yyyy-MM-dd}", $"{cutoff:yyyy-MM-dd}"];

    private FirstOrders Period(DateOnly end) => Train.Append(Test).Single(p => p.To == end);
}
