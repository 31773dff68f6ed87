using CustomerValue.Evaluation;

namespace CustomerValue.Charts;

/// <summary>How unevenly is value spread over customers?</summary>
public static class ConcentrationChart
{
    /// <summary>Lorenz curve with its Gini coefficient: the share of all value that the customers with least hold.</summary>
    /// <param name="amounts">[rows]: in account currency, from 0 up.</param>
    /// <param name="what">What they are, and over which time.</param>
    public static Chart Of(IReadOnlyList<double> amounts, string what = "Net spend")
    {
        var curve = LorenzCurve.Of(amounts);
        var (points, gini, whose) = (curve.Points, FigureText.Number(curve.Gini), Phrase.Term("amount", what));
        return new(
            new Axis($"Customers, those with least first, % of all", 0, 1) { Kind = FigureKind.Share }, new Axis($"{whose} that they hold, % of all", 0, 1) { Kind = FigureKind.Share })
        {
            Name = "concentration",
            Words = new()
            {
                Title = $"How unevenly is value spread?",
                Subtitle = $"{whose} of {FigureText.Customers(amounts.Count)}; Gini coefficient {gini}, 0 where all have the same and towards 1 where one has all",
                Reading = points.Count == 0 ? Phrase.Of($"Nobody has any.") : $"The fifth of the customers with most hold {FigureText.Share(1 - points.Last(p => p.Customers <= 0.8 + 1e-9).Held)}, and the Gini coefficient is {gini}.",
                Description = $"Gini coefficient {gini}. {Phrase.Join("; ", points.Where((p, i) => i % 10 == 0).Select(Words))}.",
            },
            Series =
            [
                new($"all alike", Role.Chance, [new(0, 0), new(1, 1)]) { Joined = true, Legend = $"all have the same" },
                new(whose, Role.Winner, [.. points.Select(p => new ChartPoint(p.Customers, p.Held, Words(p)))]) { Joined = true, Legend = whose },
            ],
            Absence = points.Count == 0 ? Phrase.Of($"Nobody has any, so there is nothing to share.") : null,
        };

        static Phrase Words(LorenzPoint p) => $"the {FigureText.Share(p.Customers)} with least hold {FigureText.Share(p.Held)}";
    }
}
