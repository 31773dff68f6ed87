using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Packaging;

namespace CustomerValue.Onnx;

/// <summary>A network that reads histories as sentences, served by ONNX Runtime: what another engine learned, to 1e-4.</summary>
internal sealed class OnnxHistoryReader : IFittedCandidate, IDisposable
{
    private const int Start = 2, End = 3;

    private readonly string _name;
    private readonly FittedEventLanguage _language;
    private readonly DenseLayer _head;
    private readonly JointCalibration _calibration;
    private readonly OnnxStates _states;

    private OnnxHistoryReader(string name, FittedEventLanguage language, DenseLayer head, JointCalibration calibration, ReaderParts parts)
    {
        (_name, _language, _head, _calibration, Parts, _states) = (name, language, head, calibration, parts, new(parts.Config, parts.Weights));
        if (language.Vocabulary.Count != _states.Config.Vocabulary || head.Inputs != 2 * _states.Config.Width || head.Bias.Count != JointCalibration.Outputs)
            throw new InvalidDataException($"the language has {language.Vocabulary.Count} tokens and the head {head.Inputs} x {head.Bias.Count} weights, where the encoder asks for {_states.Config.Vocabulary} and {2 * _states.Config.Width} x {JointCalibration.Outputs}.");
    }

    // What it reads are records; no column of the table is looked at.
    public IReadOnlyList<string> Columns => [];

    private ReaderParts Parts { get; }

    public Scores Predict(FeatureTable customers)
    {
        var rows = CustomerHistories.Of(customers, _name).Select(h => Row(_language.Write(h, customers.Cutoff).Ids)).ToArray();
        var outputs = new double[rows.Length][];
        AtOnce.For(rows.Length, ReaderParts.Threads, row => outputs[row] = _head.Of(_states.FirstAndMean(rows[row])), CancellationToken.None);
        return _calibration.Of(outputs);
    }

    public void Dispose() => _states.Dispose();

    private int[] Row(int[] sentence) => [Start, .. sentence.Take(_states.Config.Positions - 2), End];

    /// <summary>Writes any engine's network, and reads it as one of these.</summary>
    internal sealed class Codec : IModelCodec
    {
        public string Kind => "history-reader";

        public int Version => 1;

        public Type Model => typeof(OnnxHistoryReader);

        public string? Notice => ReaderParts.Notice;

        public bool ReadsRecords => true;

        public double Tolerance => ReaderParts.Tolerance;

        public bool Takes(object model) => model is ITunedHistoryReader;

        public void Write(object model, ModelWriter to)
        {
            var (name, language, head, calibration, parts) = model is OnnxHistoryReader own ? (own._name, own._language, own._head, own._calibration, own.Parts)
                : model is ITunedHistoryReader tuned ? (tuned.Name, tuned.Language, tuned.Head, tuned.Calibration, ReaderParts.Of(tuned, withTokenizer: false)) : throw new ArgumentException($"{model.GetType().Name} reads no histories.", nameof(model));
            to.Text("name", name);
            to.Model("language", language);
            to.Model("head", head);
            to.Model("calibration", calibration);
            parts.Write(to);
        }

        public object Read(ModelReader from) => new OnnxHistoryReader(from.Text("name"), from.Model<FittedEventLanguage>("language"), from.Model<DenseLayer>("head"), from.Model<JointCalibration>("calibration"), ReaderParts.Read(from, withTokenizer: false));
    }
}
