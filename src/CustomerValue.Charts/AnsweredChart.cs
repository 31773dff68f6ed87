namespace CustomerValue.Charts;

/// <summary>How good is a model if it may pass by the texts that it isn't sure of?</summary>
public static class AnsweredChart
{
    // Of fewer than so many texts a share says little.
    private const int Steps = 100, Fewest = 20;

    /// <summary>Share of right answers among the texts that are answered, the surest first, against the share that is answered; one line a candidate.</summary>
    /// <param name="labels">[texts]: what the texts are.</param>
    /// <param name="candidates">What each candidate told of them [texts][labels].</param>
    /// <param name="winner">The candidate to tell apart.</param>
    /// <exception cref="ArgumentException">The winner isn't among them.</exception>
    public static Chart Of(IReadOnlyList<int> labels, IReadOnlyList<(string Name, double[][] Probabilities)> candidates, string winner)
    {
        var lines = WinnerLast(candidates, winner).Select(c => (c.Name, Points: Points(labels, c.Probabilities))).ToList();
        var own = lines[^1].Points;
        var low = Below(lines.SelectMany(l => l.Points).Select(p => p.Right));
        return new(
            new Axis($"Answered: texts, the surest first, % of all", 0, 1) { Kind = FigureKind.Share },
            new Axis($"Right, % of the answered", low, 1) { Kind = FigureKind.Share })
        {
            Name = "answered",
            Words = new()
            {
                Title = $"How often is it right if it may pass by what it isn't sure of?",
                Subtitle = $"{FigureText.Texts(labels.Count)}, those with the highest probability of their likeliest label first",
                Reading = own.Count == 0 ? Phrase.Of($"No texts.") : $"Where {winner} answers all texts, {FigureText.Share(own[^1].Right)} of the answers are right, and of the surer half {FigureText.Share(Half(own)?.Right ?? double.NaN)}.",
                Description = own.Count == 0 ? Phrase.Of($"No texts.")
                    : $"Share of right answers of {winner}: {Phrase.Join("; ", ((double[])[0.25, 0.5, 0.75, 0.9, 1]).Select(share => own.FirstOrDefault(p => p.Answered >= share - 1e-9)).OfType<Point>().Distinct().Select(Words))}.",
            },
            Series =
            [
                .. lines.Select((line, i) => (line.Name, line.Points, Own: i == lines.Count - 1, First: i == 0)).Select(line => new Series(Phrase.Name(line.Name), line.Own ? Role.Winner : Role.Other,
                    [.. line.Points.Select(p => new ChartPoint(p.Answered, p.Right, $"{line.Name}, {Words(p)}") { Label = line.Own && p == Half(line.Points) ? Phrase.Of($"half answered: {FigureText.Share(p.Right)} right") : null })])
                {
                    Joined = true,
                    Legend = line.Own ? $"{winner} (chosen)" : CandidateLines.Legend(line.Name, winner: false, lines.Count - 1, line.First),
                }),
            ],
            Absence = own.Count == 0 ? Phrase.Of($"There are no texts to answer.") : null,
        };
    }

    /// <summary>The candidates in the order given, the winner last, so that it lies on top.</summary>
    /// <exception cref="ArgumentException">The winner isn't among them.</exception>
    internal static IReadOnlyList<(string Name, double[][] Probabilities)> WinnerLast(IReadOnlyList<(string Name, double[][] Probabilities)> candidates, string winner) =>
        candidates.Any(c => c.Name == winner) ? [.. candidates.OrderBy(c => c.Name == winner)]
            : throw new ArgumentException($"'{winner}' isn't among the candidates. They are: {string.Join(", ", candidates.Select(c => c.Name))}.", nameof(winner));

    /// <summary>[texts]: 1 where the likeliest label, of equals the first, is the right one.</summary>
    internal static double[] Right(IReadOnlyList<int> labels, double[][] probabilities) => [.. probabilities.Select((p, row) => Array.IndexOf(p, p.Max()) == labels[row] ? 1.0 : 0)];

    /// <summary>The tenth at or below the least of shares: where an axis of high shares begins.</summary>
    internal static double Below(IEnumerable<double> shares) => Math.Clamp(Math.Floor(10 * shares.DefaultIfEmpty(0).Min()) / 10, 0, 0.9);

    private static List<Point> Points(IReadOnlyList<int> labels, double[][] probabilities)
    {
        var right = Right(labels, probabilities);
        double[] sure = [.. probabilities.Select(p => p.Max())];
        int[] order = [.. Enumerable.Range(0, labels.Count).OrderByDescending(row => sure[row])];
        var points = new List<Point>();
        var (hits, answered) = (0.0, 0);
        for (var step = 1; step <= Steps; step++)
        {
            var upTo = (int)((long)labels.Count * step / Steps);
            for (; answered < upTo; answered++) hits += right[order[answered]];
            if (answered >= Math.Min(Fewest, labels.Count) && answered > 0 && (points.Count == 0 || points[^1].Texts < answered)) points.Add(new(answered, (double)answered / labels.Count, hits / answered, sure[order[answered - 1]]));
        }
        return points;
    }

    private static Point? Half(List<Point> points) => points.FirstOrDefault(p => p.Answered >= 0.5 - 1e-9);

    private static Phrase Words(Point point) => $"{FigureText.Share(point.Answered)} answered, those at least {FigureText.Share(point.Sure)} sure: {FigureText.Share(point.Right)} right";

    private sealed record Point(int Texts, double Answered, double Right, double Sure);
}
