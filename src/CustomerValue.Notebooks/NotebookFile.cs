using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks;

/// <summary>A notebook as a file: nbformat 4, written as 4.5. What is read and written without a change keeps its bytes.</summary>
public sealed class NotebookFile
{
    /// <summary>The kernel that notebooks of this project name.</summary>
    public const string KernelName = ".net-csharp";

    /// <summary>What readers see of that name.</summary>
    internal const string KernelTitle = "C# (CustomerValue)";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly JsonObject _json;
    private readonly JsonLayout _layout;
    private readonly List<NotebookCell> _cells;
    private readonly string? _asRead, _laidOut;

    private NotebookFile(JsonObject json, JsonLayout layout, string? asRead)
    {
        (_json, _layout, _asRead) = (json, layout, asRead);
        _cells = [.. json["cells"]!.AsArray().Select(cell => new NotebookCell(cell!.AsObject()))];
        _laidOut = asRead is null ? null : layout.Text(json);
    }

    /// <param name="cells">Its cells, in order.</param>
    /// <exception cref="InvalidDataException">Two cells have the same id, or one isn't an id.</exception>
    public NotebookFile(IEnumerable<NotebookCell> cells) : this(new JsonObject
    {
        ["cells"] = new JsonArray([.. cells.Select(cell => cell.Json)]),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["display_name"] = KernelTitle, ["language"] = "C#", ["name"] = KernelName },
            ["language_info"] = new JsonObject { ["name"] = "C#" },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }, JsonLayout.Jupyter, asRead: null) => NotebookShape.Check(_json, "The notebook");

    /// <summary>Its cells, in order.</summary>
    public IReadOnlyList<NotebookCell> Cells => _cells;

    /// <summary>The kernel that it names; empty where it names none.</summary>
    public string Kernel => _json["metadata"]?["kernelspec"]?["name"]?.GetValue<string>() ?? "";

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="InvalidDataException">The file is no notebook of nbformat 4; the message says what is wrong, and in which cell.</exception>
    public static NotebookFile Read(string path)
    {
        try
        {
            return Parse(s_utf8.GetString(File.ReadAllBytes(path)), path);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"{path} isn't UTF-8, and so no notebook.");
        }
    }

    /// <summary>A notebook from its text.</summary>
    /// <param name="text">The JSON document.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">The text is no notebook of nbformat 4.</exception>
    public static NotebookFile Parse(string text, string name)
    {
        try
        {
            var json = JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject ?? throw new InvalidDataException($"{name} is JSON, but no object, and so no notebook.");
            NotebookShape.Check(json, name);
            return new(json, JsonLayout.Of(text), text);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{name} is no JSON, and so no notebook: {error.Message}");
        }
    }

    /// <summary>Its text: what was read where nothing changed, else laid out as the file was.</summary>
    public override string ToString() => _layout.Text(_json) is var text && text == _laidOut ? _asRead! : text;

    /// <summary>Writes it, in place of what stood there; folders are made.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var beside = $"{path}.part";
        File.WriteAllText(beside, ToString(), s_utf8);
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>What it carries that a file under version control shouldn't: outputs, execution counts, injected cells. A sentence each; cells count from 1.</summary>
    public IReadOnlyList<string> Leftovers()
    {
        var found = new List<string>();
        for (var i = 0; i < _cells.Count; i++)
        {
            var (cell, place) = (_cells[i], Place(i));
            if (cell.Tags.Contains(NotebookCell.InjectedParameters)) found.Add($"{place} was put in by a run ({NotebookCell.InjectedParameters})");
            if (cell.Outputs.Count > 0) found.Add($"{place} has outputs");
            if (cell.ExecutionCount is { } count) found.Add($"{place} has execution count {count}");
        }
        return found;
    }

    /// <summary>Takes away outputs, execution counts and injected cells.</summary>
    public void Strip()
    {
        for (var i = _cells.Count - 1; i >= 0; i--)
            if (_cells[i].Tags.Contains(NotebookCell.InjectedParameters)) RemoveAt(i);
        foreach (var cell in _cells.Where(cell => cell.Kind == CellKind.Code))
        {
            if (cell.Outputs.Count > 0) cell.Outputs = [];
            if (cell.ExecutionCount is not null) cell.ExecutionCount = null;
        }
    }

    /// <summary>Makes it nbformat 4.5: cells without an id get one that follows from their place.</summary>
    internal void Upgrade()
    {
        if (_json["nbformat_minor"]!.GetValue<int>() >= 5) return;
        _json["nbformat_minor"] = 5;
        for (var i = 0; i < _cells.Count; i++) _cells[i].Json["id"] = $"cell-{i + 1}";
    }

    internal void Insert(int index, NotebookCell cell)
    {
        _cells.Insert(index, cell);
        _json["cells"]!.AsArray().Insert(index, cell.Json);
    }

    private void RemoveAt(int index)
    {
        _cells.RemoveAt(index);
        _json["cells"]!.AsArray().RemoveAt(index);
    }

    private string Place(int index) => _cells[index].Id is { Length: > 0 } id ? $"cell {index + 1} ({id})" : $"cell {index + 1}";
}
