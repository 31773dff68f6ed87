using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>What nbformat 4 asks of a document, as far as anything here relies on it.</summary>
internal static partial class NotebookShape
{
    /// <exception cref="InvalidDataException">It isn't so; the message starts with <paramref name="name"/>.</exception>
    public static void Check(JsonObject json, string name)
    {
        if (Whole(json["nbformat"]) != 4)
            throw new InvalidDataException($"{name} is of nbformat {json["nbformat"]?.ToJsonString() ?? "(none)"}; this reads nbformat 4. Open it in a newer Jupyter and save it again.");
        if (Whole(json["nbformat_minor"]) is not (>= 0 and var minor)) throw new InvalidDataException($"{name} has no nbformat_minor.");
        if (json["metadata"] is not JsonObject) throw new InvalidDataException($"{name} has no metadata.");
        if (json["metadata"]!["kernelspec"] is { } kernel && (kernel is not JsonObject || kernel["name"] is { } called && !IsText(called))) throw new InvalidDataException($"{name} names its kernel by no text.");
        if (json["cells"] is not JsonArray cells) throw new InvalidDataException($"{name} has no list of cells.");

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < cells.Count; i++)
        {
            var place = $"{name}, cell {i + 1}";
            if (cells[i] is not JsonObject cell) throw new InvalidDataException($"{place} is no object.");
            CheckCell(cell, place);
            if (minor < 5) continue;
            if (!IsText(cell["id"]) || !Id().IsMatch(cell["id"]!.GetValue<string>())) throw new InvalidDataException($"{place} has no id of 1 to 64 letters, digits, - and _.");
            if (!ids.TryAdd(cell["id"]!.GetValue<string>(), i)) throw new InvalidDataException($"{place} has the id '{cell["id"]}' of cell {ids[cell["id"]!.GetValue<string>()] + 1}; every cell needs its own.");
        }
    }

    private static void CheckCell(JsonObject cell, string place)
    {
        if (!IsText(cell["cell_type"]) || cell["cell_type"]!.GetValue<string>() is not ("code" or "markdown" or "raw"))
            throw new InvalidDataException($"{place} has the cell_type {cell["cell_type"]?.ToJsonString() ?? "(none)"}; it must be code, markdown or raw.");
        if (cell["metadata"] is not JsonObject) throw new InvalidDataException($"{place} has no metadata.");
        if (!IsText(cell["source"]) && !(cell["source"] is JsonArray lines && lines.All(IsText))) throw new InvalidDataException($"{place} has no source: text, or a list of lines.");
        if (cell["cell_type"]!.GetValue<string>() != "code") return;
        if (cell["outputs"] is not JsonArray outputs || outputs.Any(output => output is not JsonObject)) throw new InvalidDataException($"{place} is code without a list of outputs.");
        if (cell["execution_count"] is { } count && Whole(count) is null) throw new InvalidDataException($"{place} has an execution_count that is no whole number.");
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static int? Whole(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) ? number : null;

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex Id();
}
