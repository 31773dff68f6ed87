using System.Text;
using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks;

/// <summary>Keeps what a cell shows as nbformat's output objects.</summary>
internal sealed class CellOutputs : ICellOutput
{
    /// <summary>More text than anyone reads, and less than a file can bear, in characters a cell.</summary>
    public const int MostText = 1_000_000;

    /// <summary>Stands where text was cut.</summary>
    public static readonly string Cut = $"\n[cut here: a cell's output is kept to {MostText} characters]\n";

    private readonly Lock _gate = new();
    private readonly List<JsonObject> _outputs = [];
    private readonly Dictionary<string, JsonObject> _shown = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();
    private string? _stream;
    private int _written;
    private bool _isClosed;

    public void Stream(string name, string text)
    {
        lock (_gate)
        {
            if (_isClosed || _written >= MostText) return;
            if (_stream != name) EndStream();
            _stream = name;
            _written += text.Length;
            _text.Append(_written < MostText ? text : Cut);
        }
    }

    public void Display(MimeBundle value, string displayId) => Add(() => _shown[displayId] = Output("display_data", ("data", value.ToNbformat()), ("metadata", new JsonObject())));

    public void Update(MimeBundle value, string displayId)
    {
        lock (_gate)
            if (!_isClosed && _shown.TryGetValue(displayId, out var output)) output["data"] = value.ToNbformat();
    }

    /// <summary>The cell's value.</summary>
    public void Result(MimeBundle value, int executionCount) =>
        Add(() => Output("execute_result", ("data", value.ToNbformat()), ("execution_count", executionCount), ("metadata", new JsonObject())));

    /// <summary>Why it failed.</summary>
    public void Failure(CellError error) =>
        Add(() => Output("error", ("ename", error.Kind), ("evalue", error.Message), ("traceback", new JsonArray([.. error.Trace.Select(line => (JsonNode)line)]))));

    /// <summary>All so far. Values shown can still be shown anew, until <see cref="Close"/>; text that comes later is dropped.</summary>
    public JsonArray Take()
    {
        lock (_gate)
        {
            EndStream();
            _written = MostText;
            return new JsonArray([.. _outputs]);
        }
    }

    /// <summary>Nothing changes any more.</summary>
    public void Close()
    {
        lock (_gate) _isClosed = true;
    }

    private void Add(Func<JsonObject> output)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            EndStream();
            _outputs.Add(output());
        }
    }

    private void EndStream()
    {
        if (_stream is not null) _outputs.Add(Output("stream", ("name", _stream), ("text", NotebookCell.Lines(_text.ToString()))));
        _stream = null;
        _text.Clear();
    }

    /// <summary>Members in the order of their names, as Jupyter writes them.</summary>
    private static JsonObject Output(string type, params (string Name, JsonNode? Value)[] members)
    {
        var output = new JsonObject();
        foreach (var (name, value) in members.Append(("output_type", type)).OrderBy(member => member.Item1, StringComparer.Ordinal)) output[name] = value;
        return output;
    }
}
