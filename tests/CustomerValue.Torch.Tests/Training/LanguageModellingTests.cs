using CustomerValue.Torch.Language;
using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class LanguageModellingTests
{
    private static readonly TrainingOptions s_fast = new() { LearningRate = 3e-3, Epochs = 12, TokensPerBatch = 256, Warmup = 0.1, EvaluateEvery = 50 };

    // Packed rows begin anywhere in a text, so that places tell less: it takes longer until neighbours are used.
    [Theory, InlineData(RowLayout.Single, 12, 2.2), InlineData(RowLayout.Packed, 40, 2.6)]
    public void An_encoder_from_scratch_learns_what_follows_what(RowLayout layout, int epochs, double loss)
    {
        using var model = BertForMaskedLM.Create(SmallLanguage.Config(dropout: 0), seed: 1);
        var (train, held) = (SmallLanguage.Tokens(SmallLanguage.Reviews(300, 1).Texts), SmallLanguage.Tokens(SmallLanguage.Reviews(60, 2).Texts));
        var special = new LetterTokenizer().Special;
        var before = MaskedLanguageModelling.Figures(model, held, special);
        MaskedLanguageModelling.Train(model, new() { Training = s_fast with { MaxTokens = 24, TokensPerBatch = 120, Epochs = epochs }, Layout = layout }, train, held, special, null, null, TimeProvider.System, default);
        var after = MaskedLanguageModelling.Figures(model, held, special);

        Assert.InRange(before["masked_loss"], 3.5, 5);                                   // about ln 77: nothing is known
        Assert.InRange(after["masked_loss"], 0.1, loss);                                 // a word that isn't given away by its neighbours stays a guess
        Assert.Equal(Math.Exp(after["masked_loss"]), after["perplexity"], 1e-9);
    }

    [Fact]
    public void A_decoder_from_scratch_learns_what_comes_next()
    {
        var tokenizer = new LetterTokenizer();
        using var model = Gpt2.Create(new() { VocabSize = tokenizer.Vocabulary.Count, MaxPositions = 32, HiddenSize = 32, Layers = 2, Heads = 2, IntermediateSize = 64, Dropout = 0 }, seed: 1);
        int[][] Ids(int count, int seed) => [.. SmallLanguage.Reviews(count, seed).Texts.Select(t => tokenizer.EncodePlain(t))];
        var held = Ids(60, 2);
        var before = CausalLanguageModelling.Figures(model, held, tokenizer.Special);
        CausalLanguageModelling.Train(model, new() { Training = s_fast with { MaxTokens = 24 } }, Ids(300, 1), held, tokenizer.Special, null, null, TimeProvider.System, default);
        var after = CausalLanguageModelling.Figures(model, held, tokenizer.Special);

        Assert.InRange(before["perplexity"], 30, 200);
        Assert.InRange(after["perplexity"], 1.2, 2.5);
    }

    [Fact]
    public void Only_the_hidden_positions_reach_the_vocabulary_and_padding_changes_no_loss()
    {
        using var model = BertForMaskedLM.Create(SmallLanguage.Config(dropout: 0), seed: 1);
        var special = new LetterTokenizer().Special;
        var texts = SmallLanguage.Tokens(SmallLanguage.Reviews(40, 3).Texts);
        var (one, other) = (MaskedLanguageModelling.Figures(model, texts, special), MaskedLanguageModelling.Figures(model, texts, special));
        Assert.Equal(one["masked_loss"], other["masked_loss"]);                           // the same masks every time
    }

    [Fact]
    public void Products_in_bfloat16_learn_as_well()
    {
        if (!Bfloat16.IsFast) Assert.Skip("this processor has no bfloat16 products");
        var special = new LetterTokenizer().Special;
        var (train, held) = (SmallLanguage.Tokens(SmallLanguage.Reviews(300, 1).Texts), SmallLanguage.Tokens(SmallLanguage.Reviews(60, 2).Texts));
        double Loss(bool autocast)
        {
            using var model = BertForMaskedLM.Create(SmallLanguage.Config(dropout: 0), seed: 1);
            MaskedLanguageModelling.Train(model, new() { Training = s_fast with { Autocast = autocast } }, train, [], special, null, null, TimeProvider.System, default);
            return MaskedLanguageModelling.Figures(model, held, special)["masked_loss"];
        }
        Assert.Equal(Loss(false), Loss(true), 0.1);
    }
}
