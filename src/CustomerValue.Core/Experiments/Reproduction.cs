using System.Globalization;

namespace CustomerValue.Experiments;

/// <summary>How a point of a repeated run stands to the logged run's.</summary>
public enum Agreement
{
    /// <summary>Equal, to the last bit.</summary>
    Same,

    /// <summary>Not equal.</summary>
    Differs,

    /// <summary>Not known to be equal, or not equal for a cause that may be no fault: changes that were never committed, and figures after another processor or
    /// thread count, as sums in native libraries depend on them.</summary>
    Unsure,
}

/// <summary>One point compared.</summary>
/// <param name="Name">What was compared, such as <c>commit</c> or <c>bg-nbd auc</c>.</param>
/// <param name="Logged">Of the logged run.</param>
/// <param name="Repeated">Of the repetition.</param>
/// <param name="Agreement">How they stand to each other.</param>
public sealed record ReproductionPoint(string Name, string Logged, string Repeated, Agreement Agreement);

/// <summary>A run with what it stood on: what a repetition is held against.</summary>
/// <param name="Result">What it found.</param>
/// <param name="Environment">What it stood on.</param>
/// <param name="Plots">Its plots: name to SHA-256.</param>
public sealed record RepeatableRun(IRunResult Result, RunEnvironment Environment, IReadOnlyDictionary<string, string> Plots);

/// <summary>A run and its repetition, compared point by point.</summary>
/// <param name="RunId">The logged run.</param>
/// <param name="Points">All that was compared.</param>
public sealed record Reproduction(string RunId, IReadOnlyList<ReproductionPoint> Points)
{
    private static readonly Dictionary<string, string> s_none = [];

    /// <summary>Whether nothing was found to differ.</summary>
    public bool Holds => Points.All(p => p.Logged == p.Repeated);

    /// <summary>What must be the same before it is worth repeating a run at all. Data and packages are known once it runs.</summary>
    /// <param name="logged">The logged run.</param>
    /// <param name="commit">The commit that is checked out.</param>
    /// <param name="runtime">Version of .NET that the repetition would stand on.</param>
    /// <param name="threads">Threads that it would use.</param>
    public static IReadOnlyList<ReproductionPoint> Before(RepeatableRun logged, string commit, string runtime, int threads) =>
        [
            // Changes that were not committed are known to nobody: equal names don't make them equal.
            Point("commit", logged.Result.Commit, commit) is { Agreement: Agreement.Same } same && (commit == "unknown" || commit.EndsWith("+changes", StringComparison.Ordinal))
                ? same with { Agreement = Agreement.Unsure } : Point("commit", logged.Result.Commit, commit),
            Point("threads", Text(logged.Result.Threads), Text(threads)),
            Point("version .NET", logged.Environment.Runtime, runtime),
        ];

    /// <summary>Compares a finished repetition with the logged run: what it stood on, then data, labels, every figure, winners, and the bytes of package and plots. Times and memory are left out.</summary>
    public static Reproduction Of(RepeatableRun logged, RepeatableRun repeated)
    {
        var points = new List<ReproductionPoint>(Before(logged, repeated.Result.Commit, repeated.Environment.Runtime, repeated.Result.Threads));
        foreach (var package in logged.Environment.Packages.Keys.Union(repeated.Environment.Packages.Keys).Order(StringComparer.Ordinal))
            points.Add(Point($"version {package}", Of(logged.Environment.Packages, package), Of(repeated.Environment.Packages, package)));
        var unsure = logged.Environment.Processor != repeated.Environment.Processor || logged.Environment.Platform != repeated.Environment.Platform
                     || logged.Result.Threads != repeated.Result.Threads;
        var (a, b) = (logged.Result, repeated.Result);
        points.Add(Point("experiment", a.Experiment, b.Experiment));
        points.Add(Point("data_fingerprint", a.DataFingerprint, b.DataFingerprint));
        points.Add(Point("seed", Text(a.Seed), Text(b.Seed)));
        points.AddRange(Data(a, b));

        var (ours, theirs) = (a.Candidates.ToDictionary(c => c.Name, StringComparer.Ordinal), b.Candidates.ToDictionary(c => c.Name, StringComparer.Ordinal));
        foreach (var name in ours.Keys.Union(theirs.Keys))
        {
            if (!ours.TryGetValue(name, out var own) || !theirs.TryGetValue(name, out var other))
            {
                points.Add(new($"candidate {name}", ours.ContainsKey(name) ? "there" : "absent", theirs.ContainsKey(name) ? "there" : "absent", Agreement.Differs));
                continue;
            }
            Figures(name, own.Metrics, other.Metrics);
            Figures($"{name} validation", own.Validation, other.Validation);
            foreach (var choice in (own.Choices ?? s_none).Keys.Union((other.Choices ?? s_none).Keys).Order(StringComparer.Ordinal))
                points.Add(Figure($"{name} chosen {choice}", Of(own.Choices ?? s_none, choice), Of(other.Choices ?? s_none, choice)));
            foreach (var setting in own.Settings.Keys.Union(other.Settings.Keys).Where(s => Of(own.Settings, s) != Of(other.Settings, s)))
                points.Add(Point($"{name} setting {setting}", Of(own.Settings, setting), Of(other.Settings, setting)));
        }
        var again = b.Comparisons.ToDictionary(c => (c.Metric, c.A, c.B));
        foreach (var comparison in a.Comparisons)
            if (again.TryGetValue((comparison.Metric, comparison.A, comparison.B), out var other))
                points.Add(Figure($"{comparison.A} against {comparison.B}, {comparison.Metric}", Text(comparison), Text(other)));
        points.AddRange(TextGains(a, b).Select(p => Figure(p.Name, p.Own, p.Other)));
        points.AddRange(Best(a, b).Select(p => Figure(p.Name, p.Own, p.Other)));
        points.AddRange(ByOrders(a, b).Select(p => Figure(p.Name, p.Own, p.Other)));
        points.AddRange(Winners(a, b));
        if (a is ExperimentResult || a.Package is not null || b.Package is not null) points.Add(Figure("package", a.Package?.Sha256 ?? "none", b.Package?.Sha256 ?? "none"));
        foreach (var plot in logged.Plots.Keys.Union(repeated.Plots.Keys).Order(StringComparer.Ordinal))
            points.Add(Figure($"plot {plot}", Of(logged.Plots, plot), Of(repeated.Plots, plot)));
        return new(a.RunId, points);

        void Figures(string of, IReadOnlyDictionary<string, double> own, IReadOnlyDictionary<string, double> other)
        {
            foreach (var metric in own.Keys.Union(other.Keys).Order(StringComparer.Ordinal))
                points.Add(Figure($"{of} {metric}", own.TryGetValue(metric, out var x) ? Text(x) : "none", other.TryGetValue(metric, out var y) ? Text(y) : "none"));
        }

        ReproductionPoint Figure(string name, string own, string other) =>
            new(name, own, other, own == other ? Agreement.Same : unsure ? Agreement.Unsure : Agreement.Differs);
    }

    // What the rows were: another kind of experiment has other rows.
    private static IEnumerable<ReproductionPoint> Data(IRunResult logged, IRunResult repeated) => (logged, repeated) switch
    {
        (ExperimentResult a, ExperimentResult b) =>
        [
            Point("split", Text(a.Split), Text(b.Split)),
            Point("rows", $"{a.Rows}", $"{b.Rows}"),
            Point("labels churn_rate", Text(a.Labels.ChurnRate), Text(b.Labels.ChurnRate)),
            Point("labels spend_sum", Text(a.Labels.SpendSum), Text(b.Labels.SpendSum)),
        ],
        (FiguresResult a, FiguresResult b) => a.Rows.Keys.Union(b.Rows.Keys).Order(StringComparer.Ordinal)
            .Select(part => Point($"rows {part}", Text(a.Rows.GetValueOrDefault(part)), Text(b.Rows.GetValueOrDefault(part)))),
        _ => [Point("kind", logged.GetType().Name, repeated.GetType().Name)],
    };

    private static IEnumerable<(string Name, string Own, string Other)> TextGains(IRunResult logged, IRunResult repeated)
    {
        return Pairs(Told(logged), Told(repeated));

        static Dictionary<string, string> Told(IRunResult result) => ((result as ExperimentResult)?.TextGain ?? []).ToDictionary(
            g => $"text gain of {g.Candidate}, {g.Slice}, {g.Metric}",
            g => $"{Text(g.With)} less {Text(g.Without)}: {Text(g.Difference)} [{Text(g.Low)}, {Text(g.High)}], shuffled {Text(g.Shuffled)} [{Text(g.ShuffledLow)}, {Text(g.ShuffledHigh)}], oracle {(g.Oracle is { } best ? Text(best) : "none")}",
            StringComparer.Ordinal);
    }

    // What could be foreseen at best is drawn by chance too, so it must repeat like any figure.
    private static IEnumerable<(string Name, string Own, string Other)> Best(IRunResult logged, IRunResult repeated)
    {
        return Pairs(Told(logged), Told(repeated));

        static Dictionary<string, string> Told(IRunResult result) => ForeseeablePoints.Of((result as ExperimentResult)?.Foreseeable ?? []).ToDictionary(p => p.Name, p => Text(p.Value), StringComparer.Ordinal);
    }

    private static IEnumerable<(string Name, string Own, string Other)> ByOrders(IRunResult logged, IRunResult repeated)
    {
        return Pairs(Told(logged), Told(repeated));

        static Dictionary<string, string> Told(IRunResult result) => ((result as ExperimentResult)?.ByOrders ?? [])
            .SelectMany(slice => slice.Candidates.SelectMany(c => c.Metrics.Select(m => (Name: $"{c.Name}, {slice.Slice}, {m.Key}", Figure: Text(m.Value)))))
            .ToDictionary(f => f.Name, f => f.Figure, StringComparer.Ordinal);
    }

    private static IEnumerable<(string Name, string Own, string Other)> Pairs(Dictionary<string, string> own, Dictionary<string, string> other) =>
        own.Keys.Union(other.Keys).Select(name => (name, Of(own, name), Of(other, name)));

    private static IEnumerable<ReproductionPoint> Winners(IRunResult logged, IRunResult repeated) => (logged, repeated) switch
    {
        (ExperimentResult a, ExperimentResult b) =>
            [Point("winner at value", a.Winners.Value ?? "none", b.Winners.Value ?? "none"), Point("winner at churn", a.Winners.Churn ?? "none", b.Winners.Churn ?? "none")],
        (FiguresResult a, FiguresResult b) => [Point("winner", a.Winner?.Name ?? "none", b.Winner?.Name ?? "none")],
        _ => [],
    };

    private static ReproductionPoint Point(string name, string logged, string repeated) =>
        new(name, logged, repeated, logged == repeated ? Agreement.Same : Agreement.Differs);

    private static string Of(IReadOnlyDictionary<string, string> values, string name) => values.TryGetValue(name, out var value) ? value : "none";

    // Shortest text that reads back as the same number: equal texts, equal bits.
    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(Evaluation.ModelComparison c) => $"{Text(c.Difference)} [{Text(c.Low)}, {Text(c.High)}]";

    private static string Text(SplitResult split) => string.Create(CultureInfo.InvariantCulture,
        $"{string.Join(' ', split.TrainCutoffs.Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))} / {split.TestCutoff:yyyy-MM-dd}, {split.TrainHorizonDays} and {split.HorizonDays} days");
}
