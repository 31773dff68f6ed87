using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Text;
using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class EncoderCandidateTests
{
    private static readonly EncoderRecipe s_recipe = new()
    {
        Vocabulary = (texts, folder) => File.WriteAllLines(Path.Combine(folder, "vocab.txt"), new LetterTokenizer().Vocabulary), VocabularyName = "letters",
        Encoder = SmallLanguage.Config(),
        Pretraining = new() { Training = new() { LearningRate = 3e-3, Epochs = 4, TokensPerBatch = 256 } },
        WordEnds = text => [.. Enumerable.Range(1, text.Length)],
    };

    private static readonly EncoderCandidate s_candidate = new("own-encoder", s_recipe)
    {
        Tuning = new() { Training = new() { LearningRate = 3e-3, Epochs = 4, TokensPerBatch = 256, Keep = KeptWeights.Best, CheckpointEvery = 5 } },
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
    public void An_encoder_that_was_taught_once_serves_other_candidates()
    {
        var (taught, texts) = (Directory.CreateTempSubdirectory().FullName, SmallLanguage.Reviews(200, 9).Texts);
        var corpus = new TextCorpus("chats", texts[..150], texts[150..]);
        var candidate = new EncoderCandidate("taught", s_recipe) { Tuning = s_candidate.Tuning, Corpus = corpus };
        var stages = new HashSet<string>();
        using var one = candidate.Fit(s_train, s_dev, new(Seed: 3, Progress: new Told(p => stages.Add(p.Stage))) { TaughtFolder = taught }, default);
        Assert.Equal(["pre-training", "fine-tuning"], stages);
        stages.Clear();
        using var other = candidate.Fit(s_train, s_dev, new(Seed: 3, Progress: new Told(p => stages.Add(p.Stage))) { TaughtFolder = taught }, default);
        Assert.Equal(["fine-tuning"], stages);
        Assert.Equal(one.Probabilities(s_dev.Texts, default), other.Probabilities(s_dev.Texts, default));
        Assert.Equal(((ITellsChoices)one).Choices["pretraining"], ((ITellsChoices)other).Choices["pretraining"]);

        stages.Clear();
        using var another = new EncoderCandidate("taught", s_recipe) { Tuning = s_candidate.Tuning, Corpus = corpus with { Texts = texts[..149] } }
            .Fit(s_train, s_dev, new(Seed: 3, Progress: new Told(p => stages.Add(p.Stage))) { TaughtFolder = taught }, default);
        Assert.Contains("pre-training", stages);
        Assert.Equal(2, Directory.GetDirectories(taught).Length);
    }

    [Fact]
    public void Another_task_comes_first_where_one_is_given()
    {
        var progress = new List<string>();
        var earlier = new EarlierTask("reviews", s_train, s_dev);
        var candidate = new EncoderCandidate("twice", s_recipe) { Tuning = s_candidate.Tuning, Earlier = earlier };
        var few = new LabelledTexts([.. s_train.Texts.Take(12)], [.. s_train.Labels.Take(12)], s_train.Classes);
        using var tuned = candidate.Fit(few, s_dev, new(Seed: 3, Progress: new Told(p => progress.Add(p.Stage))), default);
        Assert.Equal(["pre-training", "tuning to reviews", "fine-tuning"], progress.Distinct());
        Assert.InRange(tuned.Probabilities(s_dev.Texts, default).Zip(s_dev.Labels).Average(a => a.First[a.Second] > 0.5 ? 1.0 : 0), 0.95, 1);      // of twelve texts alone it couldn't
        Assert.Equal("reviews, 200 texts", candidate.Settings["earlier"]);
    }

    [Fact]
    public void What_comes_first_is_learned_once_for_candidates_that_differ_after_it()
    {
        var (taught, stages) = (Directory.CreateTempSubdirectory().FullName, new List<string>());
        var first = new EncoderCandidate("first", s_recipe) { Tuning = s_candidate.Tuning, Earlier = new("reviews", s_train, s_dev) };
        var gentle = new EncoderCandidate("gentle", s_recipe)
        {
            Earlier = first.Earlier, EarlierTuning = s_candidate.Tuning, Tuning = s_candidate.Tuning with { Training = s_candidate.Tuning.Training with { LearningRate = 1e-4 } },
        };
        var few = new LabelledTexts([.. s_train.Texts.Take(12)], [.. s_train.Labels.Take(12)], s_train.Classes);
        using var one = first.Fit(few, s_dev, new(Seed: 3) { TaughtFolder = taught }, default);
        using var other = gentle.Fit(few, s_dev, new(Seed: 4, Progress: new Told(p => stages.Add(p.Stage))) { TaughtFolder = taught }, default);
        Assert.Equal(["fine-tuning"], stages.Distinct());
        Assert.Contains("LearningRate 0.003", gentle.Settings["earlier_tuning"], StringComparison.Ordinal);

        stages.Clear();
        using var another = new EncoderCandidate("other", s_recipe) { Earlier = first.Earlier, EarlierTuning = gentle.Tuning, Tuning = gentle.Tuning }
            .Fit(few, s_dev, new(Seed: 4, Progress: new Told(p => stages.Add(p.Stage))) { TaughtFolder = taught }, default);
        Assert.Equal(["tuning to reviews", "fine-tuning"], stages.Distinct());
    }

    [Fact]
    public void An_imported_encoder_is_told_from_another_by_its_weights()
    {
        var candidate = new ImportedEncoderCandidate("imported", SmallLanguage.Folder(), s_candidate.Tuning);
        Assert.Matches("^[0-9a-f]{12}$", candidate.Settings["weights"]);
        using var fitted = candidate.Fit(s_train, s_dev, new(Seed: 3), default);
        Assert.InRange(fitted.Probabilities(s_dev.Texts, default).Zip(s_dev.Labels).Average(a => a.First[a.Second] > 0.5 ? 1.0 : 0), 0.9, 1);
    }

    [Fact]
    public void What_else_is_known_of_the_training_texts_is_learned_beside()
    {
        // The side question is the label itself, so that both can be learned by so small a network.
        var targets = s_train.Texts.Zip(s_train.Labels).DistinctBy(t => t.First).ToDictionary(t => t.First, t => (float)t.Second);
        var beside = new SideTask(new("mood", HeadKind.Ordinal, ["low", "high"]), targets, Weight: 1);
        var candidate = new ImportedEncoderCandidate("beside", SmallLanguage.Folder(), s_candidate.Tuning) { Beside = [beside] };
        Assert.StartsWith("mood (Ordinal), weight 1, ", candidate.Settings["beside.mood"], StringComparison.Ordinal);
        Assert.NotEqual(candidate.Settings["beside.mood"], (beside with { Targets = targets.Skip(1).ToDictionary() }).Told);
        using var fitted = candidate.Fit(s_train, s_dev with { Texts = [.. s_dev.Texts, s_train.Texts[0]], Labels = [.. s_dev.Labels, s_train.Labels[0]] }, new(Seed: 3), default);
        var answers = fitted.Probabilities(s_dev.Texts, default);
        Assert.All(answers, a => Assert.Equal(2, a.Length));
        Assert.InRange(answers.Zip(s_dev.Labels).Average(a => a.First[a.Second] > 0.5 ? 1.0 : 0), 0.9, 1);
    }

    [Fact]
    public void A_side_task_of_a_data_set_leaves_its_test_texts_alone()
    {
        var texts = new TextDataset("stars", ["1", "2"], new(["a", "b"], [0, 1]), new(["c"], [1]), new(["d"], [0]));
        var task = SideTask.Of("stars", texts, HeadKind.Ordinal);
        Assert.Equal(["a", "b", "c"], task.Targets.Keys.Order());
        Assert.Equal([0f, float.NaN], task.Of(["a", "d"]));
    }

    [Fact]
    public void Weights_cannot_be_chosen_by_a_head_that_is_not_there() =>
        Assert.Contains("'mood'. There are: label", Assert.Throws<ArgumentException>(() => FineTuning.Train(
            TextBackbone.Open(SmallLanguage.Folder(), CustomerValue.Torch.Weights.WeightUse.Train), [new("label", HeadKind.Classification, s_train.Classes)], s_candidate.Tuning with { ChosenBy = "mood" },
            HeadedTexts.Of("label", s_train.Texts, s_train.Labels), null, null, null, TimeProvider.System, default)).Message, StringComparison.Ordinal);

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
