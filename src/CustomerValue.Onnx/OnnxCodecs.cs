using CustomerValue.Models.Text;
using CustomerValue.Packaging;
using CustomerValue.Text;
using Microsoft.ML.OnnxRuntime;

namespace CustomerValue.Onnx;

/// <summary>Packages encoders that some engine has tuned, and serves them through ONNX Runtime.</summary>
public static class OnnxCodecs
{
    /// <summary>One codec for each kind of model.</summary>
    public static IReadOnlyList<IModelCodec> All { get; } = [new OnnxEncoderCodec(), new OnnxReaderCodec(), new OnnxHistoryReader.Codec(), new OnnxCustomerTexts.Codec()];
}

/// <summary>An encoder as a package holds it: config.json, the weights that its graph asks for in safetensors, the tokenizer's files, and the one head that answers.</summary>
/// <remarks>
/// No graph stands in a package. It is written anew at every load, by <see cref="OnnxGraphWriter"/>, from weights that were read by a strict reader and whose shapes were checked: so
/// ONNX Runtime, which is native code and trusts what it is given, never sees a graph that came from elsewhere.
/// </remarks>
internal sealed class OnnxEncoderCodec : IModelCodec
{
    public string Kind => "onnx-encoder";

    public int Version => 1;

    public Type Model => typeof(OnnxLabeller);

    public string? Notice => "ONNX Runtime (MIT, Microsoft Corporation), needed to answer: runs the encoder, whose graph is written anew from its weights at every load.";

    public bool Takes(object model) => model is ITunedEncoder;

    public void Write(object model, ModelWriter to)
    {
        var parts = (model as OnnxLabeller)?.Parts ?? Taken((ITunedEncoder)model);
        to.Text("head", parts.Heads[0].Name);
        to.Text("answers", parts.Heads[0].Kind.ToString());
        to.Texts("labels", parts.Heads[0].Labels);
        parts.Write(to);
    }

    public object Read(ModelReader from)
    {
        var kind = EncoderParts.Named<HeadKind>(from, "answers");
        if (kind == HeadKind.Regression) throw new InvalidDataException("its head answers a number, where labels are expected.");
        return new OnnxLabeller(EncoderParts.Read(from, [new TextHead(from.Text("head"), kind, from.Texts("labels"))]));
    }

    // Everything passes through a folder, as engines write and read it, and what isn't asked for stays there.
    private static EncoderParts Taken(ITunedEncoder model)
    {
        var folder = Directory.CreateTempSubdirectory("customervalue-encoder-").FullName;
        try
        {
            model.Save(folder);
            return EncoderParts.Of(folder, model.Head);
        }
        catch (Exception error) when (error is InvalidDataException or FileNotFoundException)
        {
            throw new InvalidOperationException($"The network can't be packaged: {error.Message.Replace(folder, "its folder", StringComparison.Ordinal)}", error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>An encoder that reads customers' texts for features, as a package holds it: the same files, with all heads.</summary>
internal sealed class OnnxReaderCodec : IModelCodec
{
    public string Kind => "onnx-reader";

    public int Version => 1;

    public Type Model => typeof(OnnxReader);

    public bool Takes(object model) => model is IEncoderFolder;

    public string? Notice => "ONNX Runtime (MIT, Microsoft Corporation), needed to read texts: runs the encoder, whose graph is written anew from its weights at every load.";

    public void Write(object model, ModelWriter to)
    {
        var parts = (model as OnnxReader)?.Parts ?? Taken((IEncoderFolder)model);
        to.Each("heads", parts.Heads, (head, one) =>
        {
            one.Text("name", head.Name);
            one.Text("answers", head.Kind.ToString());
            one.Texts("labels", head.Labels);
            one.Number("mean", head.Mean);
            one.Number("scale", head.Scale);
        });
        parts.Write(to);
    }

    private static EncoderParts Taken(IEncoderFolder model)
    {
        try
        {
            return EncoderParts.Of(model.Folder);
        }
        catch (Exception error) when (error is InvalidDataException or FileNotFoundException)
        {
            throw new InvalidOperationException($"The encoder can't be packaged: {error.Message}", error);
        }
    }

    public object Read(ModelReader from) => new OnnxReader(EncoderParts.Read(from,
        from.Each("heads", one => new TextHead(one.Text("name"), EncoderParts.Named<HeadKind>(one, "answers"), one.Texts("labels"), one.Number("mean"), one.Number("scale", double.Epsilon)))));
}

/// <summary>A packaged encoder that answers through ONNX Runtime. May be asked from several threads at once.</summary>
internal sealed class OnnxLabeller : IFittedTextCandidate, IRoundsByMachine, IHasParts
{
    private readonly OnnxTextEncoder _encoder;
    private readonly string _told;

    /// <summary>Writes the graph and opens it.</summary>
    /// <exception cref="InvalidDataException">The parts don't fit together, or can't be trusted.</exception>
    public OnnxLabeller(EncoderParts parts) => (Parts, (_encoder, _told)) = (parts, parts.Open());

    /// <summary>What it was made of.</summary>
    public EncoderParts Parts { get; }

    IReadOnlyList<string> IHasParts.Parts => [_told];

    /// <summary>Kernels differ by processor; a probability's fifth digit may.</summary>
    public double Tolerance => 1e-4;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">ONNX Runtime can't answer.</exception>
    public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        try
        {
            return [.. _encoder.Answer(Parts.Heads[0].Name, texts, cancellation).Select(row => Array.ConvertAll(row, p => (double)p))];
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidDataException($"The encoder can't answer: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();
}
