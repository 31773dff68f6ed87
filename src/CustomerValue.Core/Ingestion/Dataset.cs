using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CustomerValue.Ingestion;

/// <summary>A shop's records as files: what an experiment names and the command line loads.</summary>
/// <example><code>
/// var shop   = Dataset.Open("data-samples/shop");                                  // by its mapping.yaml
/// var retail = Dataset.Named("online_retail_ii", "../shared/data/online_retail_ii"); // by a mapping that comes along
/// foreach (var purchase in shop.Purchases(Pseudonyms.Published)) ...
/// </code></example>
public sealed class Dataset
{
    private string? _fingerprint;

    private Dataset(string folder, SourceMapping mapping, IReadOnlyList<DataFile> files) => (Folder, Mapping, Files) = (folder, mapping, files);

    /// <summary>Names of the mappings that come along, for <see cref="Named"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cdnow", "online_retail_ii", "steam_reviews"];

    /// <summary>Name of the data set.</summary>
    public string Name => Mapping.Name;

    /// <summary>The folder that its files lie in.</summary>
    public string Folder { get; }

    /// <summary>How the files become records.</summary>
    public SourceMapping Mapping { get; }

    /// <summary>The files, in reading order.</summary>
    public IReadOnlyList<DataFile> Files { get; }

    /// <summary>SHA-256 over the mapping and the files' contents, in lower-case hex: the same wherever the files lie and whatever they are called.</summary>
    public string Fingerprint => _fingerprint ??= Fingerprinted();

    /// <summary>Opens a shop's folder by a mapping file.</summary>
    /// <param name="folder">Where the files lie.</param>
    /// <param name="mapping">The mapping file; null for mapping.yaml in the folder, or, where there is none, the default names of files and columns.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no such mapping file, or no file that it names.</exception>
    /// <exception cref="MappingException">The mapping can't be followed.</exception>
    public static Dataset Open(string folder, string? mapping = null)
    {
        RequireFolder(folder);
        if (mapping is not null && !File.Exists(mapping)) throw new FileNotFoundException($"The mapping file {mapping} doesn't exist. Named sources that need none: {string.Join(", ", Names)}.");
        mapping ??= Path.Combine(folder, "mapping.yaml");
        var text = File.Exists(mapping) ? File.ReadAllText(mapping) : "";
        return Of(folder, MappingReader.Read(text, Path.GetFileName(mapping), Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))));
    }

    /// <summary>Opens a well-known data set by the mapping that comes along.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="folder">Where its files lie.</param>
    /// <exception cref="ArgumentException">No such mapping comes along.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks one of its files.</exception>
    public static Dataset Named(string name, string folder)
    {
        if (!Names.Contains(name)) throw new ArgumentException($"'{name}' is no known data set. Known: {string.Join(", ", Names)}; for others write a mapping file.", nameof(name));
        RequireFolder(folder);
        using var resource = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.yaml")!);
        return Of(folder, MappingReader.Read(resource.ReadToEnd(), $"{name}.yaml", name));
    }

    /// <summary>One file of purchases whose columns carry the fields' own names.</summary>
    internal static Dataset OfPurchases(string path)
    {
        var table = new TableMapping { Kind = RecordKind.Purchases, Files = [Path.GetFileName(path)] };
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
        return new(folder, new SourceMapping(Path.GetFileNameWithoutExtension(path), [table]), [new DataFile(Path.Combine(folder, Path.GetFileName(path)), table)]);
    }

    /// <summary>Reads every file, record batch by record batch, in file order. Bad rows go to the log and never stop it.</summary>
    /// <param name="pseudonyms">Replaces customer ids.</param>
    /// <param name="log">Takes the counts and the rejected rows.</param>
    /// <param name="progress">Told how many bytes on disk are behind.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="TableRefusedException">A file isn't the table it should be.</exception>
    public IEnumerable<RecordBatch> Read(Pseudonyms pseudonyms, ReadLog log, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        double total = Files.Sum(f => f.Bytes), before = 0;
        progress?.Report(new("reading", 0, total / 1e6, "MB"));
        for (var number = 0; number < Files.Count; number++)
        {
            var file = Files[number];
            var tally = log.Begin(file);
            using var reader = new DelimitedReader(file.OpenText(out var onDisk), file.Delimiter);
            if (!reader.Read()) throw new TableRefusedException(file.Name, "the file is empty.");
            var parser = RecordParser.For(file, number, TableLayout.Of(file, reader), pseudonyms);
            for (var more = !file.Mapping.Header || Advance(reader, file); more; more = Advance(reader, file))
            {
                tally.Read++;
                if (parser.TryTake(reader)) tally.Kept++;
                else Refuse(log, file, reader, parser);
                if (tally.Read % RecordBatch.Capacity == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Report(new("reading", (before + onDisk.Position) / 1e6, total / 1e6, "MB"));
                }
                if (parser.Take(evenIfNotFull: false) is { } batch) yield return batch;
            }
            if (parser.Take(evenIfNotFull: true) is { } rest) yield return rest;
            before += file.Bytes;
            progress?.Report(new("reading", before / 1e6, total / 1e6, "MB"));
        }
    }

    /// <summary>All good purchases, in file order; rejected rows are only counted, in <paramref name="log"/> where one is given.</summary>
    public IEnumerable<Purchase> Purchases(Pseudonyms pseudonyms, ReadLog? log = null)
    {
        foreach (var batch in Read(pseudonyms, log ?? new ReadLog()))
            if (batch is RecordBatch<Purchase> purchases)
                for (var i = 0; i < purchases.Count; i++) yield return purchases.Records[i];
    }

    private static bool Advance(DelimitedReader reader, DataFile file)
    {
        try
        {
            return reader.Read();
        }
        catch (InvalidDataException error)
        {
            throw new TableRefusedException(file.Name, $"unpacking broke off after line {reader.Line}: {error.Message} Is the file whole? Copy it again.");
        }
    }

    private static void Refuse(ReadLog log, DataFile file, DelimitedReader reader, RecordParser parser)
    {
        log.Add(file.Name, reader.Line, parser.Reason, parser.Detail, reader.Raw);
        foreach (var also in parser.Also) log.Also(file.Name, also);
        parser.Also.Clear();
    }

    private static Dataset Of(string folder, SourceMapping mapping)
    {
        var files = new List<DataFile>();
        var missing = new List<string>();
        foreach (var table in mapping.Tables)
        {
            var named = table.Files.Count > 0;
            var patterns = named ? table.Files : [$"{RecordFields.Section(table.Kind)}.*"];
            foreach (var pattern in patterns)
            {
                var found = Directory.EnumerateFiles(folder, pattern).Where(path => named || IsTable(path)).Order(StringComparer.Ordinal).ToList();
                if (found.Count == 0) missing.Add(pattern);
                files.AddRange(found.Select(path => new DataFile(path, table)));
            }
        }
        if (files.Count == 0 || mapping.Tables.Any(t => t.Files.Count > 0) && missing.Count > 0)
            throw new FileNotFoundException($"{folder} holds no file called {string.Join(" or ", missing)}, which {mapping.Name} needs. It holds: {string.Join(", ", Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).Take(20))}.");
        return new(folder, mapping, files);
    }

    private static bool IsTable(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant() is ".csv" or ".tsv" or ".tab" or ".txt" or ".zip";
    }

    private static void RequireFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"The data folder {folder} doesn't exist.");
    }

    private string Fingerprinted()
    {
        var text = new StringBuilder(JsonSerializer.Serialize(Mapping)).Append('\n');
        foreach (var file in Files) text.Append(file.Mapping.Kind).Append(' ').Append(file.Sha256).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
