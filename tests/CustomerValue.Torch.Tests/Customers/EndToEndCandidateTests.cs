using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Testing;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Customers;
using CustomerValue.Torch.Training;
using static TorchSharp.torch;

namespace CustomerValue.Tests.Customers;

public sealed class EndToEndCandidateTests
{
    private static readonly EndToEndOptions s_tiny = new()
    {
        Scratch = new() { HiddenSize = 32, Layers = 1, Heads = 2, IntermediateSize = 64, MaxPositions = 32, HiddenDropout = 0 },
        Pieces = 150, TextTokens = 24, Texts = 3, Attention = 8, Hidden = (16, 8), Dropout = 0, EncoderRate = 1,
        Tuning = new() { LearningRate = 5e-3, Epochs = 10, TokensPerBatch = 256, Keep = KeptWeights.Best },
    };

    private static EndToEndOptions Quick => s_tiny with { Tuning = s_tiny.Tuning with { Epochs = 1 } };

    [Fact]
    public void Keeps_the_contract() => CandidateContract.Holds(new EndToEndCandidate(Quick), MadeHistories.Shop(60, 20).Data, isPackaged: false);

    [Theory, InlineData(false), InlineData(true)]
    public void Words_that_tell_who_leaves_are_found_on_customers_never_seen(bool frozen)
    {
        var (data, asked) = MadeHistories.Shop();
        var scores = new EndToEndCandidate(s_tiny with { Frozen = frozen, Tuning = s_tiny.Tuning with { Epochs = frozen ? 30 : 10 } }).Fit(data, new FitContext(7)).Predict(data.Current);
        Assert.True(MadeHistories.Auc(scores.Churn!, asked.Churned) > 0.8, $"AUC is {MadeHistories.Auc(scores.Churn!, asked.Churned):0.000}");
        Assert.True(MadeHistories.Auc([.. scores.Spend!.Select(s => -s)], asked.Churned) > 0.8);
        Assert.InRange(scores.Spend!.Sum() / asked.Spend.Sum(), 0.7, 1.4);
    }

    [Fact]
    public void Of_two_reviews_that_differ_the_newer_one_counts()
    {
        var (data, asked) = MadeHistories.Shop(turned: true);
        var scores = new EndToEndCandidate(s_tiny with { Frozen = true, Tuning = s_tiny.Tuning with { LearningRate = 1e-2, Epochs = 60 } }).Fit(data, new FitContext(7)).Predict(data.Current);
        Assert.True(MadeHistories.Auc(scores.Churn!, asked.Churned) > 0.8, $"AUC is {MadeHistories.Auc(scores.Churn!, asked.Churned):0.000}");
    }

    [Fact]
    public void From_an_encoders_folder_it_begins_with_what_that_has_learned_and_keeps_the_contract()
    {
        var folder = RealModels.Need("bert-tiny-random");
        var (data, _) = MadeHistories.Shop(60, 20);
        var options = Quick with { Encoder = folder, Frozen = true };
        CandidateContract.Holds(new EndToEndCandidate(options), data, isPackaged: false);

        // The encoder stays as it is in the folder: its weights, left out of learning, are found again in what is packaged.
        using var saved = new TemporaryFolder();
        ((ITunedTextReader)new EndToEndCandidate(options).Fit(data, new FitContext(7))).Save(saved.Path);
        using var before = WeightFolder.Open(folder);
        using var after = WeightFolder.Open(saved.Path);
        foreach (var weight in after.Weights) Assert.Equal(before.ReadSingles(before.Find(weight.Name) is null ? $"bert.{weight.Name}" : weight.Name), after.ReadSingles(weight.Name));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "vocab.txt")), File.ReadAllBytes(saved.In("vocab.txt")));

        // Left to learn, it moves.
        using var tuned = new TemporaryFolder();
        ((ITunedTextReader)new EndToEndCandidate(options with { Frozen = false }).Fit(data, new FitContext(7))).Save(tuned.Path);
        using var moved = WeightFolder.Open(tuned.Path);
        const string Layer = "encoder.layer.0.output.dense.weight";
        Assert.NotEqual(after.ReadSingles(Layer), moved.ReadSingles(Layer));
    }

    [Fact]
    public void A_folder_that_could_not_be_packaged_is_refused_before_anything_is_learned()
    {
        var decoder = RealModels.Need("gpt2-tiny-random");
        var refused = Assert.Throws<InvalidDataException>(() => new EndToEndCandidate(Quick with { Encoder = decoder }).Settings);
        Assert.Contains($"{decoder} holds a gpt2. Give the folder of a BERT", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_still_to_come_changes_no_bit()
    {
        var (data, scrambled) = (MadeHistories.Shop(60, 20).Data, MadeHistories.Shop(60, 20, scrambled: true).Data);
        var candidate = new EndToEndCandidate(Quick);
        var (plain, other) = (candidate.Fit(data, new FitContext(7)).Predict(data.Current), candidate.Fit(scrambled, new FitContext(7)).Predict(scrambled.Current));
        Assert.Equal(plain.Churn, other.Churn);
        Assert.Equal(plain.Spend, other.Spend);
    }

    [Fact]
    public void One_by_one_in_double_precision_is_what_the_batch_is_in_single()
    {
        using var scope = NewDisposeScope();
        using var network = new TextAttention(6, 2, (5, 4), 3, 0, 7, new([0, 1, 1], [10, 0, 3]));
        var chance = new Random(1);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(2 * chance.NextDouble() - 1))];
        float[][] vectors = [Draw(6), Draw(6), Draw(6)];
        TextRow[] rows = [new([0, 2], [Draw(5), Draw(5)], Draw(2)), new([], [], Draw(2)), new([1], [Draw(5)], Draw(2))];
        network.eval();
        var batch = network.Answer(tensor(vectors.SelectMany(v => v).ToArray(), [3, 6]), [.. rows.Select(r => r.Texts)], rows).data<float>().ToArray();
        var single = network.Frozen();
        foreach (var (expected, row) in batch.Chunk(4).Zip(rows))
            Assert.All(single.Of([.. row.Texts.Select(t => vectors[t])], row).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Fact]
    public void Only_the_last_texts_before_the_cutoff_are_read_newest_first()
    {
        var history = CustomerHistory.At("a", new(2025, 3, 1), [], [],
            [new("a", new(2025, 1, 1), "p", 5, "oldest"), new("a", new(2025, 2, 1), "p", 0, "middle"), new("a", new(2025, 3, 1), "p", 1, "to come")],
            [new("a", "d", 2, new(2025, 2, 19), "customer", "second"), new("a", "d", 1, new(2025, 2, 19), "customer", "first"), new("a", "d", 3, new(2025, 2, 19), "agent", "unheard")], []);
        var texts = ReadText.Of(history, new(2025, 3, 1), 2);
        Assert.Equal([new("first\nsecond", 10, 0, false, 0), new("middle", 28, 1, true, 0)], texts);
    }

    [Fact]
    public void What_it_cannot_learn_from_is_refused_in_words()
    {
        var (data, _) = MadeHistories.Shop(60, 20);
        var candidate = new EndToEndCandidate(Quick);
        var alone = Assert.Throws<InvalidOperationException>(() => candidate.Fit(data with { Cutoffs = [data.Cutoffs[0] with { Features = data.Cutoffs[0].Features.With((ICustomerRecords?)null) }] }, new FitContext(7)));
        Assert.Contains("'end-to-end' reads the customers' records", alone.Message, StringComparison.Ordinal);
        var silent = Assert.Throws<InvalidOperationException>(() => candidate.Fit(data with { Cutoffs = [data.Cutoffs[0] with { Features = data.Cutoffs[0].Features.With(new RecordsInMemory([])) }] }, new FitContext(7)));
        Assert.Contains("none of the 60 rows has a review or a chat", silent.Message, StringComparison.Ordinal);
        Assert.Contains("needs the model folder nowhere", Assert.Throws<DirectoryNotFoundException>(() => new EndToEndCandidate(Quick with { Encoder = "nowhere" }).Settings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_is_among_the_settings()
    {
        var plain = new EndToEndCandidate(s_tiny).Settings;
        EndToEndOptions[] changed =
        [
            s_tiny with { Scratch = s_tiny.Scratch with { Layers = 2 } }, s_tiny with { Pieces = 99 }, s_tiny with { Frozen = true }, s_tiny with { EncoderRate = 0.5 }, s_tiny with { Texts = 2 },
            s_tiny with { TextTokens = 9 }, s_tiny with { Attention = 9 }, s_tiny with { Hidden = (16, 9) }, s_tiny with { Dropout = 0.3 }, s_tiny with { Columns = ["noise"] }, s_tiny with { Tuning = new() },
        ];
        Assert.All(changed, options => Assert.NotEqual(plain, new EndToEndCandidate(options).Settings));
    }
}
