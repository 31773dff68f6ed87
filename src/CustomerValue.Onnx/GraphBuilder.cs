using System.Globalization;

namespace CustomerValue.Onnx;

/// <summary>Puts a graph together, node after node. Every value of ours is named after its place, such as /layer.0/query; equal constants of equal names stand once.</summary>
internal sealed class GraphBuilder
{
    private readonly List<ProtoMessage> _nodes = [], _initializers = [], _inputs = [], _outputs = [], _known = [];
    private readonly HashSet<string> _names = [];

    /// <summary>Whether a value is called so.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>Tells an input.</summary>
    public string Input(string name, OnnxType type, params object[] shape)
    {
        _inputs.Add(OnnxMessages.Value(Named(name), type, shape));
        return name;
    }

    /// <summary>Makes <paramref name="value"/> an output called <paramref name="name"/>.</summary>
    public void Output(string name, string value, OnnxType type, params object[] shape)
    {
        _nodes.Add(OnnxMessages.Node("/out/" + name, "Identity", [value], [Named(name)], []));
        _outputs.Add(OnnxMessages.Value(name, type, shape));
    }

    /// <summary>Tells the shape of a value inside, where it doesn't follow from the operators; returns its name.</summary>
    public string Shaped(string value, OnnxType type, params object[] shape)
    {
        _known.Add(OnnxMessages.Value(value, type, shape));
        return value;
    }

    /// <summary>An operator with one output; returns the output's name.</summary>
    public string Node(string name, string type, IReadOnlyList<string> inputs, params ProtoMessage[] attributes) => Nodes(name, type, inputs, 1, attributes)[0];

    /// <summary>An operator with several outputs: NAME, NAME.1, NAME.2.</summary>
    public string[] Nodes(string name, string type, IReadOnlyList<string> inputs, int outputs, params ProtoMessage[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(i => Named(i == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}.{i}")))];
        _nodes.Add(OnnxMessages.Node(name, type, inputs, names, attributes));
        return names;
    }

    /// <summary>A constant of floats.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params long[] shape) => Constant(name, OnnxType.Single, ProtoMessage.Raw(values), shape);

    /// <summary>A constant of whole numbers.</summary>
    public string Constant(string name, ReadOnlySpan<long> values, params long[] shape) => Constant(name, OnnxType.Int64, ProtoMessage.Raw(values), shape);

    /// <summary>A constant of small whole numbers.</summary>
    public string Constant(string name, ReadOnlySpan<sbyte> values, params long[] shape) => Constant(name, OnnxType.SByte, ProtoMessage.Raw(values), shape);

    /// <summary>One number.</summary>
    public string Scalar(string name, float value) => Has(name) ? name : Constant(name, [value]);

    /// <summary>The graph's message.</summary>
    public ProtoMessage Graph(string name) => OnnxMessages.Graph(name, _nodes, _initializers, _inputs, _outputs, _known);

    private string Constant(string name, OnnxType type, byte[] raw, long[] shape)
    {
        _initializers.Add(OnnxMessages.Tensor(Named(name), type, shape, raw));
        return name;
    }

    private string Named(string name) => _names.Add(name) ? name : throw new InvalidOperationException($"Two values of the graph are called '{name}'.");
}
