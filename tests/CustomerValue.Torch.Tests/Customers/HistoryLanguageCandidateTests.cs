using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Testing;
using CustomerValue.Torch.Customers;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Training;

namespace CustomerValue.Tests.Customers;

public sealed class HistoryLanguageCandidateTests
{
    private static readonly HistoryLanguageOptions s_tiny = new()
    {
        Language = new() { Pieces = 150, MaxTokens = 64, Amounts = 4 },
        Encoder = new() { HiddenSize = 32, Layers = 1, Heads = 2, IntermediateSize = 64, HiddenDropout = 0 },
        Pretraining = new() { MaskRate = 0.2, Training = new() { LearningRate = 3e-3, Epochs = 4, TokensPerBatch = 1024 } },
        Tuning = new() { LearningRate = 3e-3, Epochs = 6, TokensPerBatch = 512, Keep = KeptWeights.Best },
    };

    [Fact]
    public void Keeps_the_contract()
    {
        var (data, _) = MadeHistories.Shop(60, 20);
        CandidateContract.Holds(new HistoryLanguageCandidate(Quick), data, isPackaged: false);
    }

    [Fact]
    public void Words_that_tell_who_leaves_are_found_on_customers_never_seen()
    {
        var (data, asked) = MadeHistories.Shop();
        var scores = new HistoryLanguageCandidate(s_tiny).Fit(data, new FitContext(7)).Predict(data.Current);
        Assert.True(MadeHistories.Auc(scores.Churn!, asked.Churned) > 0.8, $"AUC is {MadeHistories.Auc(scores.Churn!, asked.Churned):0.000}");
        Assert.True(MadeHistories.Auc([.. scores.Spend!.Select(s => -s)], asked.Churned) > 0.8);
        Assert.InRange(scores.Spend!.Sum() / asked.Spend.Sum(), 0.7, 1.4);
        Assert.InRange(scores.Churn!.Average() / asked.Churned.Average(c => c ? 1.0 : 0), 0.8, 1.25);
    }

    [Fact]
    public void What_is_still_to_come_changes_no_bit()
    {
        var (data, scrambled) = (MadeHistories.Shop(60, 20).Data, MadeHistories.Shop(60, 20, scrambled: true).Data);
        var candidate = new HistoryLanguageCandidate(Quick);
        var (plain, other) = (candidate.Fit(data, new FitContext(7)).Predict(data.Current), candidate.Fit(scrambled, new FitContext(7)).Predict(scrambled.Current));
        Assert.Equal(plain.Churn, other.Churn);
        Assert.Equal(plain.Spend, other.Spend);
    }

    [Fact]
    public void Guessing_hidden_events_is_learned()
    {
        string[] ids = [.. Enumerable.Range(0, 200).Select(i => $"c{i:D4}")];
        var histories = MadeHistories.Records(ids).Before(MadeHistories.Now, ids);
        var language = new EventLanguage(s_tiny.Language).Fit(histories);
        WordTokens[] sentences = [.. histories.Select(h => language.Write(h, MadeHistories.Now)).Select(s => new WordTokens(s.Ids, s.Events))];
        using var model = BertForMaskedLM.Create(s_tiny.Encoder with { VocabSize = language.Vocabulary.Count, MaxPositions = 66 }, 7);
        var before = MaskedLanguageModelling.Figures(model, sentences[150..], language.Special)["masked_loss"];
        MaskedLanguageModelling.Train(model, s_tiny.Pretraining!, sentences[..150], [], language.Special, null, null, TimeProvider.System, TestContext.Current.CancellationToken);
        var after = MaskedLanguageModelling.Figures(model, sentences[150..], language.Special)["masked_loss"];
        Assert.True(after < 0.75 * before, $"{before:0.00} before, {after:0.00} after");
    }

    [Fact]
    public void A_fit_that_was_stopped_goes_on_where_it_was_and_ends_at_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var (data, _) = MadeHistories.Shop(60, 20);
        var candidate = new HistoryLanguageCandidate(Quick);
        var whole = candidate.Fit(data, new FitContext(7)).Predict(data.Current);

        using var stop = new CancellationTokenSource();
        var told = new List<StageProgress>();
        var stopping = new Told(p =>
        {
            told.Add(p);
            if (p.Stage.EndsWith("churn and spend", StringComparison.Ordinal) && p.Done == 2) stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => candidate.Fit(data, new FitContext(7, Cancellation: stop.Token) { Folder = folder.Path, Progress = stopping }));
        Assert.Contains(told, p => p.Stage == "history-language: hidden events");

        told.Clear();
        var resumed = candidate.Fit(data, new FitContext(7) { Folder = folder.Path, Progress = new Told(told.Add) }).Predict(data.Current);
        Assert.Equal(3, told.Min(p => p.Done));                          // the language and two steps were kept
        Assert.Equal(whole.Churn, resumed.Churn);
        Assert.Equal(whole.Spend, resumed.Spend);
        Assert.Empty(Directory.GetDirectories(folder.Path));
    }

    [Fact]
    public void Tables_without_records_and_shorter_windows_are_refused_in_words()
    {
        var (data, _) = MadeHistories.Shop(60, 20);
        var candidate = new HistoryLanguageCandidate(Quick);
        var alone = Assert.Throws<InvalidOperationException>(() => candidate.Fit(data with { Current = data.Current.With((ICustomerRecords?)null) }, new FitContext(7)));
        Assert.Contains("'history-language' reads the customers' records", alone.Message, StringComparison.Ordinal);
        Assert.Contains("Give the experiment a training cutoff", Assert.Throws<InvalidOperationException>(() => candidate.Fit(data with { Cutoffs = [] }, new FitContext(7))).Message, StringComparison.Ordinal);
        Assert.Contains("the labels at 2024-07-01 cover 90", Assert.Throws<InvalidOperationException>(() => candidate.Fit(data with { HorizonDays = 180 }, new FitContext(7))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_is_among_the_settings()
    {
        var plain = new HistoryLanguageCandidate(s_tiny).Settings;
        HistoryLanguageOptions[] changed =
        [
            s_tiny with { Language = s_tiny.Language with { MaxTokens = 63 } }, s_tiny with { Language = s_tiny.Language with { OrderTokens = 3 } }, s_tiny with { Encoder = s_tiny.Encoder with { HiddenSize = 64 } },
            s_tiny with { Encoder = s_tiny.Encoder with { NGramBuckets = 31 } }, s_tiny with { Pretraining = null }, s_tiny with { Pretraining = s_tiny.Pretraining! with { MaskRate = 0.3 } },
            s_tiny with { Tuning = s_tiny.Tuning with { LearningRate = 0.01 } },
        ];
        Assert.All(changed, options => Assert.NotEqual(plain, new HistoryLanguageCandidate(options).Settings));
    }

    private static HistoryLanguageOptions Quick => s_tiny with { Pretraining = s_tiny.Pretraining! with { Training = new() { Epochs = 1, TokensPerBatch = 1024 } }, Tuning = s_tiny.Tuning with { Epochs = 1 } };

    private sealed class Told(Action<StageProgress> told) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => told(value);
    }
}
