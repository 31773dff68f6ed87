using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Text;
using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class TunedEncoderSourceTests
{
    private static readonly DateOnly s_cutoff = new(2024, 7, 1);
    private static readonly string s_start = SmallLanguage.Folder();
    private static readonly TunedEncoderOptions s_options = new()
    {
        Tuning = new() { Training = new() { LearningRate = 3e-3, Epochs = 4, TokensPerBatch = 256, Keep = KeptWeights.Best } }, FewestTexts = 5,
    };

    [Fact]
    public void It_learns_what_the_shop_knows_and_reads_new_texts_so()
    {
        using var encoder = Open(s_options, Texts(300, 1));
        var (texts, positive) = SmallLanguage.Reviews(60, 2);
        var read = encoder.Encode(texts);
        Assert.Equal(32, encoder.Width);
        Assert.All(read.Embeddings, v => Assert.Equal(32, v.Length));
        foreach (var head in new[] { "sentiment", "intent", "loyalty" })
        {
            Assert.All(read.Answers[head], a => Assert.Equal(1, a.Sum(), 1e-5));
            Assert.InRange(read.Answers[head].Zip(positive).Average(a => a.First[a.Second] > 0.5 ? 1.0 : 0), 0.9, 1);
        }
    }

    [Fact]
    public void What_was_learned_is_found_again_and_learned_anew_it_is_the_same_bits()
    {
        var (folder, stages, texts) = (Directory.CreateTempSubdirectory().FullName, new List<string>(), Texts(120, 1));
        var source = new TunedEncoderSource(s_start, s_options);
        using var first = source.Open(() => texts, s_cutoff, folder, 1);
        using var found = source.Open(() => texts, s_cutoff, folder, 1, new Told(stages.Add));
        Assert.Empty(stages);
        using var anew = source.Open(() => texts, s_cutoff, Directory.CreateTempSubdirectory().FullName, 1, new Told(stages.Add));
        Assert.Equal("tuning an encoder for 2024-07-01", stages.Distinct().Single());
        Assert.Equal((first.Identity, first.Identity), (found.Identity, anew.Identity));
        string[] asked = ["手机很好。", "客服太慢，退货。", ""];
        Assert.Equal(first.Encode(asked).Embeddings, anew.Encode(asked).Embeddings);
        Assert.Single(Directory.GetDirectories(folder));
        Assert.Empty(first.Encode([]).Embeddings);
    }

    [Fact]
    public void Other_labels_texts_or_settings_make_another_encoder()
    {
        var (folder, texts) = (Directory.CreateTempSubdirectory().FullName, Texts(120, 1));
        string Identity(TunedEncoderOptions options, ShopText[] known)
        {
            using var encoder = new TunedEncoderSource(s_start, options).Open(() => known, s_cutoff, folder, 1);
            return encoder.Identity;
        }
        var quick = s_options with { Tuning = s_options.Tuning with { Training = s_options.Tuning.Training with { Epochs = 1 } } };
        string[] found =
        [
            Identity(quick, texts), Identity(quick, [.. texts.Skip(1)]), Identity(quick, [.. texts.Select((t, i) => i == 0 ? t with { Stars = 6 - t.Stars } : t)]),
            Identity(quick with { Tuning = quick.Tuning with { Training = quick.Tuning.Training with { Seed = 2 } } }, texts),
        ];
        Assert.Distinct(found);
        Assert.Equal(4, Directory.GetDirectories(folder).Length);
    }

    [Fact]
    public void Labels_that_become_known_after_the_cutoff_change_nothing()
    {
        var texts = Texts(120, 1);
        var late = s_cutoff.ToDateTime(new(0, 0, 1));
        ShopText[] unknown = [.. texts.Select((t, i) => i % 3 == 0 ? t with { Buys = null, KeepsBuying = null, BuysKnown = late, KeepsBuyingKnown = late } : t)];
        ShopText[] leaked = [.. unknown.Select((t, i) => i % 3 == 0 ? t with { Buys = i % 2 == 0, KeepsBuying = i % 2 == 1 } : t)];
        using var expected = Open(s_options, unknown);
        using var found = Open(s_options, leaked);
        Assert.Equal(expected.Identity, found.Identity);

        var error = Assert.Throws<ArgumentException>(() => Open(s_options, [.. texts, texts[0] with { At = late }]));
        Assert.Contains("is dated 2024-07-01 00:00, and an encoder for the cutoff 2024-07-01 may see earlier ones only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_that_cannot_be_learned_yet_is_answered_with_even_odds()
    {
        using var encoder = Open(s_options, [.. Texts(120, 1).Select(t => t with { KeepsBuying = t.KeepsBuying is true ? true : null })]);
        var read = encoder.Encode(["手机很好。", "退货。"]);
        Assert.Equal(["sentiment", "intent", "loyalty"], encoder.Heads.Select(h => h.Name));
        Assert.All(read.Answers["loyalty"], a => Assert.Equal([0.5f, 0.5f], a));
        Assert.NotEqual(0.5f, read.Answers["sentiment"][0][0]);
        Assert.Contains("Of 6 texts before 2024-07-01, fewer than 5 have one answer or the other",
            Assert.Throws<InvalidOperationException>(() => Open(s_options, Texts(6, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_customers_labels_never_reach_the_encoder_of_their_group()
    {
        var (options, texts) = (s_options with { Folds = 3 }, Texts(150, 1));
        IFoldedEncoderSource source = new TunedEncoderSource(s_start, options);
        Assert.Equal(3, source.Folds);
        Assert.Equal(TimeOrderedFolds.Group("c7", 3), source.FoldOf("c7"));
        ShopText[] turned = [.. texts.Select(t => source.FoldOf(t.CustomerId) != 1 ? t : t with { Stars = 6 - t.Stars, Buys = !t.Buys, KeepsBuying = !t.KeepsBuying })];
        string Identity(int fold, ShopText[] known)
        {
            using var encoder = source.OpenFold(fold, () => known, s_cutoff, Directory.CreateTempSubdirectory().FullName, 1);
            return encoder.Identity;
        }
        Assert.Equal(Identity(1, texts), Identity(1, turned));
        Assert.NotEqual(Identity(0, texts), Identity(0, turned));
        Assert.Throws<ArgumentOutOfRangeException>(() => Identity(3, texts));
    }

    [Fact]
    public void Labels_learned_by_heart_help_the_encoder_that_saw_them_and_no_other()
    {
        // Labels of chance: whoever tells them has seen them.
        var (random, options) = (SplitMix64.Stream(4, 1), s_options with
        {
            Folds = 2, DevShare = 0,
            Tuning = new() { HeadDropout = 0, Training = new() { LearningRate = 4e-3, Epochs = 60, TokensPerBatch = 256, WeightDecay = 0 } },
        });
        ShopText[] texts = [.. Enumerable.Range(0, 120).Select(i =>
        {
            var word = new string([.. Enumerable.Range(0, 7).Select(_ => (char)('a' + random.Below(26)))]);
            return Text($"c{i}", word, random.Below(2) == 1);
        })];
        var source = new TunedEncoderSource(s_start, options);
        using var all = source.Open(() => texts, s_cutoff, Directory.CreateTempSubdirectory().FullName, 1);
        using var zero = source.OpenFold(0, () => texts, s_cutoff, Directory.CreateTempSubdirectory().FullName, 1);
        Assert.InRange(Right(all, texts), 0.9, 1);
        ShopText[] apart = [.. texts.Where(t => ((IFoldedEncoderSource)source).FoldOf(t.CustomerId) == 0)], others = [.. texts.Except(apart)];
        Assert.InRange(apart.Length, 40, 80);
        Assert.InRange(Right(zero, others), 0.9, 1);
        Assert.InRange(Right(zero, apart), 0.3, 0.7);                           // two standard errors about a half

        static double Right(ITextEncoder encoder, ShopText[] of) =>
            encoder.Encode([.. of.Select(t => t.Text)]).Answers["sentiment"].Zip(of).Average(a => a.First[1] > 0.5 == a.Second.IsPositive ? 1.0 : 0);
    }

    [Fact]
    public void From_nothing_the_language_is_learned_from_the_same_texts()
    {
        var recipe = new EncoderRecipe
        {
            Vocabulary = (_, folder) => File.WriteAllLines(Path.Combine(folder, "vocab.txt"), new LetterTokenizer().Vocabulary), VocabularyName = "letters",
            Encoder = SmallLanguage.Config(), Pretraining = new() { Training = new() { LearningRate = 3e-3, Epochs = 2, TokensPerBatch = 256 } }, WordEnds = null,
        };
        var (source, stages, folder) = (new TunedEncoderSource(recipe, s_options with { Folds = 2 }), new List<string>(), Directory.CreateTempSubdirectory().FullName);
        using var encoder = source.OpenFold(0, () => Texts(150, 1), s_cutoff, folder, 1, new Told(stages.Add));
        using var other = source.OpenFold(1, () => Texts(150, 1), s_cutoff, folder, 1, new Told(stages.Add));
        Assert.Equal(["pre-training", "tuning an encoder for 2024-07-01, group 1 of 2 apart", "tuning an encoder for 2024-07-01, group 2 of 2 apart"], stages.Distinct());
        Assert.NotEqual(encoder.Identity, other.Identity);
        Assert.Equal(source.Width, encoder.Width);
        Assert.StartsWith("from nothing: encoder 2x32", source.Settings["start"], StringComparison.Ordinal);
    }

    private static ITextEncoder Open(TunedEncoderOptions options, ShopText[] texts) =>
        new TunedEncoderSource(s_start, options).Open(() => texts, s_cutoff, Directory.CreateTempSubdirectory().FullName, 1);

    private static ShopText[] Texts(int count, int seed)
    {
        var (texts, positive) = SmallLanguage.Reviews(count, seed);
        return [.. texts.Select((text, i) => Text($"c{i}", text, positive[i] == 1))];
    }

    private static ShopText Text(string customer, string text, bool positive) =>
        new(customer, new(2023, 3, 1), "review", text, positive ? 5 : 1, positive, new(2023, 3, 15), positive, new(2023, 9, 1));

    private sealed class Told(Action<string> stage) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => stage(value.Stage);
    }
}
