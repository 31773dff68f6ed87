using CustomerValue.Models.Text;
using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class EncoderCandidateTests
{
    private static readonly EncoderCandidate s_candidate = new("own-encoder", (texts, folder) => File.WriteAllLines(Path.Combine(folder, "vocab.txt"), new LetterTokenizer().Vocabulary), "letters")
    {
        Encoder = SmallLanguage.Config(),
        Pretraining = new() { Training = new() { LearningRate = 3e-3, Epochs = 4, TokensPerBatch = 256 } },
        Tuning = new() { Training = new() { LearningRate = 3e-3, Epochs = 4, TokensPerBatch = 256, Keep = KeptWeights.Best, CheckpointEvery = 5 } },
        WordEnds = text => [.. Enumerable.Range(1, text.Length)],
    };

    private static readonly LabelledTexts s_train = Labelled(200, 1), s_dev = Labelled(60, 2);

    [Fact]
    public void It_learns_language_and_labels_and_repeats_itself()
    {
        using var one = s_candidate.Fit(s_train, s_dev, new(Seed: 3), default);
        using var again = s_candidate.Fit(s_train, s_dev, new(Seed: 3), default);
        var (answers, repeated) = (one.Probabilities(s_dev.Texts, default), again.Probabilities(s_dev.Texts, default));
        Assert.Equal(answers, repeated);
        Assert.All(answers, a => Assert.Equal(1, a.Sum(), 1e-9));
        Assert.InRange(answers.Zip(s_dev.Labels).Average(a => a.First[a.Second] > 0.5 ? 1.0 : 0), 0.95, 1);
        Assert.True(((ITellsChoices)one).Choices.ContainsKey("dev_accuracy"));
    }

    [Theory, InlineData("pre-training"), InlineData("fine-tuning")]
    public void A_fit_that_was_stopped_goes_on_to_the_same_answers(string stage)
    {
        using var whole = s_candidate.Fit(s_train, s_dev, new(Seed: 3), default);
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var cancel = new CancellationTokenSource();
        var progress = new Told(p => { if (p.Stage == stage && p.Done == 12) cancel.Cancel(); });
        Assert.Throws<OperationCanceledException>(() => s_candidate.Fit(s_train, s_dev, new(Seed: 3, Folder: folder, Progress: progress), cancel.Token));
        var began = new Dictionary<string, double>();
        using var resumed = s_candidate.Fit(s_train, s_dev, new(Seed: 3, Folder: folder, Progress: new Told(p => began.TryAdd(p.Stage, p.Done))), default);

        Assert.Equal(13, began[stage]);
        Assert.Equal(whole.Probabilities(s_dev.Texts, default), resumed.Probabilities(s_dev.Texts, default));
    }

    [Fact]
    public void An_imported_encoder_is_told_from_another_by_its_weights()
    {
        var candidate = new ImportedEncoderCandidate("imported", SmallLanguage.Folder(), s_candidate.Tuning);
        Assert.Matches("^[0-9a-f]{12}$", candidate.Settings["weights"]);
        using var fitted = candidate.Fit(s_train, s_dev, new(Seed: 3), default);
        Assert.InRange(fitted.Probabilities(s_dev.Texts, default).Zip(s_dev.Labels).Average(a => a.First[a.Second] > 0.5 ? 1.0 : 0), 0.9, 1);
    }

    private static LabelledTexts Labelled(int count, int seed)
    {
        var (texts, labels) = SmallLanguage.Reviews(count, seed);
        return new(texts, labels, ["bad", "good"]);
    }

    private sealed class Told(Action<StageProgress> told) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => told(value);
    }
}
