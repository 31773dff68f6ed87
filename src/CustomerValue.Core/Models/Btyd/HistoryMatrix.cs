using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>What a model answers for every possible history of one age: frequency down, recency across.</summary>
/// <param name="AgeWeeks">T, weeks from the first purchase on, of all histories.</param>
/// <param name="Recency">[columns]: t_x in weeks, from 0 to T in equal steps.</param>
/// <param name="Values">[frequency x, from 0][columns]: the answer; null where no history can be so, as recency is 0 where there was no repeat purchase, and there only.</param>
public sealed record HistoryMatrix(double AgeWeeks, IReadOnlyList<double> Recency, IReadOnlyList<IReadOnlyList<double?>> Values)
{
    /// <summary>The probability of being alive.</summary>
    /// <param name="model">Who answers.</param>
    /// <param name="ageWeeks">T.</param>
    /// <param name="maxFrequency">The highest x.</param>
    /// <param name="steps">Steps from recency 0 to T.</param>
    public static HistoryMatrix Alive(IPurchaseModel model, double ageWeeks, int maxFrequency = 20, int steps = 26) => Of(model.ProbabilityAlive, ageWeeks, maxFrequency, steps);

    /// <summary>The purchases expected in the next <paramref name="weeks"/> weeks.</summary>
    /// <param name="model">Who answers.</param>
    /// <param name="weeks">How far to look ahead.</param>
    /// <param name="ageWeeks">T.</param>
    /// <param name="maxFrequency">The highest x.</param>
    /// <param name="steps">Steps from recency 0 to T.</param>
    public static HistoryMatrix Expected(IPurchaseModel model, double weeks, double ageWeeks, int maxFrequency = 20, int steps = 26) =>
        Of(histories => model.ExpectedPurchases(histories, weeks), ageWeeks, maxFrequency, steps);

    private static HistoryMatrix Of(Func<PurchaseHistories, double[]> answer, double ageWeeks, int maxFrequency, int steps)
    {
        Check.Positive(ageWeeks);
        Check.Within(maxFrequency, 1, 1000);
        Check.Within(steps, 1, 1000);
        double[] recency = [.. Enumerable.Range(0, steps + 1).Select(step => ageWeeks * step / steps)];
        (int X, int Column)[] possible = [(0, 0), .. Enumerable.Range(1, maxFrequency).SelectMany(x => Enumerable.Range(1, steps).Select(column => (x, column)))];
        var nothing = new double[possible.Length];
        double[] age = [.. possible.Select(_ => ageWeeks)];
        var answers = answer(new([.. possible.Select(h => $"x = {h.X}")], [.. possible.Select(h => (double)h.X)], [.. possible.Select(h => recency[h.Column])], age, nothing, nothing));
        double?[][] values = [.. Enumerable.Range(0, maxFrequency + 1).Select(_ => new double?[steps + 1])];
        for (var i = 0; i < possible.Length; i++) values[possible[i].X][possible[i].Column] = answers[i];
        return new(ageWeeks, recency, values);
    }
}
