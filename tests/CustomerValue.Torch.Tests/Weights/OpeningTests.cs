using System.Diagnostics;
using CustomerValue.Testing;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Weights;

public class OpeningTests
{
    [Fact]
    public void Ninety_megabytes_in_single_precision_open_without_being_read_and_answer_the_same()
    {
        TorchThreads.Use(1);
        var source = RealModels.Need("all-minilm-l6-v2");
        var place = Directory.CreateTempSubdirectory("minilm-").FullName;
        using var half = HuggingFaceFolder.Open(source);
        using var model = half.Bert();
        HuggingFaceFolder.Save(place, model, path => model.Config.Write(path));
        Assert.True(new FileInfo(Path.Combine(place, "model.safetensors")).Length > 90_000_000);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var again = HuggingFaceFolder.Open(place);
            using var opened = again.Bert();
            var took = Stopwatch.GetElapsedTime(started);
            if (took < best) best = took;
            using var scope = NewDisposeScope();
            using var quiet = inference_mode();
            var ids = Expected.Row([101, 2204, 2944, 102]);
            Assert.True(model.forward(ids, null).equal(opened.forward(ids, null)).all().item<bool>());
        }
        TestContext.Current.SendDiagnosticMessage($"opened in {best.TotalMilliseconds:0.0} ms");
        Assert.True(best < TimeSpan.FromMilliseconds(100), $"opening took {best.TotalMilliseconds:0.0} ms");
        Directory.Delete(place, recursive: true);
    }

    [Fact]
    public void Changing_a_mapped_weight_changes_no_file()
    {
        TorchThreads.Use(1);
        var place = Directory.CreateTempSubdirectory("mapped-").FullName;
        var path = Path.Combine(place, "model.safetensors");
        SafeTensorsWriter.Write(path, [WeightToWrite.Of("a", [4], [1, 2, 3, 4])]);
        var before = File.ReadAllBytes(path);
        using (var folder = WeightFolder.Open(place))
        {
            using var scope = NewDisposeScope();
            var tensor = MappedTensors.Of(folder, folder.Find("a")!);
            tensor.add_(1);
            Assert.Equal([2, 3, 4, 5], tensor.data<float>().ToArray());
        }
        Assert.Equal(before, File.ReadAllBytes(path));
        Directory.Delete(place, recursive: true);
    }

    [Fact]
    public void A_pickled_folder_opens_as_a_model_too()
    {
        var (source, expected) = Expected.Of("bert-tiny-random");
        var place = Directory.CreateTempSubdirectory("pickled-").FullName;
        foreach (var name in new[] { "config.json", "pytorch_model.bin" }) File.Copy(Path.Combine(source, name), Path.Combine(place, name));
        using var folder = HuggingFaceFolder.Open(place);
        using var bert = folder.Bert();
        using var scope = NewDisposeScope();
        using var quiet = inference_mode();
        var mean = bert.forward(Expected.Row(Expected.Ids(expected.Cases[0], "input_ids")), null).mean([1])[0];
        Expected.Near(Expected.Reals(expected.Cases[0], "mean_pooled_first8"), mean.data<float>().ToArray(), expected.Tolerance, "pickled");
    }
}
