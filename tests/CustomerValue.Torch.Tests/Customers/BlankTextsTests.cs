using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Torch.Customers;
using CustomerValue.Torch.Training;

namespace CustomerValue.Tests.Customers;

/// <summary>Candidates that read records find nothing in texts that tell nothing, or that others wrote: the comparison of what texts bought holds for them too.</summary>
public sealed class BlankTextsTests
{
    private static readonly TrainingOptions s_tuning = new() { LearningRate = 5e-3, Epochs = 10, TokensPerBatch = 512, Keep = KeptWeights.Best };

    private static ICandidate Reader(bool endToEnd) => endToEnd
        ? new EndToEndCandidate(new()
        {
            Scratch = new() { HiddenSize = 32, Layers = 1, Heads = 2, IntermediateSize = 64, MaxPositions = 32, HiddenDropout = 0 },
            Pieces = 150, TextTokens = 24, Texts = 3, Attention = 8, Hidden = (16, 8), Dropout = 0, EncoderRate = 1, Tuning = s_tuning,
        })
        : new HistoryLanguageCandidate(new()
        {
            Language = new() { Pieces = 150, MaxTokens = 64, Amounts = 4 }, Encoder = new() { HiddenSize = 32, Layers = 1, Heads = 2, IntermediateSize = 64, HiddenDropout = 0 },
            Pretraining = null, Tuning = s_tuning,
        });

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public void Nobody_is_told_apart_by_them(bool endToEnd, bool shuffled)
    {
        var (data, asked) = MadeHistories.Shop();
        FeatureTable Change(FeatureTable table) => shuffled ? TextTables.Shuffled(table, 7) : TextTables.Blank(table);
        var changed = data with { Cutoffs = [.. data.Cutoffs.Select(c => c with { Features = Change(c.Features) })], Current = Change(data.Current) };
        var auc = MadeHistories.Auc(Reader(endToEnd).Fit(changed, new FitContext(7)).Predict(changed.Current).Churn!, asked.Churned);
        Assert.InRange(auc, 0.34, 0.66);                                                       // 120 customers: chance keeps within .05 of a half, two times in three; their own texts give .8 and more
    }
}
