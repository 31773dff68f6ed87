using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

public sealed class ExportOnnxCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_a_package_and_tells_how_the_two_precisions_differ()
    {
        var run = CommandRun.Of("text", "export-onnx", "--model", RealModels.Need("bert-tiny-random"), "--output", _folder.In("package"), "--int8", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Errors));
        Assert.InRange(run.Json.GetProperty("smallest_cosine").GetDouble(), 0.99, 1);
        Assert.Equal(new FileInfo(_folder.In("package", "model.onnx")).Length, run.Json.GetProperty("bytes").GetInt64());
        Assert.True(run.Json.GetProperty("bytes").GetInt64() < run.Json.GetProperty("single_bytes").GetInt64());
        Assert.True(File.Exists(_folder.In("package", "vocab.txt")));
    }

    [Fact]
    public void Looks_at_texts_of_the_readers_own()
    {
        var texts = _folder.Write("texts.txt", "one text\nanother, somewhat longer text\n");
        var run = CommandRun.Of("text", "export-onnx", "--model", RealModels.Need("bert-tiny-random"), "--output", _folder.In("package"), "--texts", texts);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("2 texts alone beside in a batch: embeddings differ by at most", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decoder_is_refused_by_its_kind()
    {
        var run = CommandRun.Of("text", "export-onnx", "--model", RealModels.Need("gpt2-tiny-random"), "--output", _folder.In("package"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("model_type is 'gpt2'", run.Errors, StringComparison.Ordinal);
    }

    [Theory, InlineData("--labelled FILE --column text", "--label"), InlineData("--labelled FILE --label a", "--column"), InlineData("--labelled FILE --column text --label a --texts FILE", "give one of them")]
    public void What_labelled_texts_need_is_asked_for(string arguments, string said)
    {
        var run = CommandRun.Of(["text", "export-onnx", "--model", "m", "--output", "o", .. arguments.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Seven_bits_are_wrong_usage_without_int8() =>
        Assert.Equal(2, CommandRun.Of("text", "export-onnx", "--model", "m", "--output", "o", "--weight-bits", "7").ExitCode);
}
