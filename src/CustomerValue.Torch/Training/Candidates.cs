using System.Globalization;
using CustomerValue.Models.Text;
using CustomerValue.Text;

namespace CustomerValue.Torch.Training;

/// <summary>What candidates that are networks share.</summary>
internal static class Candidates
{
    private const string Head = "label";

    /// <summary>A folder made by work that ends: whole or absent, and made once.</summary>
    public static string Once(string folder, Action<string> make)
    {
        if (Directory.Exists(folder)) return folder;
        var part = folder + ".part";
        if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
        Directory.CreateDirectory(part);
        make(part);
        Directory.Move(part, folder);
        return folder;
    }

    /// <summary>A network tuned to the labels, as an experiment asks it.</summary>
    public static IFittedTextCandidate Tune(
        string model, FineTuningOptions options, LabelledTexts train, LabelledTexts dev, IReadOnlyList<SideTask> beside, string? folder, IReadOnlyDictionary<string, string> taught,
        TextFitContext context, CancellationToken cancellation)
    {
        var (tuned, report) = Train(model, options, train, dev, beside, folder, "fine-tuning", context, cancellation);
        return new Fitted(tuned, report, taught);
    }

    public static (TunedTextModel Model, TrainingReport Report) Train(
        string model, FineTuningOptions options, LabelledTexts train, LabelledTexts dev, IReadOnlyList<SideTask> beside, string? folder, string stage, TextFitContext context, CancellationToken cancellation)
    {
        options = options with
        {
            Training = options.Training with { Seed = context.Seed, Threads = context.Threads },
            HeadWeights = beside.Aggregate(options.HeadWeights, (weights, task) => new Dictionary<string, double>(weights) { [task.Head.Name] = task.Weight }), ChosenBy = Head,
        };
        HeadedTexts Headed(LabelledTexts texts) => new(texts.Texts, new Dictionary<string, float[]>(beside.Select(task => KeyValuePair.Create(task.Head.Name, task.Of(texts.Texts))))
        {
            [Head] = [.. texts.Labels.Select(label => (float)label)],
        });
        return FineTuning.Train(
            TextBackbone.Open(model, Weights.WeightUse.Train), [new(Head, HeadKind.Classification, train.Classes), .. beside.Select(task => task.Head)], options,
            Headed(train), Headed(dev), folder, Progress(stage, context), TimeProvider.System, cancellation);
    }

    public static IProgress<TrainingStep>? Progress(string stage, TextFitContext context) => Progress(stage, context.Progress);

    public static IProgress<TrainingStep>? Progress(string stage, IProgress<StageProgress>? told) => told is null ? null : new Steps(stage, told);

    public static string Told(IReadOnlyDictionary<string, string> settings) =>
        string.Join(", ", settings.Where(s => s.Key is not nameof(TrainingOptions.Seed) and not nameof(TrainingOptions.Threads)).Select(s => $"{s.Key} {s.Value}"));

    private sealed class Steps(string stage, IProgress<StageProgress> told) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => told.Report(new(stage, value.Step, value.Steps, "steps",
            string.Create(CultureInfo.InvariantCulture, $"loss {value.Loss:0.000}, rate {value.LearningRate:0.0e0}, {value.TokensPerSecond:#,0} tokens/s")));
    }

    private sealed class Fitted(TunedTextModel model, TrainingReport report, IReadOnlyDictionary<string, string> taught) : ITunedEncoder, ITellsChoices
    {
        public IReadOnlyDictionary<string, string> Choices { get; } = new Dictionary<string, string>(taught)
        {
            ["best_step"] = string.Create(CultureInfo.InvariantCulture, $"{report.BestStep} of {report.Steps}"),
            ["dev_accuracy"] = report.Best?[$"{Head}_accuracy"].ToString("0.0000", CultureInfo.InvariantCulture) ?? "",
        };

        string ITunedEncoder.Head => Head;

        public void Save(string folder) => model.Save(folder);

        public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) => model.Answers(Head, texts, cancellation);

        public void Dispose() => model.Dispose();
    }
}
