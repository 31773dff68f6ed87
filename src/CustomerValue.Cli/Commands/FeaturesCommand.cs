using System.CommandLine;
using System.Diagnostics;
using CustomerValue.DuckDb;
using CustomerValue.Features;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

/// <summary>What the features command did.</summary>
/// <param name="Cutoff">The cutoff, yyyy-MM-dd.</param>
/// <param name="Rows">Customers.</param>
/// <param name="Columns">Features.</param>
/// <param name="Seconds">Time to build and read, in seconds.</param>
/// <param name="Parts">Pieces of work: groups of partitions times feature sets.</param>
/// <param name="Reused">Pieces that had been built before.</param>
/// <param name="Labels">What happened after the cutoff, where asked for.</param>
/// <param name="File">The Parquet file written, where asked for.</param>
/// <param name="Encoded">Texts that passed through the encoder, the others being known; null without one.</param>
internal sealed record FeaturesResult(string Cutoff, int Rows, int Columns, double Seconds, int Parts, int Reused, LabelSummary? Labels, string? File, long? Encoded);

/// <summary>The label window in short.</summary>
/// <param name="HorizonDays">Its length.</param>
/// <param name="ChurnRate">Share of customers without an order in it.</param>
/// <param name="SpendMean">Mean net spend, in account currency.</param>
/// <param name="SpendSum">Net spend of all, in account currency.</param>
/// <param name="PurchaseDays">Days with an order, of all customers.</param>
internal sealed record LabelSummary(int HorizonDays, double ChurnRate, double SpendMean, double SpendSum, long PurchaseDays);

/// <summary>Builds a feature table at a cutoff.</summary>
internal static class FeaturesCommand
{
    private static readonly Option<string> s_warehouse = new("--warehouse") { Description = "The warehouse's folder, as ingest makes it." };
    private static readonly Option<DateOnly?> s_at = new("--at") { Description = "The cutoff, yyyy-MM-dd: nothing dated on or after it is read." };
    private static readonly Option<string[]> s_sets = new("--sets")
    {
        Description = $"Feature sets, separated by commas: {string.Join(", ", FeatureQuery.KnownSets)}; with --encoder also {TextSets.Meaning}, {TextSets.Vector}. Without it all, those of texts only with --encoder.",
        CustomParser = result => [.. result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<string?> s_out = new("--out") { Description = "Write the table here, as Parquet: customer_id and one DOUBLE column a feature." };
    private static readonly Option<int?> s_labels = new("--labels") { Description = "Also say what the customers did in this many days from the cutoff, and write it as columns label_*." };
    private static readonly Option<string?> s_currency = new("--currency") { Description = "The currency to read, where the shop sells in several." };
    private static readonly Option<int?> s_threads = new("--threads") { Description = "Units built at the same time; the result is the same for any number." };
    private static readonly Option<int> s_memory = new("--memory-mb") { Description = "Memory that one unit may hold before it spills to disk.", DefaultValueFactory = _ => 1024 };
    private static readonly Option<string?> s_encoder = new("--encoder") { Description = "A text model's folder that reads what customers wrote: adds the sets of texts. What it says of a text is kept in the warehouse.", HelpName = "FOLDER" };
    private static readonly Option<bool> s_catalogue = new("--catalogue") { Description = "List name, unit and meaning of the features instead of building them." };

    public static Command Create() => new Command("features",
        """
        Build features of every customer with an order before a cutoff, and optionally what they did after it.

        Finished parts are kept in the warehouse, so the same table asked for again is only read, and a cancelled build goes on where it stopped.

        Example: customervalue features --warehouse artifacts/warehouse --at 2025-07-01 --labels 180 --out artifacts/features.parquet
        Example: customervalue features --warehouse artifacts/warehouse --at 2025-07-01 --encoder artifacts/models/reviews --out artifacts/features.parquet
        Example: customervalue features --catalogue --sets rfm,gaps
        """)
    {
        s_warehouse, s_at, s_sets, s_encoder, s_out, s_labels, s_currency, s_threads, s_memory, s_catalogue,
    }.Does((parsed, terminal, cancellation) =>
    {
        var asked = Asked.Of(parsed.GetValue(s_sets) ?? [], parsed.GetValue(s_encoder));
        if (parsed.GetValue(s_catalogue)) return Task.FromResult<object>(ShowCatalogue(asked.Over(new()).Catalogue, terminal));

        var folder = parsed.GetValue(s_warehouse) ?? throw new UsageException("Say which warehouse: --warehouse FOLDER (customervalue ingest makes one).");
        var cutoff = parsed.GetValue(s_at) ?? throw new UsageException("Say the cutoff: --at yyyy-MM-dd.");
        var options = new FeatureOptions { Currency = parsed.GetValue(s_currency), MemoryLimitMb = parsed.GetValue(s_memory) };
        if (parsed.GetValue(s_threads) is { } threads) options = options with { Threads = threads };
        return Task.FromResult<object>(Build(asked.Over(options), folder, cutoff, parsed.GetValue(s_labels), parsed.GetValue(s_out), terminal, cancellation));
    });

    // What is asked for; columns of texts can be named once the encoder's heads are known.
    private sealed record Asked(IReadOnlyList<string> Sets, ITextEncoderSource? Encoders, bool Vector)
    {
        public static Asked Of(IReadOnlyList<string> sets, string? encoder)
        {
            string[] ofTexts = [TextSets.Meaning, TextSets.Vector];
            if (sets.Except([.. FeatureQuery.KnownSets, .. ofTexts]).FirstOrDefault() is { } unknown)
                throw new UsageException($"There is no feature set '{unknown}'. There are: {string.Join(", ", FeatureQuery.KnownSets)}; with --encoder also {string.Join(", ", ofTexts)}.");
            if (encoder is null && sets.Intersect(ofTexts).FirstOrDefault() is { } read) throw new UsageException($"The set {read} comes of an encoder that reads the texts. Name one: --encoder FOLDER.");
            if (encoder is not null && sets.Count > 0 && !sets.Contains(TextSets.Meaning))
                throw new UsageException($"--encoder is given, and --sets doesn't ask for {TextSets.Meaning}. Add it to the sets, or leave --encoder out.");
            string[] others = [.. sets.Except(ofTexts)];
            if (sets.Count > 0 && others.Length == 0) throw new UsageException($"Name a set beside those that the encoder gives: {string.Join(", ", FeatureQuery.KnownSets)}.");
            return encoder is null ? new(others, null, false) : new(sets.Count > 0 ? others : FeatureQuery.KnownSets, Cli.Encoders.Source(encoder), sets.Count == 0 || sets.Contains(TextSets.Vector));
        }

        public Features Over(FeatureOptions options)
        {
            var query = new FeatureQuery(Sets) { Options = options };
            return new(query, Encoders is null ? null : new TextFeatures(query, Encoders, new() { Vector = Vector }));
        }
    }

    private sealed record Features(FeatureQuery Query, TextFeatures? Texts)
    {
        public IReadOnlyList<FeatureInfo> Catalogue => Texts?.Catalogue ?? Query.Catalogue;
    }

    private static FeaturesResult Build(Features features, string folder, DateOnly cutoff, int? horizonDays, string? file, Terminal terminal, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var warehouse = Warehouse.Open(folder);
        var texts = features.Texts?.Over(warehouse, terminal);
        var source = features.Query.Over(warehouse, terminal);
        var build = texts?.Build(cutoff, cancellation) ?? source.Build(cutoff, cancellation);
        var table = build.Read(cancellation);
        var seconds = clock.Elapsed.TotalSeconds;

        LabelSummary? summary = null;
        if (horizonDays is { } days)
        {
            var labels = source.LabelsFor(table, days, cancellation);
            var churned = Array.ConvertAll(labels.Churned, c => c ? 1.0 : 0.0);
            summary = new(days, churned.Average(), labels.Spend.Average(), labels.Spend.Sum(), labels.Purchases.Sum(p => (long)p));
            table = table.With(
                [
                    new("label_spend", "currency", "Net spend in the label window, floored at 0", "labels"),
                    new("label_churned", "flag", "1 when there was no order in the label window", "labels"),
                    new("label_purchases", "purchases", "Days with an order in the label window", "labels"),
                ],
                [labels.Spend, churned, Array.ConvertAll(labels.Purchases, p => (double)p)]);
        }
        if (file is not null) FeatureTableParquet.Write(table, file);

        var result = new FeaturesResult($"{cutoff:yyyy-MM-dd}", table.Rows, features.Catalogue.Count, seconds, build.Parts, build.Reused, summary, file, texts?.Encoded);
        terminal.Line(Terminal.Text($"{result.Rows:#,0} customers x {result.Columns} features at {result.Cutoff} in {seconds:0.00} s; {result.Reused} of {result.Parts} parts reused."));
        if (result.Encoded is { } encoded) terminal.Line(Terminal.Text($"{encoded:#,0} texts passed through the encoder; the others were known."));
        if (summary is not null)
            terminal.Line(Terminal.Text($"In the {summary.HorizonDays} days after: churn {summary.ChurnRate:0.0000}, mean net spend {summary.SpendMean:0.00}, in all {summary.SpendSum:#,0.00}."));
        if (file is not null) terminal.Line($"Written to {file}");
        return result;
    }

    private static IReadOnlyList<FeatureInfo> ShowCatalogue(IReadOnlyList<FeatureInfo> catalogue, Terminal terminal)
    {
        var table = new Table().AddColumns("set", "name", "unit", "meaning");
        foreach (var f in catalogue) table.AddRow(new Cell(f.Set), new Cell(f.Name), new Cell(f.Unit), new Cell(f.Meaning));
        terminal.Show(table);
        return catalogue;
    }
}
