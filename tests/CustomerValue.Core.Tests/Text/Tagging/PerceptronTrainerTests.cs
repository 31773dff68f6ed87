using CustomerValue.Testing;
using CustomerValue.Text.Tagging;

namespace CustomerValue.Core.Tests.Text.Tagging;

public sealed class PerceptronTrainerTests
{
    private const int Labels = 5;
    private static readonly TaggerOptions s_options = new() { Learner = TaggerLearner.Perceptron, Epochs = 4, RarestFeature = 1, FeatureDropout = 0, SmallestWeight = 0, Seed = 5 };

    // A word says its label, 0 to 2, but for word 0: that has label 3 after a label 0 and label 4 after others, so the label before has to tell.
    private static (List<uint[]> Words, List<byte[]> Labels) Task(int sentences, double wrong)
    {
        var (random, words, labels) = (new SplitMix64(17), new List<uint[]>(), new List<byte[]>());
        for (var n = 0; n < sentences; n++)
        {
            var (some, right) = (new uint[2 + random.Below(4)], new List<byte>());
            for (var at = 0; at < some.Length; at++)
            {
                some[at] = at == 0 ? (uint)(1 + random.Below(9)) : (uint)random.Below(10);
                var label = some[at] > 0 ? (int)some[at] % 3 : right[at - 1] == 0 ? 3 : 4;
                right.Add((byte)(random.Unit() < wrong ? random.Below(Labels) : label));
            }
            words.Add(some);
            labels.Add([.. right]);
        }
        return (words, labels);
    }

    private static FeatureRows Rows(uint[] words, bool pairs = false)
    {
        var rows = new FeatureRows();
        for (var at = 0; at < words.Length; at++)
        {
            rows.Add(words[at]);
            if (pairs) rows.Add(words[at], at == 0 ? 99 : words[at - 1]);
            rows.Next();
        }
        return rows;
    }

    private static ChainData Data(List<uint[]> words, List<byte[]> labels, bool pairs = false)
    {
        var data = new ChainData();
        foreach (var (sentence, right) in words.Zip(labels)) data.Add(Rows(sentence, pairs), right);
        return data;
    }

    [Fact]
    public void A_task_without_exceptions_is_learned_exactly()
    {
        var (words, labels) = Task(300, wrong: 0);
        // Without features left out it ends where nothing is wrong, which may be a tie; with some left out, the right path has to win clearly.
        var model = new PerceptronTrainer(Data(words[..200], labels[..200], pairs: true), Labels, (_, _) => true, s_options with { FeatureDropout = 0.2, Epochs = 30 }).Train("t", null, CancellationToken.None);
        Assert.All(words.Zip(labels), s => Assert.Equal(s.Second, model.Decode(Rows(s.First, pairs: true))));      // a third of them were never shown
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]                                                 // with labels that no rule explains, so that mistakes never end
    public void The_lazy_average_is_the_plain_one(double wrong)
    {
        var (words, labels) = Task(60, wrong);
        var data = Data(words, labels, pairs: true);
        var trainer = new PerceptronTrainer(data, Labels, (_, _) => true, s_options);
        trainer.Train("t", null, CancellationToken.None);

        // Weights as a table, every path tried, and all weights added up after every sentence.
        int features = data.Counts.Count, steps = 0;
        var (weights, transitions) = (new double[features, Labels], new double[Labels + 1, Labels]);
        var (weightSums, transitionSums) = (new double[features, Labels], new double[Labels + 1, Labels]);
        var random = SplitMix64.Stream(s_options.Seed, 0);
        data.Pass(s_options.Epochs, ref random, "t", null, (sentence, _, _) =>
        {
            var (places, right) = (data.Features[sentence], data.Labels[sentence]);
            var found = Best(places);
            Change(right, 1);
            Change(found, -1);
            steps++;
            for (var f = 0; f < features; f++) for (var l = 0; l < Labels; l++) weightSums[f, l] += weights[f, l];
            for (var f = 0; f <= Labels; f++) for (var l = 0; l < Labels; l++) transitionSums[f, l] += transitions[f, l];

            void Change(byte[] path, int by)
            {
                for (var at = 0; at < path.Length; at++)
                {
                    foreach (var feature in places[at]) weights[feature, path[at]] += by;
                    transitions[at == 0 ? Labels : path[at - 1], path[at]] += by;
                }
            }
        }, CancellationToken.None);

        var learned = trainer.Learned;
        for (var f = 0; f < features; f++)
            for (var at = learned.Starts[f]; at < learned.Starts[f + 1]; at++) Assert.Equal(weightSums[f, learned.WeightLabels[at]] / steps, learned.Weights[at], 4e-6);
        for (var from = 0; from <= Labels; from++)
            for (var to = 0; to < Labels; to++) Assert.Equal(transitionSums[from, to] / steps, learned.Transitions[from * ChainKernels.Padded(Labels) + to], 4e-6);
        Assert.True(learned.Weights.Any(w => w != MathF.Round(w)), "No mean is a fraction: nothing was averaged.");

        // Of paths with the same score the one that the chain takes: read from the end, the first label.
        byte[] Best(int[][] places)
        {
            var (best, found) = (double.NegativeInfinity, Array.Empty<byte>());
            for (var code = 0; code < Math.Pow(Labels, places.Length); code++)
            {
                var (path, rest, score) = (new byte[places.Length], code, 0.0);
                for (var at = places.Length - 1; at >= 0; at--, rest /= Labels) path[at] = (byte)(rest % Labels);
                for (var at = 0; at < path.Length; at++)
                    score += places[at].Sum(feature => Allowed(feature, path[at]) ? weights[feature, path[at]] : 0) + transitions[at == 0 ? Labels : path[at - 1], path[at]];
                if (score > best || score == best && Later(found, path)) (best, found) = (score, path);
            }
            return found;
        }

        static bool Later(byte[] found, byte[] path)
        {
            for (var at = path.Length - 1; at >= 0; at--) if (found[at] != path[at]) return found[at] > path[at];
            return false;
        }

        bool Allowed(int feature, byte label) => trainer.Learned.WeightLabels.AsSpan(trainer.Learned.Starts[feature]..trainer.Learned.Starts[feature + 1]).Contains(label);
    }

    [Fact]
    public void What_may_not_follow_never_does()
    {
        var data = new ChainData();
        foreach (var _ in Enumerable.Range(0, 20)) data.Add(Rows([7, 7, 7, 7]), [0, 1, 0, 1]);
        var model = new PerceptronTrainer(data, 2, (from, to) => from != to, s_options).Train("t", null, CancellationToken.None);
        Assert.Equal([0, 1, 0, 1], model.Decode(Rows([7, 7, 7, 7])));
        Assert.Equal(ChainModel.Never, model.Transitions[0]);
        Assert.Throws<OperationCanceledException>(() => new PerceptronTrainer(data, 2, (_, _) => true, s_options).Train("t", null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_Chinese_tagger_is_the_same_file_for_the_same_seed_and_another_for_another()
    {
        using var folder = new TemporaryFolder();
        TaggedSentence[] sentences =
        [
            new(["手机", "很", "好"], ["NOUN", "ADV", "ADJ"]), new(["手机", "的", "屏幕", "不", "好"], ["NOUN", "PART", "NOUN", "ADV", "ADJ"]),
            new(["我", "买", "手机"], ["PRON", "VERB", "NOUN"]), new(["我", "买", "屏幕"], ["PRON", "VERB", "NOUN"]),
        ];
        byte[] Saved(int seed)
        {
            var tagger = new TaggerTrainer("zh", s_options with { FeatureDropout = 0.2, Epochs = 10, Seed = seed }).Fit(sentences);
            Assert.Equal("我/PRON 买/VERB 屏幕/NOUN", string.Join(' ', tagger.Analyse("我买屏幕").Select(w => $"{w.Word}/{w.Tag}")));
            var path = folder.In("t");
            tagger.Save(path);
            Assert.Equal(["我", "买", "手机"], PartOfSpeechTagger.Open(path).Segment("我买手机"));
            return File.ReadAllBytes(path);
        }
        Assert.Equal(Saved(1), Saved(1));
        Assert.NotEqual(Saved(1), Saved(2));
    }

    [Fact]
    public void Settings_name_what_decides_and_no_more()
    {
        Assert.Equal("perceptron", TaggerOptions.For(TaggerLearner.Perceptron).Settings()["learner"]);
        Assert.False(TaggerOptions.For(TaggerLearner.Perceptron).Settings().ContainsKey("penalty"));
        Assert.True(new TaggerOptions().Settings().ContainsKey("penalty"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TaggerOptions { Learner = (TaggerLearner)7 });
    }
}
