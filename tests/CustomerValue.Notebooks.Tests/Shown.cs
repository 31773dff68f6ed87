using System.Text;

namespace CustomerValue.Notebooks.Tests;

/// <summary>What a cell showed, kept for a test to look at.</summary>
internal sealed class Shown : ICellOutput
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _out = new(), _errors = new();
    private readonly List<(string Id, MimeBundle Value)> _values = [];

    public string Out { get { lock (_gate) return _out.ToString(); } }

    public string Errors { get { lock (_gate) return _errors.ToString(); } }

    public IReadOnlyList<MimeBundle> Values { get { lock (_gate) return [.. _values.Select(value => value.Value)]; } }

    public int Updates { get; private set; }

    public string Html(int at) => Values[at].Forms["text/html"]!.GetValue<string>();

    public string Plain(int at) => Values[at].Forms["text/plain"]!.GetValue<string>();

    public void Stream(string name, string text)
    {
        lock (_gate) (name == "stdout" ? _out : _errors).Append(text);
    }

    public void Display(MimeBundle value, string displayId)
    {
        lock (_gate) _values.Add((displayId, value));
    }

    public void Update(MimeBundle value, string displayId)
    {
        lock (_gate)
        {
            Updates++;
            for (var i = 0; i < _values.Count; i++)
                if (_values[i].Id == displayId) _values[i] = (displayId, value);
        }
    }
}
