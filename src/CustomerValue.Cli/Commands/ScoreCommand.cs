using System.CommandLine;
using System.Diagnostics;
using CustomerValue.DuckDb;
using CustomerValue.Ingestion;
using CustomerValue.Models;
using CustomerValue.Packaging;
using CustomerValue.Packaging.Scoring;

namespace CustomerValue.Cli.Commands;

/// <summary>What the score command did.</summary>
/// <param name="Package">The package's name.</param>
/// <param name="Rows">Customers read.</param>
/// <param name="Scored">Customers scored.</param>
/// <param name="Rejected">Customers who couldn't be.</param>
/// <param name="RejectedByReason">Of these, how many for which reason.</param>
/// <param name="LoadSeconds">Time to check and open the package.</param>
/// <param name="Seconds">Time to read, score and write.</param>
/// <param name="Rate">Customers a second.</param>
/// <param name="PeakMb">Highest resident memory, in MB.</param>
/// <param name="Output">Where the scores are.</param>
/// <param name="Rejects">Where the rejected rows are; null when there are none.</param>
internal sealed record ScoreResult(string Package, long Rows, long Scored, long Rejected, IReadOnlyDictionary<string, long> RejectedByReason,
    double LoadSeconds, double Seconds, double Rate, double PeakMb, string Output, string? Rejects);

/// <summary>Scores customers with a package.</summary>
internal static class ScoreCommand
{
    private const string Standard = "-";

    private static readonly Option<string> s_package = new("--package") { Description = "The package: the .zip that an experiment makes, or the folder beside it.", Required = true };
    private static readonly Option<string?> s_input = new("--input") { Description = "Customers' features: CSV, Parquet or JSON lines, by the file's name; - for standard input.", HelpName = "FILE" };
    private static readonly Option<string> s_output = new("--output") { Description = "Where the scores go: .csv, .jsonl or .parquet; - for standard output.", Required = true, HelpName = "FILE" };
    private static readonly Option<string?> s_format = new("--format") { Description = "Format of the input, where its name doesn't tell: csv, jsonl or parquet." };
    private static readonly Option<string?> s_outputFormat = new("--output-format") { Description = "Format of the output, where its name doesn't tell: csv, jsonl or parquet." };
    private static readonly Option<string> s_id = new("--id") { Description = "Name of the column of customer ids.", DefaultValueFactory = _ => ModelSignature.CustomerId };
    private static readonly Option<string?> s_rejects = new("--rejects") { Description = "File for rows that can't be scored (JSON lines), with line and reason; appears only when there are some. Without it: OUTPUT.rejects.jsonl.", HelpName = "FILE" };
    private static readonly Option<int> s_reasons = new("--reasons") { Description = "Tell so many reasons for each answer: the columns that count most, as logits of churn or logarithms of spend; with --records also the customer's texts that do. Many times the cost of a score." };
    private static readonly Option<double> s_level = new("--level") { Description = "Probability that spend lies within the bounds, where the model has them.", DefaultValueFactory = _ => SpendInterval.DefaultLevel };
    private static readonly Option<bool> s_noInterval = new("--no-interval") { Description = "Leave the bounds out, where the model has them." };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads that score; no score depends on it.", DefaultValueFactory = _ => Environment.ProcessorCount };
    private static readonly Option<string> s_text = new("--column") { Description = "With a package that tells texts apart, the column of the input that holds the texts.", DefaultValueFactory = _ => ModelSignature.Text };
    private static readonly Option<string?> s_records = new("--records") { Description = "In place of --input: a shop's raw records, which are loaded and turned into features.", HelpName = "FOLDER" };
    private static readonly Option<string?> s_map = new("--map") { Description = "Mapping file of the records (default: mapping.yaml in their folder, or the usual names).", HelpName = "FILE" };
    private static readonly Option<DateOnly?> s_at = new("--at") { Description = "With --records, the cutoff, yyyy-MM-dd: nothing dated on or after it is read." };
    private static readonly Option<DateOnly?> s_first = new("--first-orders-from") { Description = "With --records and a package of customers at their first order: first day of the orders, yyyy-MM-dd; --at is the day after the last." };
    private static readonly Option<string?> s_warehouse = new("--warehouse") { Description = "With --records, the warehouse to load them into, or that holds them; without it a temporary one.", HelpName = "FOLDER" };
    private static readonly Option<string?> s_key = new("--key-file") { Description = "With --records, the key that customer ids are replaced by." };
    private static readonly Option<bool> s_published = new("--published-ids") { Description = "With --records, keep customer ids as they are." };
    private static readonly Option<string?> s_currency = new("--currency") { Description = "With --records, the currency to read, where the shop sells in several." };

    public static Command Create() => new Command("score",
        """
        Score customers with a packaged winner: value, churn probability and, where the model has them, bounds and reasons. A package that tells texts apart answers a column
        of texts: label, and the probability of each label.

        The input is a table of features ('customervalue package inspect --columns' tells which; others are passed over), read as a stream of any length, or a shop's raw
        records with a cutoff. A row that can't be scored goes to the reject file with its line and the reason. The output appears when it is complete.

        Example:
          customervalue score --package artifacts/package/0001-shop.zip --input features.parquet --output scores.csv
          customervalue score --package artifacts/package/0001-shop.zip --records data-samples/shop --at 2024-07-01 --published-ids --output scores.jsonl --reasons 3
          customervalue score --package artifacts/package/1004-en-intent.zip --input questions.csv --column question --id ticket --output intents.csv
          cat features.csv | customervalue score --package shop.zip --input - --format csv --output - --output-format jsonl
        """)
    {
        s_package, s_input, s_output, s_format, s_outputFormat, s_id, s_text, s_rejects, s_reasons, s_level, s_noInterval, s_threads, s_records, s_map, s_at, s_first, s_warehouse, s_key, s_published, s_currency,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Score(parsed, terminal, cancellation), CancellationToken.None), cancelled: "Cancelled. Nothing was written.");

    private static ScoreResult Score(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (input, output, records, threads, reasons) = (parsed.GetValue(s_input), parsed.GetValue(s_output)!, parsed.GetValue(s_records), parsed.GetValue(s_threads), parsed.GetValue(s_reasons));
        if (input is null == records is null) throw new UsageException("Say what to score: --input FILE (features), or --records FOLDER --at yyyy-MM-dd (raw records).");
        if (threads is < 1 or > 256) throw new UsageException($"--threads {threads}: give a number from 1 to 256.");
        if (reasons is < 0 or > 100) throw new UsageException($"--reasons {reasons}: give a number from 0 to 100.");
        if (parsed.GetValue(s_level) is not (>= 0.01 and <= 0.999)) throw new UsageException("--level: give a probability from 0.01 to 0.999.");
        var inputFormat = input is null ? ScoreFormat.Csv : Format(parsed.GetValue(s_format), input, "--format", "--input");
        var outputFormat = Format(parsed.GetValue(s_outputFormat), output, "--output-format", "--output");
        if (output == Standard && parsed.GetValue(Shared.Json)) throw new UsageException("--json writes to standard output, and so does --output -. Give --output a file.");
        if (output == Standard && outputFormat == ScoreFormat.Parquet || input == Standard && inputFormat == ScoreFormat.Parquet)
            throw new UsageException("Parquet is read and written from its end, which standard streams can't be. Use a file, CSV or JSON lines.");

        PeakMemory.Reset();
        var started = Stopwatch.GetTimestamp();
        var files = PackageFiles.Open(parsed.GetValue(s_package)!);
        if (TextPackage.Holds(files)) return Texts(files, input, output, outputFormat, parsed, threads, terminal, cancellation);
        var package = ModelPackage.Open(files, PackageCodecs.All);
        var loaded = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (reasons > 0 && package.HasReasons is { Value: false, Churn: false }) terminal.Error($"This package's models can't give reasons; there will be none{(records is not null && package.ReadsTexts ? " but texts" : "")}.");
        if (package.ReadsRecords && records is null)
            throw new UsageException($"{package.Manifest.Name} reads what customers did and wrote, record by record, and {input} holds numbers only. Give the shop's records: --records FOLDER --at yyyy-MM-dd.");
        var rejects = parsed.GetValue(s_rejects) ?? (output == Standard ? "scores.rejects.jsonl" : output + ".rejects.jsonl");

        started = Stopwatch.GetTimestamp();
        using var place = new LoadedRecords(parsed.GetValue(s_warehouse));
        var (customers, texts) = records is null ? default : Records(package, records, place, reasons, parsed, threads, terminal, cancellation);
        using ICustomerSource source = customers is not null ? customers
            : inputFormat == ScoreFormat.Parquet ? new ParquetCustomers(input!, parsed.GetValue(s_id)!, package.Columns)
            : ScoreFormats.Source(Opened(input!), input == Standard ? "Standard input" : input!, inputFormat, parsed.GetValue(s_id)!, package.Columns);
        using var sink = output == Standard ? ScoreFormats.Sink(null, outputFormat, Console.OpenStandardOutput()) : ScoreFormats.Sink(output, outputFormat);
        var counts = new ScoreJob(package, threads) { Texts = texts, Options = new() { Reasons = reasons, Level = parsed.GetValue(s_level), Interval = !parsed.GetValue(s_noInterval) } }.Run(source, sink, rejects, terminal, cancellation);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        var result = new ScoreResult(package.Manifest.Name, counts.Rows, counts.Scored, counts.Rejected, counts.RejectedByReason, Math.Round(loaded, 3), Math.Round(seconds, 3),
            Math.Round(counts.Rows / seconds, 1), Math.Round(PeakMemory.Megabytes, 1), output, counts.Rejected > 0 ? rejects : null);
        if (output == Standard) return result;
        terminal.Line(Terminal.Text($"{result.Scored:#,0} of {result.Rows:#,0} customers scored in {seconds:0.00} s ({result.Rate:#,0} a second) -> {output}"));
        if (result.Rejects is not null)
            terminal.Line(Terminal.Text($"{result.Rejected:#,0} rejected ({string.Join(", ", result.RejectedByReason.Select(r => Terminal.Text($"{r.Key}: {r.Value:#,0}")))}) -> {result.Rejects}"));
        return result;
    }

    private static ScoreResult Texts(PackageFiles files, string? input, string output, ScoreFormat format, ParseResult parsed, int threads, Terminal terminal, CancellationToken cancellation)
    {
        if (input is null or Standard) throw new UsageException("This package tells texts apart: give a file of texts, --input FILE --column NAME (.csv, .tsv, .jsonl, .parquet, or .txt with a text a line; .gz too).");
        var started = Stopwatch.GetTimestamp();
        using var package = TextPackage.Open(files, PackageCodecs.All);
        var loaded = Stopwatch.GetElapsedTime(started).TotalSeconds;
        started = Stopwatch.GetTimestamp();
        var id = parsed.GetResult(s_id) is { Implicit: false } ? parsed.GetValue(s_id) : null;
        var counts = new TextScoreJob(package, threads).Run(PackagedTexts.Read(input, parsed.GetValue(s_text)!, id), id, output == Standard ? null : output, format,
            output == Standard ? Console.OpenStandardOutput() : null, terminal, cancellation);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (output != Standard)
        {
            terminal.Line(Terminal.Text($"{counts.Texts:#,0} texts told apart in {seconds:0.00} s ({counts.Texts / seconds:#,0} a second) -> {output}"));
            terminal.Line(PackagedTexts.Told(counts));
        }
        return new(package.Manifest.Name, counts.Texts, counts.Texts, 0, new Dictionary<string, long>(), Math.Round(loaded, 3), Math.Round(seconds, 3), Math.Round(counts.Texts / seconds, 1),
            Math.Round(PeakMemory.Megabytes, 1), output, null);
    }

    private static ScoreFormat Format(string? asked, string path, string option, string file) => asked?.ToLowerInvariant() switch
    {
        "csv" or "tsv" => ScoreFormat.Csv,
        "jsonl" or "ndjson" or "json" => ScoreFormat.JsonLines,
        "parquet" => ScoreFormat.Parquet,
        null when path == Standard => throw new UsageException($"A standard stream has no name that tells its format. Say {option} csv or {option} jsonl."),
        null => ScoreFormats.Of(path) ?? throw new UsageException($"{file} {path}: the name doesn't tell the format. End it in .csv, .jsonl or .parquet, or say {option}."),
        _ => throw new UsageException($"{option} {asked}: csv, jsonl or parquet is expected."),
    };

    private static Stream Opened(string path) => path == Standard ? Console.OpenStandardInput()
        : File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1)
        : throw new FileNotFoundException($"There is no file {path}.", path);

    private static (TableSource Customers, TextReasons? Texts) Records(ModelPackage package, string folder, LoadedRecords place, int reasons, ParseResult parsed, int threads, Terminal terminal, CancellationToken cancellation)
    {
        var cutoff = parsed.GetValue(s_at) ?? throw new UsageException("Say the cutoff that the customers are seen at: --at yyyy-MM-dd.");
        var (keyFile, kept, from) = (parsed.GetValue(s_key), parsed.GetValue(s_published), parsed.GetValue(s_first));
        if (kept && keyFile is not null) throw new UsageException("--published-ids keeps ids as they are and needs no key; give either that or --key-file.");
        if (place.IsTemporary && !kept && keyFile is null && Environment.GetEnvironmentVariable(Pseudonyms.EnvironmentVariable) is null)
            throw new UsageException($"Customer ids would be replaced by a key that nobody keeps, and scores belong to nobody. Give --key-file FILE, {Pseudonyms.EnvironmentVariable}, --warehouse FOLDER, or --published-ids.");
        var features = new RebuiltFeatures(package, new() { Threads = threads, Currency = parsed.GetValue(s_currency) });
        features.Require();
        if (features.OfFirstOrders != from.HasValue)
            throw new UsageException(features.OfFirstOrders ? "This package tells of customers at the end of the day of their first order. Say which: --first-orders-from yyyy-MM-dd, the first day of the orders that end before --at."
                : "--first-orders-from is for packages that tell of customers at their first order, and this one tells of customers at one cutoff. Leave it out.");
        if (features.IsOtherwise)
            terminal.Error("The package was trained on features that were built by other SQL than this program's: its figures may not hold. Score with the program that made it, or train anew.");

        var dataset = parsed.GetValue(s_map) is { } map && Dataset.Names.Contains(map) ? Dataset.Named(map, folder) : Dataset.Open(folder, parsed.GetValue(s_map));
        var (warehouse, report) = place.Load(dataset, warehouse => kept ? Pseudonyms.Published : Pseudonyms.For(keyFile, warehouse), threads, terminal, cancellation);
        if (report.Rejected > 0) terminal.Error(Terminal.Text($"{report.Rejected:#,0} of {report.Read:#,0} records were rejected ({string.Join(", ", report.RejectedByReason.Select(r => r.Reason))}); 'customervalue ingest' keeps them in a file."));
        var (customers, texts) = features.At(warehouse, cutoff, from, reasons, terminal, cancellation);
        return (new(customers, package.Columns), texts);
    }
}
