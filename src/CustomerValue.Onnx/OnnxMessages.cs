namespace CustomerValue.Onnx;

/// <summary>The element types that our graphs use, with the numbers of TensorProto.DataType.</summary>
internal enum OnnxType
{
    Single = 1,
    Byte = 2,
    SByte = 3,
    Int32 = 6,
    Int64 = 7,
}

/// <summary>The messages of onnx.proto that a model of ours needs, each with the field numbers of the ONNX standard (IR version 8).</summary>
internal static class OnnxMessages
{
    /// <summary>IR version that goes with opset 17.</summary>
    public const int IrVersion = 8;

    /// <summary>ModelProto: a graph, the operators' versions that it is written in, and what is told about it.</summary>
    public static ProtoMessage Model(ProtoMessage graph, IReadOnlyList<(string Domain, int Version)> operators, string producer, IReadOnlyList<(string Key, string Value)> metadata) => new ProtoMessage()
        .Add(1, (long)IrVersion)
        .Add(2, producer)
        .Add(7, graph)
        .Add(8, operators.Select(o => new ProtoMessage().Add(1, o.Domain).Add(2, (long)o.Version)))
        .Add(14, metadata.Select(m => new ProtoMessage().Add(1, m.Key).Add(2, m.Value)));

    /// <summary>GraphProto: nodes in an order in which they can be computed; <paramref name="known"/> tells types of values inside it.</summary>
    public static ProtoMessage Graph(string name, IEnumerable<ProtoMessage> nodes, IEnumerable<ProtoMessage> initializers, IEnumerable<ProtoMessage> inputs, IEnumerable<ProtoMessage> outputs, IEnumerable<ProtoMessage> known) => new ProtoMessage()
        .Add(1, nodes)
        .Add(2, name)
        .Add(5, initializers)
        .Add(11, inputs)
        .Add(12, outputs)
        .Add(13, known);

    /// <summary>NodeProto: one operator of the standard.</summary>
    public static ProtoMessage Node(string name, string type, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlyList<ProtoMessage> attributes) => new ProtoMessage()
        .Add(1, inputs)
        .Add(2, outputs)
        .Add(3, name)
        .Add(4, type)
        .Add(5, attributes);

    /// <summary>AttributeProto of kind FLOAT.</summary>
    public static ProtoMessage Attribute(string name, float value) => new ProtoMessage().Add(1, name).Add(2, value).Add(20, 1L);

    /// <summary>AttributeProto of kind INT.</summary>
    public static ProtoMessage Attribute(string name, long value) => new ProtoMessage().Add(1, name).Add(3, value).Add(20, 2L);

    /// <summary>AttributeProto of kind INTS.</summary>
    public static ProtoMessage Attribute(string name, params long[] values) => new ProtoMessage().Add(1, name).Add(8, values).Add(20, 7L);

    /// <summary>TensorProto: a constant, its numbers row by row in raw_data.</summary>
    public static ProtoMessage Tensor(string name, OnnxType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> raw) => new ProtoMessage()
        .Add(1, shape)
        .Add(2, (long)type)
        .Add(8, name)
        .Add(9, raw);

    /// <summary>ValueInfoProto: an input or output; a dimension is a number, or the name of one that is known when it runs.</summary>
    public static ProtoMessage Value(string name, OnnxType type, params object[] shape)
    {
        var dimensions = shape.Select(d => d is string called ? new ProtoMessage().Add(2, called) : new ProtoMessage().Add(1, Convert.ToInt64(d, System.Globalization.CultureInfo.InvariantCulture)));
        var tensor = new ProtoMessage().Add(1, (long)type).Add(2, new ProtoMessage().Add(1, dimensions));
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, tensor));
    }
}
