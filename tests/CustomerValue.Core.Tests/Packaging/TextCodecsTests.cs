using CustomerValue.Models.Text;
using CustomerValue.Packaging;

namespace CustomerValue.Tests.Packaging;

public class TextCodecsTests
{
    private static double Apart(IFittedTextCandidate one, IFittedTextCandidate two, IReadOnlyList<string> texts) =>
        one.Probabilities(texts, default).Zip(two.Probabilities(texts, default)).SelectMany(row => row.First.Zip(row.Second)).Max(p => Math.Abs(p.First - p.Second));

    public static TheoryData<string, bool> Learners => new() { { "logistic", false }, { "logistic", true }, { "svm", false }, { "svm", true }, { "nb-svm", false }, { "nb-svm", true } };

    [Theory, MemberData(nameof(Learners))]
    public void A_classifier_answers_after_the_round_trip_as_before(string learner, bool two)
    {
        var data = two ? SampleTexts.Two : SampleTexts.Data;
        foreach (var weight in Enum.GetValues<NGramWeight>())
        {
            ILinearLearner learns = learner == "logistic" ? new LogisticRegression() : new LinearSvm(naiveBayes: learner == "nb-svm");
            NGramBlock[] blocks = [NGramBlock.Characters(1, 4), NGramBlock.Words(1, 2), NGramBlock.Words(1, 2, split: WordSplit.Dictionary)];
            using var fitted = SampleTexts.Fitted(new NGramClassifier(new() { Blocks = blocks, Weight = weight, Costs = [1, 8] }, learns, "x"), data);
            var files = ModelCodecs.Core.Write(fitted);
            using var read = ModelCodecs.Core.ReadText(files);
            Assert.InRange(Apart(fitted, read, [.. data.Test.Texts, "", "👍", "\ud83d", "never seen 从未见过"]), 0, 1e-6);
            Assert.Equal(((ITellsChoices)fitted).Choices, ((ITellsChoices)read).Choices);
            // Written again it is the same to the last byte: nothing is lost twice.
            var again = ModelCodecs.Core.Write(read);
            Assert.Equal(PackageArchive.Write(files), PackageArchive.Write(again));
        }
    }

    [Fact]
    public void N_grams_take_few_bytes_and_weights_four()
    {
        var fitted = (FittedNGramClassifier)SampleTexts.Fitted(SampleTexts.Characters);
        var files = ModelCodecs.Core.Write(fitted);
        Assert.Equal(["blocks.0.grams.bin", "model.json", "weights.bin"], files.Paths);
        Assert.InRange(files["weights.bin"].Length, 4 * 3 * fitted.Grams.Columns, 4 * 3 * fitted.Grams.Columns + 1);
        Assert.InRange(files["blocks.0.grams.bin"].Length, fitted.Grams.Columns, 5 * fitted.Grams.Columns);
    }

    [Fact]
    public void Weights_of_0_are_left_out()
    {
        var fitted = (FittedNGramClassifier)SampleTexts.Fitted(SampleTexts.Characters);
        var sparse = fitted with { Model = new([.. fitted.Model.Weights.Select((w, i) => i % 4 == 0 ? w : 0)], fitted.Model.Bias) };
        var cells = fitted.Model.Weights.Length;
        Assert.InRange(ModelCodecs.Core.Write(sparse)["weights.bin"].Length, cells, cells + cells / 8 + 8);
        Assert.InRange(Apart(sparse, ModelCodecs.Core.ReadText(ModelCodecs.Core.Write(sparse)), SampleTexts.Data.Test.Texts), 0, 1e-6);
    }

    [Fact]
    public void A_blend_leaves_members_that_weigh_nothing_behind_and_answers_as_before()
    {
        IFittedTextCandidate one = SampleTexts.Fitted(SampleTexts.Characters), two = SampleTexts.Fitted(SampleTexts.Words);
        var both = new FittedTextBlend(["one", "two"], [one, two], [0.4, 0.6], 1.3);
        Assert.InRange(Apart(both, ModelCodecs.Core.ReadText(ModelCodecs.Core.Write(both)), SampleTexts.Data.Test.Texts), 0, 1e-6);

        var alone = new FittedTextBlend(["one", "two"], [one, two], [1, 0], 0.8);
        var files = ModelCodecs.Core.Write(alone);
        Assert.DoesNotContain(files.Paths, p => p.StartsWith("members.1.", StringComparison.Ordinal));
        var read = Assert.IsType<FittedTextBlend>(ModelCodecs.Core.ReadText(files));
        Assert.Equal(["one"], read.Names);
        Assert.InRange(Apart(alone, read, SampleTexts.Data.Test.Texts), 0, 1e-6);
    }

    [Fact]
    public void Finer_labels_answer_after_the_round_trip_as_before_and_shares_must_add_up()
    {
        using var inner = SampleTexts.Fitted(SampleTexts.Characters);
        double[][] shares = [.. SampleTexts.Data.Classes.Select((_, k) => (double[])[0.25 * k, 1 - 0.25 * k])];
        var finer = new FittedFinerLabels(inner, SampleTexts.Data.Classes, shares);
        var files = ModelCodecs.Core.Write(finer);
        var read = Assert.IsType<FittedFinerLabels>(ModelCodecs.Core.ReadText(files));
        Assert.InRange(Apart(finer, read, SampleTexts.Data.Test.Texts), 0, 1e-6);
        Assert.Equal(finer.Choices, read.Choices);

        shares[1][0] += 0.01;
        Assert.Contains("add up to 1", Assert.Throws<PackageException>(() => ModelCodecs.Core.ReadText(ModelCodecs.Core.Write(finer))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cant_be_read_elsewhere_isnt_written()
    {
        var own = new WordSplit("by commas", text => text.Split(','));
        using var fitted = SampleTexts.Fitted(new NGramClassifier(new() { Blocks = [NGramBlock.Words(1, 1, 1, own)], Costs = [1] }, new LogisticRegression(), "x"));
        Assert.Contains("'by commas'", Assert.Throws<InvalidOperationException>(() => ModelCodecs.Core.Write(fitted)).Message, StringComparison.Ordinal);

        var broken = (FittedNGramClassifier)SampleTexts.Fitted(SampleTexts.Characters);
        broken.Model.Weights[3] = double.NaN;
        Assert.Contains("the fit went wrong", Assert.Throws<InvalidOperationException>(() => ModelCodecs.Core.Write(broken)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blocks.0.grams.bin", 0, "ff ff ff ff 7f", "a number is 34359738367, where at most")]                // more characters than bytes
    [InlineData("blocks.0.grams.bin", 0, "80 80 80 80 80 80 80 80 80 7f", "more than 64 bits")]
    [InlineData("weights.bin", 0, "02", "a number is 2, where at most 1 is expected")]
    [InlineData("weights.bin", 1, "00 00 c0 7f", "isn't finite")]
    public void A_size_or_number_that_cant_be_is_refused_in_words(string file, int at, string hex, string message)
    {
        var files = ModelCodecs.Core.Write(SampleTexts.Fitted(SampleTexts.Characters));
        var changed = new PackageFiles();
        foreach (var path in files.Paths)
        {
            var bytes = files[path].ToArray();
            if (path == file) Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)).CopyTo(bytes, at);
            changed.Add(path, bytes);
        }
        Assert.Contains(message, Assert.Throws<PackageException>(() => ModelCodecs.Core.ReadText(changed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_end_early_or_go_on_are_refused()
    {
        var files = ModelCodecs.Core.Write(SampleTexts.Fitted(SampleTexts.Words));
        foreach (var path in files.Paths.Where(p => p != "model.json"))
            foreach (var bytes in new[] { files[path][..^1], [.. files[path], (byte)0], [] })
            {
                var changed = new PackageFiles();
                foreach (var other in files.Paths) changed.Add(other, other == path ? bytes : files[other]);
                Assert.True(Assert.Throws<PackageException>(() => ModelCodecs.Core.ReadText(changed)).Message.Length > 40, path);
            }
    }

    [Fact]
    public void A_model_of_customers_is_no_model_of_texts()
    {
        Assert.Contains("can't stand there", Assert.Throws<PackageException>(() => ModelCodecs.Core.ReadText(ModelCodecs.Core.Write(SamplePackage.Churn))).Message, StringComparison.Ordinal);
        Assert.Contains("can't stand there", Assert.Throws<PackageException>(() => ModelCodecs.Core.Read(ModelCodecs.Core.Write(SampleTexts.Fitted(SampleTexts.Characters)))).Message, StringComparison.Ordinal);
    }
}
