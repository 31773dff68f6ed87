using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Packaging;
using CustomerValue.Text;

namespace CustomerValue.Experiments;

/// <summary>A candidate's answers for the test rows and its fitted model, as its codec wrote it; null where it has none.</summary>
internal sealed record FittedAnswer(TimedScores Answer, PackageFiles? Model)
{
    private const string Folder = "model";

    public void Write(string folder)
    {
        Answer.Write(folder);
        Model?.WriteFolder(Path.Combine(folder, Folder));
    }

    public static FittedAnswer Read(string name, string folder) =>
        new(TimedScores.Read(name, folder), Path.Combine(folder, Folder) is var model && Directory.Exists(model) ? PackageFiles.ReadFolder(model) : null);
}

/// <summary>What the last stage has to work with.</summary>
internal sealed record Judged(string RunId, string Fingerprint, TrainingData Data, LabelledTable Test, IReadOnlyList<FittedAnswer> Fits, Scoreboard? Validation,
    IReadOnlyList<ModelComparison> Comparisons, Winners Winners, Func<ITextEncoder?> Encoder);

/// <summary>The winners leave the experiment: as NAME.zip, as the folder NAME, which MLflow shows, and NAME.json, which says which run made them.</summary>
internal sealed class PackageStage(Experiment experiment, RunOptions options, ModelCodecs codecs)
{
    /// <summary>Makes the package; null where no candidate answers, or a winner reads records and no codec writes it.</summary>
    /// <exception cref="InvalidOperationException">A winner can't be packaged.</exception>
    public PackageResult? Run(Judged judged, CancellationToken cancellation)
    {
        if (judged.Winners is { Value: null, Churn: null }) return null;
        if (experiment.Candidates.Zip(judged.Fits).Any(c => c.First is IReadsRecords && c.Second.Model is null && (c.First.Name == judged.Winners.Value || c.First.Name == judged.Winners.Churn))) return null;
        var split = experiment.Split;
        var package = new PackageBuilder(codecs).Build(new()
        {
            Name = experiment.Name,
            Program = new(typeof(PackageStage).Assembly.GetName().Version?.ToString(3) ?? "unknown", ProgramVersion.Current),
            Origin = new(experiment.Name, experiment.Question, options.Commit, judged.Fingerprint, experiment.Seed, options.Threads,
                split.TrainCutoffs, split.TestCutoff, split.HorizonDays, judged.Winners.ChosenBy),
            Value = Winner(judged, judged.Winners.Value, Target.Value),
            Churn = Winner(judged, judged.Winners.Churn, Target.Churn),
            Comparisons = judged.Comparisons,
            Training = judged.Data.Cutoffs.Count > 0 ? [.. judged.Data.Cutoffs.Select(c => c.Features)] : [judged.Data.Current],
            Test = judged.Test,
            Metrics = experiment.Metrics,
            FeatureSettings = Settings(),
            Encoder = () => Encoder(judged),
        }, cancellation);
        return WrittenPackage.Write(package.Files, options.PackagePlace(experiment.Name), experiment.Name, judged.RunId);
    }

    // Whoever builds the features anew must know whose they are.
    private IReadOnlyDictionary<string, string> Settings() => experiment.Split is not FirstOrderSplit ? experiment.Features.Settings
        : new Dictionary<string, string>(experiment.Features.Settings) { [PackageManifest.RowsSetting] = PackageManifest.FirstOrders };

    private PackageFiles? Encoder(Judged judged)
    {
        using var encoder = judged.Encoder();
        return encoder is null ? null : codecs.Write(encoder);
    }

    private PackagedWinner? Winner(Judged judged, string? name, Target target)
    {
        if (name is null) return null;
        var number = experiment.Candidates.Select((c, i) => (c, i)).Single(c => c.c.Name == name).i;
        var fit = judged.Fits[number];
        return new(name, experiment.Candidates[number].Settings,
            fit.Model ?? throw new InvalidOperationException(
                $"The winner '{name}' can't be packaged: no codec writes its model, or a parameter isn't finite. Give it a codec and hand it to the program's codecs (CONTRIBUTING.md, 'A candidate')."),
            Scoreboard.Answer(fit.Answer.Scores, target)!,
            judged.Validation?.Candidates[number].Metrics.Where(m => Metric.All.Any(a => a.Key == m.Key && a.Target == target)).ToDictionary() ?? []);
    }
}
