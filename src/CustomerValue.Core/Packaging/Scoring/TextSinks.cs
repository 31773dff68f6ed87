using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CustomerValue.Packaging.Scoring;

/// <summary>A file that appears under its name when it is complete, or standard output.</summary>
internal sealed class WholeFile : IDisposable
{
    private readonly string? _path;
    private bool _complete;

    public WholeFile(string? path, Stream? stream = null)
    {
        _path = path;
        if (path is not null && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        Stream = stream ?? new FileStream(path + ".part", FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16);
    }

    public Stream Stream { get; }

    public void Complete()
    {
        Stream.Flush();
        if (_path is null) return;
        Stream.Dispose();
        File.Move(_path + ".part", _path, overwrite: true);
        _complete = true;
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (_path is not null && !_complete) File.Delete(_path + ".part");
    }
}

/// <summary>Scores as CSV: a header, then one row a customer. Numbers are written so that reading gives the same bits.</summary>
/// <param name="file">Where to.</param>
internal sealed class CsvSink(WholeFile file) : IScoreSink
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(",\"\r\n");
    private bool _begun;

    public ReadOnlyMemory<byte> Render(ScoredBlock block)
    {
        var text = new ArrayBufferWriter<byte>(block.Ids.Length * 64);
        double[][] numbers = [.. block.Numbers().Select(n => n.Values)];
        Models.Contributions[] reasons = [.. block.Why().Select(w => w.Why)];
        for (var row = 0; row < block.Ids.Length; row++)
        {
            Text(text, block.Ids[row]);
            foreach (var column in numbers)
            {
                text.Write(","u8);
                var room = text.GetSpan(32);
                column[row].TryFormat(room, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
                text.Advance(written);
            }
            foreach (var why in reasons) { text.Write(","u8); Text(text, block.Line(why, row)); }
            foreach (var (_, answer) in block.ToldTexts()) { text.Write(","u8); Text(text, block.Line(answer, row)); }
            text.Write("\n"u8);
        }
        return text.WrittenMemory;
    }

    public void Write(ScoredBlock block, ReadOnlyMemory<byte> rendered)
    {
        if (!_begun) Header(block);
        file.Stream.Write(rendered.Span);
    }

    public void Complete() => file.Complete();

    public void Dispose() => file.Dispose();

    private void Header(ScoredBlock block)
    {
        _begun = true;
        file.Stream.Write(Encoding.UTF8.GetBytes(string.Join(',', [ModelSignature.CustomerId, .. block.Numbers().Select(n => n.Name), .. block.Why().Select(w => w.Name), .. block.ToldTexts().Select(t => t.Name)]) + "\n"));
    }

    private static void Text(ArrayBufferWriter<byte> to, string text)
    {
        if (text.AsSpan().ContainsAny(s_special)) text = $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        to.Advance(Encoding.UTF8.GetBytes(text, to.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }
}

/// <summary>Scores as JSON lines: one record a customer.</summary>
/// <param name="file">Where to.</param>
internal sealed class JsonLinesSink(WholeFile file) : IScoreSink
{
    public ReadOnlyMemory<byte> Render(ScoredBlock block)
    {
        var text = new ArrayBufferWriter<byte>(block.Ids.Length * 96);
        (JsonEncodedText Name, double[] Values)[] numbers = [.. block.Numbers().Select(n => (JsonEncodedText.Encode(n.Name), n.Values))];
        using var json = new Utf8JsonWriter(text, ScoredBlock.Json);
        for (var row = 0; row < block.Ids.Length; row++)
        {
            json.Reset();
            json.WriteStartObject();
            json.WriteString(ModelSignature.CustomerId, block.Ids[row]);
            foreach (var (name, values) in numbers) json.WriteNumber(name, values[row]);
            foreach (var (name, why) in block.Why())
            {
                json.WriteStartArray(name);
                foreach (var reason in why.Top(row, block.Reasons))
                {
                    json.WriteStartObject();
                    json.WriteString("column", reason.Column);
                    json.WriteNumber("contribution", reason.Contribution);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            foreach (var (name, answer) in block.ToldTexts())
            {
                json.WritePropertyName(name);
                block.WriteTexts(json, answer, row);
            }
            json.WriteEndObject();
            json.Flush();
            text.Write("\n"u8);
        }
        return text.WrittenMemory;
    }

    public void Write(ScoredBlock block, ReadOnlyMemory<byte> rendered) => file.Stream.Write(rendered.Span);

    public void Complete() => file.Complete();

    public void Dispose() => file.Dispose();
}
