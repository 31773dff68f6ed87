using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CustomerValue.ServedModels;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>A text with what a model said of it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Labels">By question: its labels; empty where it has none.</param>
/// <param name="Agreement">By question that takes one label: how sure the model is, from 0 to 1.</param>
/// <param name="Failed">Why it has no labels; null where it has some, or wasn't asked.</param>
internal sealed record LabelledText(string Text, IReadOnlyDictionary<string, IReadOnlyList<string>> Labels, IReadOnlyDictionary<string, double> Agreement, string? Failed = null);

/// <summary>Labelled texts as a file, which 'text finetune' reads: it appears whole, or stays as it was.</summary>
internal static class LabelledTexts
{
    private const string Between = "|";
    private static readonly JsonSerializerOptions s_lines = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Refuses, before the work, a file of a kind that isn't written.</summary>
    public static void Check(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".jsonl" or ".csv" or ".tsv" or ".parquet")) throw new UsageException($"--output {path}: name a file that ends in .csv, .tsv, .parquet or .jsonl.");
    }

    /// <summary>Writes a row for each text: text, a column for each question and one for its agreement, and the reason of failure. Labels that agree less than <paramref name="least"/> are left empty.</summary>
    public static void Write(string path, IReadOnlyList<LabelledText> texts, LabelSchema schema, double least)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".parquet": Columns(texts, schema, least).Write(path); break;
            case ".jsonl": Lines(path, texts.Select(t => Json(t, schema, least))); break;
            default: Lines(path, Table(Columns(texts, schema, least), path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',')); break;
        }
    }

    private static ParquetColumns Columns(IReadOnlyList<LabelledText> texts, LabelSchema schema, double least)
    {
        var table = new ParquetColumns().Add("text", texts.Select(t => t.Text).ToArray());
        foreach (var question in schema.Questions)
        {
            table.Add(question.Name, texts.Select(t => string.Join(Between, Kept(t, question, least))).ToArray());
            if (!question.Several) table.Add($"{question.Name}_agreement", texts.Select(t => t.Agreement.TryGetValue(question.Name, out var share) ? share : 0).ToArray());
        }
        return table.Add("failed", texts.Select(t => t.Failed ?? "").ToArray());
    }

    private static IReadOnlyList<string> Kept(LabelledText text, LabelQuestion question, double least) =>
        text.Labels.TryGetValue(question.Name, out var labels) && (question.Several || text.Agreement[question.Name] >= least) ? labels : [];

    private static IEnumerable<string> Table(ParquetColumns table, char delimiter)
    {
        string Field(string text) => text.AsSpan().ContainsAny([delimiter, '"', '\n', '\r']) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
        string[] names = [.. table.Names];
        var numbers = table.NamesOf<double>().ToHashSet();
        string[][] columns = [.. names.Select(name => numbers.Contains(name) ? table.Column<double>(name).Select(n => n.ToString(CultureInfo.InvariantCulture)).ToArray() : table.Column<string>(name))];
        yield return string.Join(delimiter, names.Select(Field));
        for (var row = 0; row < table.Rows; row++) yield return string.Join(delimiter, columns.Select(c => Field(c[row])));
    }

    private static string Json(LabelledText text, LabelSchema schema, double least)
    {
        var line = new Dictionary<string, object> { ["text"] = text.Text };
        if (text.Labels.Count > 0)
        {
            foreach (var question in schema.Questions) line[question.Name] = question.Several ? Kept(text, question, least) : Kept(text, question, least) is [var label] ? label : "";
            line["agreement"] = text.Agreement;
        }
        if (text.Failed is not null) line["failed"] = text.Failed;
        return JsonSerializer.Serialize(line, s_lines);
    }

    private static void Lines(string path, IEnumerable<string> lines)
    {
        using (var writer = new StreamWriter(path + ".part", append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            foreach (var line in lines) writer.Write(line + "\n");
        File.Move(path + ".part", path, overwrite: true);
    }
}
