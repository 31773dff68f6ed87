using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CustomerValue.ServedModels;

/// <summary>Answers on disk, each in a file named by the hash of all that was asked. A file appears whole or not at all, so a killed run loses only what was under way.</summary>
/// <param name="folder">The folder; made when the first answer is kept.</param>
public sealed class AnswerCache(string folder)
{
    private long _parts;

    /// <summary>Hash of prompt version, model, schema, settings and text.</summary>
    public static string Key(params string[] parts) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(parts)));

    /// <summary>The answer; null when there is none.</summary>
    public string? Find(string key) => Path(key) is var path && File.Exists(path) ? File.ReadAllText(path) : null;

    /// <summary>Keeps an answer.</summary>
    /// <param name="key">What was asked, as <see cref="Key"/> gives it.</param>
    /// <param name="answer">The answer, whole.</param>
    public void Keep(string key, string answer)
    {
        var path = Path(key);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var part = $"{path}.{Environment.ProcessId}-{Interlocked.Increment(ref _parts)}.part";
        using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(answer));
            stream.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }

    private string Path(string key) => System.IO.Path.Combine(folder, key[..2], key + ".json");
}
