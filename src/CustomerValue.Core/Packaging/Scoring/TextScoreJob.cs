using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CustomerValue.Text;

namespace CustomerValue.Packaging.Scoring;

/// <summary>How many texts were told apart.</summary>
/// <param name="Texts">Texts read and answered.</param>
/// <param name="ByLabel">Of these, how many got which label.</param>
public sealed record TextScoreCounts(long Texts, IReadOnlyDictionary<string, long> ByLabel);

/// <summary>Answers a column of texts with a package: <c>label</c>, then <c>label:NAME</c>, the probability of each; an id in front where one is asked for.</summary>
/// <param name="package">The package.</param>
/// <param name="threads">Threads that answer; no answer depends on it but in the last digits of an encoder's.</param>
public sealed class TextScoreJob(TextPackage package, int threads = 1)
{
    // Texts in memory at a time; Parquet, which is written by columns, holds all answers.
    private const int Block = 4096, Least = 64;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads, answers and writes. The output appears when it is complete.</summary>
    /// <param name="texts">The texts, each with its id where there is one.</param>
    /// <param name="id">Name of the column of ids; null for none.</param>
    /// <param name="path">The output file; null for <paramref name="stream"/>.</param>
    /// <param name="format">Its format.</param>
    /// <param name="stream">Where to, in place of a file.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    public TextScoreCounts Run(IEnumerable<GroupedText> texts, string? id, string? path, ScoreFormat format, Stream? stream = null, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (counts, done) = (package.Labels.ToDictionary(l => l, _ => 0L, StringComparer.Ordinal), 0L);
        var columns = format == ScoreFormat.Parquet ? new Columns(package.Labels) : null;
        if (columns is not null && path is null) throw new ArgumentException("Parquet is written from its end, which a stream can't be: give a file.", nameof(path));
        using var file = columns is null ? new WholeFile(path, stream) : null;
        if (format == ScoreFormat.Csv) file!.Stream.Write(Encoding.UTF8.GetBytes(string.Join(',', new[] { id, ModelSignature.Label }.OfType<string>().Concat(package.Labels.Select(ModelSignature.Probability)).Select(Quoted)) + "\n"));
        foreach (var block in texts.Chunk(Block))
        {
            cancellation.ThrowIfCancellationRequested();
            var answers = Answers([.. block.Select(t => t.Text)], cancellation);
            for (var row = 0; row < block.Length; row++) counts[package.Likeliest(answers[row])]++;
            if (columns is not null) columns.Add(block, answers, package);
            else file!.Stream.Write(format == ScoreFormat.Csv ? Csv(block, answers, id) : JsonLines(block, answers, id));
            progress?.Report(new("answering", done += block.Length, null, "texts"));
        }
        columns?.Write(path!, id);
        file?.Complete();
        return new(counts.Values.Sum(), counts);
    }

    private double[][] Answers(string[] texts, CancellationToken cancellation)
    {
        var part = Math.Max(Least, (texts.Length + threads - 1) / threads);
        var parts = texts.Chunk(part).ToArray();
        var answers = new double[parts.Length][][];
        if (parts.Length == 1 || threads == 1) for (var i = 0; i < parts.Length; i++) answers[i] = package.Classify(parts[i], cancellation);
        else Parallel.For(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i => answers[i] = package.Classify(parts[i], cancellation));
        return [.. answers.SelectMany(a => a)];
    }

    private byte[] Csv(GroupedText[] block, double[][] answers, string? id)
    {
        var text = new StringBuilder();
        for (var row = 0; row < block.Length; row++)
        {
            if (id is not null) text.Append(Quoted(block[row].Group ?? "")).Append(',');
            text.Append(Quoted(package.Likeliest(answers[row])));
            foreach (var probability in answers[row]) text.Append(',').Append(probability.ToString("R", CultureInfo.InvariantCulture));
            text.Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private byte[] JsonLines(GroupedText[] block, double[][] answers, string? id)
    {
        using var lines = new MemoryStream();
        for (var row = 0; row < block.Length; row++)
        {
            using (var json = new Utf8JsonWriter(lines, s_json))
            {
                json.WriteStartObject();
                if (id is not null) json.WriteString(id, block[row].Group);
                json.WriteString(ModelSignature.Label, package.Likeliest(answers[row]));
                for (var c = 0; c < package.Labels.Count; c++) json.WriteNumber(ModelSignature.Probability(package.Labels[c]), answers[row][c]);
                json.WriteEndObject();
            }
            lines.WriteByte((byte)'\n');
        }
        return lines.ToArray();
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private sealed class Columns(IReadOnlyList<string> labels)
    {
        private readonly List<string> _ids = [], _labels = [];
        private readonly List<double>[] _probabilities = [.. labels.Select(_ => new List<double>())];

        public void Add(GroupedText[] block, double[][] answers, TextPackage package)
        {
            for (var row = 0; row < block.Length; row++)
            {
                _ids.Add(block[row].Group ?? "");
                _labels.Add(package.Likeliest(answers[row]));
                for (var c = 0; c < _probabilities.Length; c++) _probabilities[c].Add(answers[row][c]);
            }
        }

        public void Write(string path, string? id)
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            var table = new ParquetColumns();
            if (id is not null) table.Add(id, _ids.ToArray());
            table.Add(ModelSignature.Label, _labels.ToArray());
            for (var c = 0; c < _probabilities.Length; c++) table.Add(ModelSignature.Probability(labels[c]), _probabilities[c].ToArray());
            table.Write(path);
        }
    }
}
