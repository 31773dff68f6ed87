using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Packaging;
using CustomerValue.Text;

namespace CustomerValue.Onnx;

/// <summary>A network that reads a customer's texts beside features, served by ONNX Runtime: what another engine learned, to 1e-4.</summary>
internal sealed class OnnxCustomerTexts : IFittedCandidate, IDisposable
{
    private readonly string _name;
    private readonly FittedScaling _scaling;
    private readonly TextAttentionWeights _attention;
    private readonly JointCalibration _calibration;
    private readonly int _mostTexts, _textTokens;
    private readonly OnnxStates _states;
    private readonly ITokenizer _tokenizer;

    private OnnxCustomerTexts(string name, FittedScaling scaling, TextAttentionWeights attention, JointCalibration calibration, int mostTexts, int textTokens, ReaderParts parts)
    {
        (_name, _scaling, _attention, _calibration, _mostTexts, _textTokens, Parts) = (name, scaling, attention, calibration, mostTexts, textTokens, parts);
        Columns = [.. scaling.Columns.Select(c => c.Name)];
        (_tokenizer, _states) = (parts.OpenTokenizer(), new(parts.Config, parts.Weights));
        if (attention.Nothing.Length != _states.Config.Width || attention.First.Inputs != attention.Nothing.Length + Columns.Count || textTokens > _states.Config.Positions || _tokenizer.Vocabulary.Count > _states.Config.Vocabulary)
            throw new InvalidDataException($"vectors of {attention.Nothing.Length} with {Columns.Count} features, {textTokens} tokens a text and {_tokenizer.Vocabulary.Count} in the vocabulary don't fit an encoder of {_states.Config.Width}, {_states.Config.Positions} and {_states.Config.Vocabulary}, and a layer of {attention.First.Inputs}.");
    }

    public IReadOnlyList<string> Columns { get; }

    private ReaderParts Parts { get; }

    public Scores Predict(FeatureTable customers)
    {
        var known = new TextRows();
        var rows = known.Of(customers, _scaling, _mostTexts, _name, CancellationToken.None);
        var vectors = new float[known.Texts.Count][];
        AtOnce.For(vectors.Length, ReaderParts.Threads, text => vectors[text] = _states.Mean(_tokenizer.Encode(known.Texts[text], _textTokens) is { Length: > 0 } ids ? ids : [0]), CancellationToken.None);
        return _calibration.Of([.. rows.Select(row => _attention.Of([.. row.Texts.Select(text => vectors[text])], row))]);
    }

    public void Dispose() => _states.Dispose();

    /// <summary>Writes any engine's network, and reads it as one of these.</summary>
    internal sealed class Codec : IModelCodec
    {
        public string Kind => "text-reader";

        public int Version => 1;

        public Type Model => typeof(OnnxCustomerTexts);

        public string? Notice => ReaderParts.Notice;

        public bool ReadsRecords => true;

        public double Tolerance => ReaderParts.Tolerance;

        public bool Takes(object model) => model is ITunedTextReader;

        public void Write(object model, ModelWriter to)
        {
            var m = model as OnnxCustomerTexts;
            if (m is null && model is not ITunedTextReader) throw new ArgumentException($"{model.GetType().Name} reads no texts.", nameof(model));
            var tuned = (model as ITunedTextReader)!;
            to.Text("name", m?._name ?? tuned.Name);
            to.Model("scaling", m?._scaling ?? tuned.Scaling);
            to.Model("attention", m?._attention ?? tuned.Attention);
            to.Model("calibration", m?._calibration ?? tuned.Calibration);
            to.Whole("most_texts", m?._mostTexts ?? tuned.MostTexts);
            to.Whole("text_tokens", m?._textTokens ?? tuned.TextTokens);
            (m?.Parts ?? ReaderParts.Of(tuned, withTokenizer: true)).Write(to);
        }

        public object Read(ModelReader from) => new OnnxCustomerTexts(from.Text("name"), from.Model<FittedScaling>("scaling"), from.Model<TextAttentionWeights>("attention"), from.Model<JointCalibration>("calibration"),
            from.Whole("most_texts", 1, 1000), from.Whole("text_tokens", 1, 100_000), ReaderParts.Read(from, withTokenizer: true));
    }
}
