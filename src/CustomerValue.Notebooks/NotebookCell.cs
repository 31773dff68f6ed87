using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks;

/// <summary>One cell of a notebook. What isn't asked for here (metadata, attachments) stays as it was in the file.</summary>
public sealed class NotebookCell
{
    /// <summary>The tag of the cell that declares what a run may be told.</summary>
    public const string Parameters = "parameters";

    /// <summary>The tag of the cell that a run puts behind it.</summary>
    public const string InjectedParameters = "injected-parameters";

    /// <summary>The tag of a cell that shows an error: it may fail, and a run goes on.</summary>
    public const string RaisesException = "raises-exception";

    internal NotebookCell(JsonObject json) => Json = json;

    /// <param name="kind">What it holds.</param>
    /// <param name="id">1 to 64 letters, digits, - and _, its own in the notebook.</param>
    /// <param name="source">Its text, lines ended by \n.</param>
    /// <param name="tags">Tags, as <see cref="Parameters"/>.</param>
    public NotebookCell(CellKind kind, string id, string source, params IReadOnlyList<string> tags)
    {
        Json = new JsonObject { ["cell_type"] = kind.ToString().ToLowerInvariant() };
        if (kind == CellKind.Code) Json["execution_count"] = null;
        Json["id"] = id;
        Json["metadata"] = tags.Count == 0 ? [] : new JsonObject { ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]) };
        if (kind == CellKind.Code) Json["outputs"] = new JsonArray();
        Json["source"] = Lines(source);
    }

    /// <summary>What it holds.</summary>
    public CellKind Kind => Enum.Parse<CellKind>(Json["cell_type"]!.GetValue<string>(), ignoreCase: true);

    /// <summary>Its name in the notebook; empty in files older than nbformat 4.5.</summary>
    public string Id => Json["id"]?.GetValue<string>() ?? "";

    /// <summary>Its text, lines ended by \n.</summary>
    public string Source
    {
        get => Text(Json["source"]);
        set => Json["source"] = Lines(value);
    }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags => Json["metadata"]?["tags"] is JsonArray tags ? [.. tags.OfType<JsonValue>().Select(tag => tag.ToString())] : [];

    /// <summary>As which code cell of its run it ran, from 1; null where it didn't. Only code cells have one.</summary>
    public int? ExecutionCount
    {
        get => Json["execution_count"] is JsonValue count ? count.GetValue<int>() : null;
        internal set => Json["execution_count"] = value;
    }

    /// <summary>What it showed, as nbformat's output objects; empty for text.</summary>
    public JsonArray Outputs
    {
        get => Json["outputs"] as JsonArray ?? [];
        internal set => Json["outputs"] = value;
    }

    internal JsonObject Json { get; }

    /// <summary>Text of nbformat's multi-line strings: a string, or a list of lines.</summary>
    internal static string Text(JsonNode? node) => node is JsonArray lines ? string.Concat(lines.Select(line => line!.GetValue<string>())) : node?.GetValue<string>() ?? "";

    /// <summary>The same as a list of lines, each with its line end.</summary>
    internal static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf('\n', start) is var at and >= 0 ? at + 1 : text.Length;
            lines.Add((JsonNode)text[start..end]);
        }
        return lines;
    }
}
