using System.CommandLine;
using System.Globalization;
using CustomerValue.DuckDb;
using CustomerValue.Ingestion;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

/// <summary>Loads a shop's records into a warehouse.</summary>
internal static class IngestCommand
{
    private static readonly Option<string?> s_source = new("--source")
    {
        Description = $"A mapping file (YAML), or a data set known by name: {string.Join(", ", Dataset.Names)}. Without it: mapping.yaml in the data folder.",
    };
    private static readonly Option<string?> s_data = new("--data") { Description = "The folder that the files lie in." };
    private static readonly Option<string?> s_warehouse = new("--warehouse") { Description = "The warehouse's folder, made when absent. Without it: artifacts/warehouse/<name of the data set>." };
    private static readonly Option<string?> s_key = new("--key-file")
    {
        Description = $"File with the key that pseudonyms are made with. Without it: the environment variable {Pseudonyms.EnvironmentVariable}; without that: <warehouse>.key, made at random.",
    };
    private static readonly Option<bool> s_published = new("--published-ids") { Description = "Keep customer ids as they are: only for data whose publisher has replaced them already." };
    private static readonly Option<string?> s_rejects = new("--rejects") { Description = "File for rejected rows (JSON lines; packed when it ends in .gz). Without it: rejects/ inside the warehouse." };
    private static readonly Option<int?> s_threads = new("--threads") { Description = "Threads that write; the warehouse is the same for any number." };
    private static readonly Option<string?> s_memory = new("--memory") { Description = "Memory that the database may use before it goes to disk, such as 512MB or 4GB. Without it: 1GB." };

    public static Command Create() => new Command("ingest",
        """
        Load a shop's records (orders and returns, browsing, reviews, service chats, campaign contacts) into a warehouse.

        Files are CSV or TSV, plain, .gz or .zip. Where their names and columns aren't the usual ones, a mapping file says how to read them.
        Bad rows never stop a load and never vanish: they are counted by reason and written to the reject file as they were.
        A load happens whole or not at all; loading the same files again changes nothing. Customer ids are replaced by a keyed hash.

        Example: customervalue ingest --data data-samples/shop --published-ids --warehouse artifacts/warehouse/shop
        Example: customervalue ingest --source online_retail_ii --data ../shared/data/online_retail_ii --published-ids
        """)
    {
        s_source, s_data, s_warehouse, s_key, s_published, s_rejects, s_threads, s_memory,
    }.Does((parsed, terminal, cancellation) =>
    {
        var folder = parsed.GetValue(s_data) ?? throw new UsageException("Say where the files lie: --data FOLDER.");
        var (keyFile, published) = (parsed.GetValue(s_key), parsed.GetValue(s_published));
        if (published && keyFile is not null) throw new UsageException("--published-ids keeps ids as they are and needs no key; give either that or --key-file.");
        var options = Options(parsed);
        var dataset = Opened(parsed.GetValue(s_source), folder);

        var target = parsed.GetValue(s_warehouse) ?? Path.Combine("artifacts", "warehouse", dataset.Name);
        var warehouse = Warehouse.OpenOrCreate(target, options);
        var pseudonyms = published ? Pseudonyms.Published : Pseudonyms.For(keyFile, target);
        var report = warehouse.Load(dataset, pseudonyms, parsed.GetValue(s_rejects), terminal, cancellation);
        Show(report, terminal);
        return Task.FromResult<object>(report);
    });

    private static Dataset Opened(string? source, string folder)
    {
        if (source is null) return Dataset.Open(folder);
        if (Dataset.Names.Contains(source)) return Dataset.Named(source, folder);
        return File.Exists(source) ? Dataset.Open(folder, source)
            : throw new UsageException($"--source is '{source}': neither a file nor a data set known by name ({string.Join(", ", Dataset.Names)}).");
    }

    private static WarehouseOptions Options(ParseResult parsed)
    {
        try
        {
            var options = new WarehouseOptions();
            if (parsed.GetValue(s_threads) is { } threads) options = options with { Threads = threads };
            if (parsed.GetValue(s_memory) is { } memory) options = options with { Memory = memory };
            return options;
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private static void Show(IngestReport report, Terminal terminal)
    {
        if (report.WasLoadedBefore)
            terminal.Line($"{report.Dataset} was loaded into {report.Warehouse} before; nothing was read or changed. That load:");
        var files = new Table().AddColumns("file", "records").AddColumn("read", Right).AddColumn("good", Right).AddColumn("rejected", Right);
        foreach (var f in report.Files) files.AddRow(Cells(f.Name, Name(f.Kind), Count(f.Read), Count(f.Kept), Count(f.Rejected)));
        terminal.Show(files);
        if (report.RejectedByReason.Count > 0)
        {
            var rejects = new Table().AddColumn("rejected because").AddColumn("rows", Right).AddColumns("for example");
            foreach (var r in report.RejectedByReason)
                rejects.AddRow(Cells(r.Reason, Count(r.Rows), r.Examples is [var first, ..] ? $"{first.Source}:{first.Line.ToString(CultureInfo.InvariantCulture)} {first.Detail}" : ""));
            terminal.Show(rejects);
        }
        var tables = new Table().AddColumns("records").AddColumn("new rows", Right).AddColumn("there already", Right).AddColumn("customers", Right).AddColumns("from", "to");
        foreach (var t in report.Tables) tables.AddRow(Cells(Name(t.Kind), Count(t.Rows), Count(t.AlreadyLoaded), Count(t.Customers), Day(t.First), Day(t.Last)));
        terminal.Show(tables);
        foreach (var m in report.Money)
            terminal.Line(Terminal.Text($"{m.Orders:#,0} orders of {m.OrderAmount:#,0.00} {m.Currency}, {m.Returns:#,0} returns of {m.ReturnAmount:#,0.00} {m.Currency}."));
        terminal.Line(Terminal.Text($"{report.Customers:#,0} customers. Pseudonyms: {report.PseudonymKey}."));
        if (report.RejectFile is { } rejected) terminal.Line($"Rejected rows, as they were (customer ids included): {rejected}");
        terminal.Line(Terminal.Text($"{report.Read:#,0} rows = {report.Kept:#,0} kept + {report.AlreadyLoaded:#,0} there already + {report.Rejected:#,0} rejected, in {report.Seconds:0.00} s -> {report.Warehouse}"));
    }

    private static void Right(TableColumn column) => column.Alignment = Justify.Right;

    private static Cell[] Cells(params string[] cells) => [.. cells.Select(c => new Cell(c))];

    private static string Name(RecordKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()).Replace('_', ' ');

    private static string Count(long rows) => rows.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Day(DateTime? at) => at?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
