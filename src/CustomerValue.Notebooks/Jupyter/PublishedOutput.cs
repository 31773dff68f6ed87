using System.Text;
using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks.Jupyter;

/// <summary>Publishes what a cell shows, text in pieces of a moment. Shows what <see cref="CellOutputs"/> keeps.</summary>
internal sealed class PublishedOutput(Action<string, JsonObject> publish, TimeProvider clock) : ICellOutput
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(50);
    private const int Piece = 8192;                     // characters

    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private string _stream = "stdout";
    private ITimer? _timer;
    private int _written;
    private bool _isOver;

    public void Stream(string name, string text)
    {
        lock (_gate)
        {
            if (_isOver || _written >= CellOutputs.MostText) return;
            if (_stream != name) Flush();
            _stream = name;
            _written += text.Length;
            _text.Append(_written < CellOutputs.MostText ? text : CellOutputs.Cut);
            if (_text.Length >= Piece) Flush();
            else _timer ??= clock.CreateTimer(_ => { lock (_gate) Flush(); }, null, s_moment, Timeout.InfiniteTimeSpan);
        }
    }

    public void Display(MimeBundle value, string displayId)
    {
        lock (_gate)
        {
            if (_isOver) return;
            Flush();
            publish("display_data", Data(value, displayId));
        }
    }

    /// <summary>Also after the cell's end: a later cell may show a value anew, and it is that cell's message then, as clients leave those of ended cells aside.</summary>
    public void Update(MimeBundle value, string displayId)
    {
        if (RunningCell.Current?.Output is PublishedOutput now && now != this)
        {
            now.Update(value, displayId);
            return;
        }
        lock (_gate)
        {
            Flush();
            publish("update_display_data", Data(value, displayId));
        }
    }

    /// <summary>The cell has ended: what waits goes out, and text and values that come later are dropped.</summary>
    public void End()
    {
        lock (_gate)
        {
            Flush();
            _isOver = true;
        }
    }

    /// <summary>A value's forms as messages carry them: text in one piece, unlike in files.</summary>
    public static JsonObject Forms(MimeBundle value) => new(value.Forms.OrderBy(form => form.Key, StringComparer.Ordinal).Select(form => KeyValuePair.Create(form.Key, form.Value?.DeepClone())));

    private static JsonObject Data(MimeBundle value, string displayId) =>
        new() { ["data"] = Forms(value), ["metadata"] = new JsonObject(), ["transient"] = new JsonObject { ["display_id"] = displayId } };

    private void Flush()
    {
        _timer?.Dispose();
        _timer = null;
        if (_text.Length > 0) publish("stream", new() { ["name"] = _stream, ["text"] = _text.ToString() });
        _text.Clear();
    }
}
