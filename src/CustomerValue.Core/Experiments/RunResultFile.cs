using System.Text.Json;

namespace CustomerValue.Experiments;

/// <summary>result.json, whichever kind of experiment wrote it.</summary>
public static class RunResultFile
{
    /// <summary>Reads the document: one with a split in time is of an experiment on customers, any other of one on named figures.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <exception cref="JsonException">It is no result.</exception>
    public static IRunResult Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("split", out _)
            ? Document<ExperimentResult>(json) : Document<FiguresResult>(json);
    }

    private static T Document<T>(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize<T>(json.Span, ExperimentResult.Json) ?? throw new JsonException("The document is empty; a result is expected.");
}
