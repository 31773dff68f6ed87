using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands.Text;

public sealed class TrainTaggerCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Treebank()
    {
        string[] sentences = ["手机/NOUN 很/ADV 好/ADJ", "屏幕/NOUN 很/ADV 好/ADJ", "我/PRON 买/VERB 手机/NOUN", "我/PRON 买/VERB 屏幕/NOUN"];
        var lines = sentences.Select(s => string.Concat(s.Split(' ').Select((w, at) => $"{at + 1}\t{w.Split('/')[0]}\t_\t{w.Split('/')[1]}\t_\t_\t_\t_\t_\t_\n")) + "\n");
        foreach (var split in new[] { "train", "dev" }) _folder.Write($"{split}.conllu", string.Concat(lines));
    }

    [Fact]
    public void A_trained_tagger_cuts_and_tags_a_text()
    {
        Treebank();
        var file = _folder.In("models", "zh.tagger");
        var trained = CommandRun.Of("text", "train-tagger", "--treebank", _folder.Path, "--language", "zh", "--output", file, "--epochs", "30", "--json");
        Assert.Equal(0, trained.ExitCode);
        Assert.Equal(4, trained.Json.GetProperty("sentences").GetInt32());
        Assert.True(trained.Json.GetProperty("scores").GetProperty("accuracy").GetDouble() > 0.9);
        Assert.Equal(new FileInfo(file).Length, trained.Json.GetProperty("bytes").GetInt64());

        var tagged = CommandRun.Of("text", "tag", "--model", file, "--text", "我买手机");
        Assert.Equal(0, tagged.ExitCode);
        Assert.Equal("我/PRON 买/VERB 手机/NOUN", tagged.Output.Trim());
    }

    [Fact]
    public void The_perceptron_is_another_learner_of_the_same_tagger()
    {
        Treebank();
        string[] Training(string name, params string[] more) =>
            ["text", "train-tagger", "--treebank", _folder.Path, "--language", "zh", "--output", _folder.In(name), "--epochs", "30", "--json", .. more];
        var (crf, perceptron) = (CommandRun.Of(Training("crf")), CommandRun.Of(Training("perceptron", "--learner", "perceptron")));
        Assert.True(perceptron.ExitCode == 0, perceptron.Errors);
        Assert.Equal(("crf", "perceptron"), (crf.Json.GetProperty("learner").GetString(), perceptron.Json.GetProperty("learner").GetString()));
        Assert.NotEqual(File.ReadAllBytes(_folder.In("crf")), File.ReadAllBytes(_folder.In("perceptron")));
        Assert.Equal("我/PRON 买/VERB 手机/NOUN", CommandRun.Of("text", "tag", "--model", _folder.In("perceptron"), "--text", "我买手机").Output.Trim());
        Assert.Equal(2, CommandRun.Of(Training("x", "--learner", "bayes")).ExitCode);
    }

    [Fact]
    public void What_cant_be_trained_or_used_is_told()
    {
        var empty = CommandRun.Of("text", "train-tagger", "--treebank", _folder.Path, "--language", "en", "--output", _folder.In("x"));
        Assert.Equal(1, empty.ExitCode);
        Assert.Contains("neither train.conllu.gz nor train.conllu", empty.Errors, StringComparison.Ordinal);
        Assert.Equal(2, CommandRun.Of("text", "train-tagger", "--treebank", _folder.Path, "--language", "de", "--output", _folder.In("x")).ExitCode);

        var broken = CommandRun.Of("text", "tag", "--model", _folder.Write("x.tagger", "no tagger"), "--text", "a");
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("not a tagger that can be used", broken.Errors, StringComparison.Ordinal);
    }
}
