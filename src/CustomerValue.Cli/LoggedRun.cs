using CustomerValue.Charts;
using CustomerValue.DuckDb;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Mlflow;
using CustomerValue.Models;
using CustomerValue.Notebooks;
using CustomerValue.Packaging;
using CustomerValue.Text;
using CustomerValue.Tracking;
using static System.FormattableString;

namespace CustomerValue.Cli;

/// <summary>A finished run of an experiment on customers, opened again to be looked at: what it found, what was foreseen for whom, the customers as they were, and the packaged winners.</summary>
/// <example><code>
/// var run = LoggedRun.Open("0001-shop");                    // or the id of a run, or its first digits
/// ReliabilityChart.Of(run.Labels, run.Candidates, run.Result.Winners.Churn!)
/// </code></example>
public sealed class LoggedRun
{
    private const string Manifest = "manifest.json";

    private static readonly string[] s_profile = ["purchase_history", "rfm", "windows"];

    private readonly Lazy<Warehouse> _warehouse;
    private readonly Lazy<ModelPackage> _package;
    private readonly Lazy<LabelledTable> _customers;
    private readonly Lazy<FeatureTable> _asked;
    private readonly Lazy<IReadOnlyList<ShopText>> _texts;
    private readonly int _threads = Environment.ProcessorCount;

    private LoggedRun(MlflowSqliteStore store, StoredRun stored, ExperimentResult result, string output, string? link)
    {
        (Id, Result, Link) = (stored.Run.Id, result, link);
        using (var predictions = store.OpenArtifact(Id, PredictionFile.Name)) (Labels, Candidates) = PredictionFile.Read(predictions);
        Labels = Labels with { HorizonDays = result.Split.HorizonDays };
        _warehouse = new(() => Loaded(output));
        _package = new(() => Packaged(store, stored));
        _customers = new(Profiled);
        _asked = new(() => Rebuilt().At(Warehouse, Cutoff, from: null, reasons: 0, progress: null, default).Customers);
        _texts = new(() => new ShopTextLabels(Cutoff).Of(Warehouse.Reviews(Cutoff), Warehouse.DialogueTurns(Cutoff), Warehouse.Purchases(Cutoff)));
    }

    /// <summary>32 hexadecimal digits, in our store and in MLflow's alike.</summary>
    public string Id { get; }

    /// <summary>Where it is to be seen in MLflow's pages; null where runs aren't sent to a server.</summary>
    public string? Link { get; }

    /// <summary>All that the run says of itself.</summary>
    public ExperimentResult Result { get; }

    /// <summary>Nothing dated on or after this day was known when answers were given.</summary>
    public DateOnly Cutoff => Result.Split.TestCutoff;

    /// <summary>What the test customers did, in the order of <see cref="Customers"/>; how often they ordered is in that one's own labels.</summary>
    public Labels Labels { get; }

    /// <summary>What each candidate foresaw for them, row for row.</summary>
    public IReadOnlyList<(string Name, Scores Scores)> Candidates { get; }

    /// <summary>What the winners foresaw for them: spend of the winner at value, churn of the winner at churn.</summary>
    /// <exception cref="InvalidOperationException">The run has no winner at one of them.</exception>
    public Scores Foreseen => new(Answers(Result.Winners.Value, "value").Spend, Answers(Result.Winners.Churn, "churn").Churn);

    /// <summary>The records that the run was made on.</summary>
    /// <exception cref="WarehouseException">They aren't there any more.</exception>
    public Warehouse Warehouse => _warehouse.Value;

    /// <summary>The winners, packaged.</summary>
    /// <exception cref="InvalidOperationException">The run packaged nothing, or its package is gone.</exception>
    public ModelPackage Package => _package.Value;

    /// <summary>The test customers, with the features that say in short who they are (purchase_history, rfm, windows), and what they did.</summary>
    /// <exception cref="WarehouseException">The records aren't there any more.</exception>
    public LabelledTable Customers => _customers.Value;

    /// <summary>Opens a run.</summary>
    /// <param name="run">The run's id or its first digits, or an experiment's name for the newest of its runs that finished.</param>
    /// <exception cref="InvalidOperationException">There is no such run, it hasn't finished, or it isn't one on customers.</exception>
    public static LoggedRun Open(string run) => Open(run, RunPlaces.Chosen(), experiment => Path.Combine(Checkout.Root, "artifacts", "experiments", experiment));

    /// <inheritdoc cref="Open(string)"/>
    /// <param name="run">The run.</param>
    /// <param name="places">Where runs are kept.</param>
    /// <param name="output">The output folder of an experiment, in which its records lie.</param>
    internal static LoggedRun Open(string run, MlflowTracking places, Func<string, string> output)
    {
        MlflowSqliteStore store;
        string id;
        try
        {
            store = MlflowSqliteStore.Open(places.StoreFile, TimeProvider.System);
            id = store.Runs().Where(r => r.Experiment == run && r.Status == RunStatus.Finished).MaxBy(r => r.EndedAt)?.Id ?? RunPlaces.Id(store, run);
        }
        catch (Exception error) when (error is MlflowException or UsageException)
        {
            throw new InvalidOperationException($"'{run}' is no run: {error.Message} 'customervalue experiment 0001-shop' makes one.", error);
        }
        var stored = store.Read(id);
        foreach (var needed in (ReadOnlySpan<string>)["result.json", PredictionFile.Name])
            if (!stored.Artifacts.Contains(needed))
                throw new InvalidOperationException($"Run {id[..8]} of {stored.Run.Experiment} has no {needed} among its artifacts, so there is little to look at: {(stored.Run.Status == RunStatus.Finished ? "an older program logged it, or it isn't one on customers" : "it didn't finish")}. Run it again: customervalue experiment {stored.Run.Experiment}");
        if (RunResultFile.Read(Bytes(store, id, "result.json")) is not ExperimentResult result)
            throw new InvalidOperationException($"Run {id[..8]} is of {stored.Run.Experiment}, which asks of texts or figures; one on customers is expected, such as 0001-shop.");
        return new(store, stored, result, output(result.Experiment), places.Server?.Link(Terminal.Text($"{stored.ExperimentId}"), id));
    }

    /// <summary>What the columns add to and take from an answer of the packaged winner, for the test customers, with the table of the columns that it reads.</summary>
    /// <param name="answer">Which answer.</param>
    /// <exception cref="InvalidOperationException">The winner can't tell.</exception>
    public (FeatureTable Columns, Contributions Reasons) Reasons(Answer answer)
    {
        var scores = Package.Score(_asked.Value, new() { Interval = false, Reasons = 1 });
        return (_asked.Value, (answer == Answer.Churn ? scores.ChurnReasons : scores.ValueReasons) ?? throw new InvalidOperationException($"The winner at {answer} can't tell what moved its answers."));
    }

    /// <summary>Which of their own texts moved customers' answers most; null where no answer depends on texts.</summary>
    /// <param name="customerIds">Whose.</param>
    /// <param name="strongest">How many texts to tell for each answer.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    public TextReasons? WhichTexts(IEnumerable<string> customerIds, int strongest = 1, CancellationToken cancellation = default)
    {
        var wanted = customerIds.ToHashSet(StringComparer.Ordinal);
        var table = _asked.Value;
        return Rebuilt().WhichTexts(Warehouse, table.At([.. Enumerable.Range(0, table.Rows).Where(row => wanted.Contains(table.CustomerIds[row]))]), strongest, cancellation);
    }

    /// <summary>What customers wrote before the cutoff, with what the records say of each text by then; nothing where nobody writes.</summary>
    /// <exception cref="WarehouseException">The records aren't there any more.</exception>
    public IReadOnlyList<ShopText> Texts => _texts.Value;

    /// <summary>What customers write about, as the packaged encoder's head tells: each label with share of the writers, telling phrases and examples, the commonest first.</summary>
    /// <param name="customerIds">Whose texts, of those written before the cutoff.</param>
    /// <param name="head">A head that tells classes, such as complaint.</param>
    /// <param name="options">How many phrases and examples; null for the defaults.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>Nothing where the package has no encoder, the encoder no such head, or nobody wrote.</returns>
    public IReadOnlyList<TextTopic> Topics(IEnumerable<string> customerIds, string head, TopicOptions? options = null, CancellationToken cancellation = default)
    {
        if (!Package.HasEncoder) return [];
        using var encoder = Package.OpenEncoder();
        if (encoder.Heads.FirstOrDefault(h => h.Name == head && h.Kind == HeadKind.Classification) is not { } asked) return [];
        var wanted = customerIds.ToHashSet(StringComparer.Ordinal);
        var texts = Texts.Where(t => wanted.Contains(t.CustomerId)).Select(t => (t.CustomerId, t.Text)).ToList();
        return TextTopics.Of(TextTopics.Labelled(texts, asked, encoder.Encode([.. texts.Select(t => t.Text)], cancellation: cancellation).Answers[head]), options, cancellation: cancellation);
    }

    /// <summary>What the run says in short: how well the winners foresee, with 95 % intervals over its customers where one holds, and what texts added.</summary>
    /// <param name="language">en or zh.</param>
    public KeyFigures KeyFigures(string language = "en")
    {
        var say = new Prose(language);
        var bootstrap = new PairedBootstrap(Labels.Rows, Result.Seed);
        var figures = new List<KeyFigure>
        {
            Figure(Metric.RocAuc, say.Text("AUC, who leaves", "流失预测 AUC")),
            Figure(Metric.NormalizedGini, say.Text("Gini, who is worth what", "价值预测基尼系数")),
            new(say.Text("calibration error of probabilities", "概率校准误差"), Invariant($"{Metric.CalibrationError.Of(Actual(Metric.CalibrationError), Predicted(Metric.CalibrationError)):0.000}")),   // draws of customers only add to it: an interval of them would lie too high
        };
        if (Result.TextGain?.FirstOrDefault(g => g.Slice == OrderSlices.All && g.Metric == Metric.RocAuc.Key) is { } gain)
            figures.Add(new(say.Text("AUC that texts added", "文本带来的 AUC 提升"), Invariant($"{gain.Difference:+0.000;−0.000}"), Invariant($"[{gain.Low:+0.000;−0.000}, {gain.High:+0.000;−0.000}]")));
        return new(figures) { Run = Id, RunLink = Link, Experiment = Result.Experiment };

        KeyFigure Figure(Metric metric, string name)
        {
            var (actual, predicted) = (Actual(metric), Predicted(metric));
            var (low, high) = PairedBootstrap.Interval(bootstrap.Figures(metric, actual, predicted));
            return new(name, Invariant($"{metric.Of(actual, predicted):0.000}"), Invariant($"[{low:0.000}, {high:0.000}]"));
        }

        double[] Actual(Metric metric) => Scoreboard.Actual(Labels, metric.Target);

        double[] Predicted(Metric metric) => Scoreboard.Answer(Foreseen, metric.Target)!;
    }

    /// <summary>What texts bought, a chart a figure; none where no feature comes of texts.</summary>
    public IReadOnlyList<Chart> TextGains() => Result.TextGain is not { } gains ? []
        : [.. gains.Select(g => (g.Metric, g.Candidate)).Distinct().Select(told => TextGainChart.Of(Metric.All.Single(m => m.Key == told.Metric), told.Candidate, gains))];

    private Scores Answers(string? winner, string what) => Candidates.FirstOrDefault(c => c.Name == winner).Scores ?? throw new InvalidOperationException($"Run {Id[..8]} of {Result.Experiment} has no winner at {what}.");

    private RebuiltFeatures Rebuilt()
    {
        var features = new RebuiltFeatures(Package, new() { Threads = _threads });
        features.Require();
        return features;
    }

    private LabelledTable Profiled()
    {
        var source = new FeatureQuery(s_profile).With(new FeatureOptions { Threads = _threads }).Over(Warehouse);
        var table = source.At(Cutoff);
        if (table.Rows != Labels.Rows)
            throw new InvalidOperationException($"{Result.Experiment} asked of {Labels.Rows} customers, and {table.Rows} had ordered by {Cutoff:yyyy-MM-dd}: it isn't one of customers at one cutoff, whom alone this can show.");
        return new(table, source.LabelsFor(table, Result.Split.HorizonDays));
    }

    // The run left them beside what it wrote; another fingerprint means that the experiment has been run on other records since.
    private Warehouse Loaded(string output)
    {
        var place = Path.Combine(output, "warehouse");
        foreach (var folder in Directory.Exists(place) ? Directory.GetDirectories(place) : [])
            if (Warehouse.Open(folder, new() { Threads = _threads }) is var warehouse && warehouse.Fingerprint == Result.DataFingerprint) return warehouse;
        throw new WarehouseException($"The records of run {Id[..8]} aren't in {place} any more, or never were: the experiment ran elsewhere, or on other records since. Run it again: customervalue experiment {Result.Experiment}");
    }

    private ModelPackage Packaged(MlflowSqliteStore store, StoredRun stored)
    {
        var manifest = stored.Artifacts.FirstOrDefault(path => path.EndsWith("/" + Manifest, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"Run {Id[..8]} keeps no package: it had no winner, or an older program logged it.");
        var folder = manifest[..^Manifest.Length];
        var files = new PackageFiles();
        foreach (var path in stored.Artifacts.Where(path => path.StartsWith(folder, StringComparison.Ordinal))) files.Add(path[folder.Length..], Bytes(store, Id, path));
        return ModelPackage.Open(files, PackageCodecs.All);
    }

    private static byte[] Bytes(MlflowSqliteStore store, string id, string path)
    {
        using var stream = store.OpenArtifact(id, path);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
