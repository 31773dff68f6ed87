using CustomerValue.Text.Tagging;

namespace CustomerValue.Core.Tests.Text.Tagging;

public class ChainModelTests
{
    [Fact]
    public void Decoding_finds_the_path_that_trying_all_finds()
    {
        const int labels = 3, length = 5;
        var random = new SplitMix64(3);
        for (var n = 0; n < 200; n++)
        {
            float Weight() => (float)(random.Unit() * 4 - 2);
            var weights = Enumerable.Range(0, 4 * labels).Select(_ => Weight()).ToArray();
            var transitions = Enumerable.Range(0, (labels + 1) * labels).Select(_ => random.Below(6) == 0 ? ChainModel.Never : Weight()).ToArray();
            var rows = new FeatureRows();
            var seen = new float[length, labels];
            for (var at = 0; at < length; at++)
            {
                // A key of the model can't be wished for: keys are hashes, so the model is built around those that a template gives.
                rows.Add((uint)random.Below(4));
                rows.Next();
            }
            uint[] used = [.. Enumerable.Range(0, length).Select(at => rows[at][0]).Distinct().Order()];
            var model = new ChainModel(labels, used, [.. Enumerable.Range(0, used.Length + 1).Select(f => f * labels)], [.. used.SelectMany(_ => new byte[] { 0, 1, 2 })], weights[..(used.Length * labels)], transitions);
            for (var at = 0; at < length; at++)
                for (var label = 0; label < labels; label++) seen[at, label] = weights[Array.IndexOf(used, rows[at][0]) * labels + label];

            var (best, path) = Best(seen, transitions, labels, length);
            if (best < ChainModel.Never / 2) continue;                // no allowed path at all
            Assert.Equal(path, model.Decode(rows));
        }
    }

    [Fact]
    public void Training_raises_the_likelihood_of_what_it_is_shown_and_keeps_to_what_is_allowed()
    {
        var (rows, data) = (new FeatureRows(), new ChainData());
        for (var n = 0; n < 40; n++)
        {
            rows.Clear();
            for (var at = 0; at < 4; at++)
            {
                rows.Add(7);                                          // tells nothing: the label before has to tell
                rows.Next();
            }
            data.Add(rows, [0, 1, 0, 1]);
        }
        var model = new CrfTrainer(data, 2, (from, to) => from != to, new() { Epochs = 5 }).Train("t", null, CancellationToken.None);
        Assert.Equal([0, 1, 0, 1], model.Decode(rows));
        Assert.Equal(ChainModel.Never, model.Transitions[0]);
        Assert.True(model.Transitions[2 * 2 + 0] > model.Transitions[2 * 2 + 1]);
    }

    private static (float Score, byte[] Path) Best(float[,] seen, float[] transitions, int labels, int length)
    {
        var (best, found) = (float.NegativeInfinity, new byte[length]);
        for (var code = 0; code < (int)Math.Pow(labels, length); code++)
        {
            var (path, rest, score, before) = (new byte[length], code, 0f, labels);
            for (var at = 0; at < length; at++, rest /= labels)
            {
                path[at] = (byte)(rest % labels);
                score += transitions[before * labels + path[at]] + seen[at, path[at]];
                before = path[at];
            }
            if (score > best) (best, found) = (score, path);
        }
        return (best, found);
    }
}
