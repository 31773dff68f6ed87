using System.Text.Json;
using CustomerValue.Testing;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Weights;

/// <summary>Folders that are written: in three precisions, in one file or in shards, and read again.</summary>
public sealed class SavedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private float[] Stored(float[] values, WeightType type)
    {
        using var scope = NewDisposeScope();
        SafeTensorsWriter.Write(_folder.In("w.safetensors"), [TensorWeights.Of("w", tensor(values), type)]);
        using var file = SafeTensorsFile.Open(_folder.In("w.safetensors"));
        Assert.Equal(type, file.Find("w")!.Type);
        return file.ReadSingles("w");
    }

    private static float Bfloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var half = bits >> 16;                                   // the upper half; the lower decides, and where it is exactly a half, evenness
        var rest = bits & 0xFFFF;
        if (rest > 0x8000 || rest == 0x8000 && (half & 1) == 1) half++;
        return BitConverter.UInt32BitsToSingle(half << 16);
    }

    [Fact]
    public void Half_precision_is_rounded_to_the_nearest_and_of_two_to_the_even()
    {
        TorchThreads.Use(1);
        // 1 + 1/2048 lies between 1 and 1 + 1/1024; 1 + 3/2048 between 1 + 1/1024 and 1 + 2/1024: the even ones are 1 and 1 + 2/1024. bfloat16 has 7 bits in place of 10.
        Assert.Equal([1f, 1 + 2f / 1024, -1f, 65504f, 0f], Stored([1 + 1f / 2048, 1 + 3f / 2048, -1 - 1f / 2048, 65519f, 1e-9f], WeightType.Float16));
        Assert.Equal([1f, 1 + 2f / 128, -1f, 1e30f], Stored([1 + 1f / 256, 1 + 3f / 256, -1 - 1f / 256, 1e30f], WeightType.BFloat16).Select((v, i) => i == 3 ? Math.Abs(v / 1e30f - 1) < 1f / 256 ? 1e30f : v : v));
        var chance = new SplitMix64(5);
        var values = Enumerable.Range(0, 5000).Select(_ => (float)((chance.Unit() - 0.5) * Math.Pow(10, chance.Below(9) - 5))).ToArray();
        Assert.Equal(values, Stored(values, WeightType.Float32));
        Assert.Equal(values.Select(v => (float)(Half)v), Stored(values, WeightType.Float16));
        Assert.Equal(values.Select(Bfloat16), Stored(values, WeightType.BFloat16));
    }

    [Fact]
    public void What_is_too_large_for_half_precision_is_refused_by_name()
    {
        TorchThreads.Use(1);
        var error = Assert.Throws<InvalidDataException>(() => Stored([1f, -70000f], WeightType.Float16));
        Assert.Contains("'w' holds 70000, more than float16 can hold. Store it as bfloat16", error.Message, StringComparison.Ordinal);
        Assert.Equal([-70144f], Stored([-70000f], WeightType.BFloat16));
    }

    [Theory]
    [InlineData("llama-tiny-random", WeightType.Float32, 5_000_000_000, 1)]
    [InlineData("qwen2-tiny-random", WeightType.Float32, 30_000, 5)]
    [InlineData("qwen3-tiny-random", WeightType.Float16, 20_000, 5)]
    [InlineData("llama-tiny-random", WeightType.BFloat16, 40_000, 4)]
    [InlineData("gpt2-tiny-random", WeightType.Float32, 1, 1000)]
    public void A_decoder_saved_is_the_decoder_read(string name, WeightType type, long shardBytes, int mostFiles)
    {
        TorchThreads.Use(1);
        var source = RealModels.Need(name);
        using var before = TextBackbone.Open(source, WeightUse.Train);
        before.Save(_folder.Path, new() { Type = type, ShardBytes = shardBytes });

        using var weights = WeightFolder.Open(_folder.Path);
        Assert.InRange(weights.Files.Count, shardBytes > 1_000_000 ? 1 : 2, mostFiles);
        Assert.All(weights.Weights, w => Assert.Equal(type, w.Type));
        using var config = JsonDocument.Parse(File.ReadAllText(_folder.In("config.json")));
        Assert.Equal(WeightStorage.Name(type), config.RootElement.GetProperty("torch_dtype").GetString());
        if (weights.Files.Count > 1)
        {
            using var index = JsonDocument.Parse(File.ReadAllText(_folder.In("model.safetensors.index.json")));
            Assert.Equal(weights.Weights.Sum(w => w.Bytes), index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
            Assert.All(weights.Files, f => Assert.True(f.Weights.Count == 1 || f.Weights.Sum(w => w.Bytes) <= shardBytes));
        }

        using var after = TextBackbone.Open(_folder.Path, WeightUse.Train);
        using var scope = NewDisposeScope();
        foreach (var ((parameter, old), (_, read)) in before.Network.named_parameters().Zip(after.Network.named_parameters()))
        {
            var expected = type switch { WeightType.Float16 => old.to(ScalarType.Float16).to(ScalarType.Float32), WeightType.BFloat16 => old.to(ScalarType.BFloat16).to(ScalarType.Float32), _ => old };
            Assert.True(expected.equal(read).all().item<bool>(), parameter);
        }
        using var folder = HuggingFaceFolder.Open(_folder.Path);
        using var decoder = folder.Decoder();                    // as stored, too
        Assert.Equal(before.Tokenizer.EncodePlain("the parcel came late"), after.Tokenizer.EncodePlain("the parcel came late"));
    }

    [Fact]
    public void A_saved_folder_keeps_its_chat_template_and_its_end_tokens()
    {
        TorchThreads.Use(1);
        var source = Path.Combine(_folder.Path, "source");
        Directory.CreateDirectory(source);
        foreach (var file in Directory.EnumerateFiles(RealModels.Need("qwen2-tiny-random"))) File.Copy(file, Path.Combine(source, Path.GetFileName(file)));
        _folder.Write("source/chat_template.jinja", "{{ messages[0].content }}");
        _folder.Write("source/generation_config.json", """{"eos_token_id": [480, 482]}""");
        using (var backbone = TextBackbone.Open(source, WeightUse.Train)) backbone.Save(_folder.In("saved"));
        Assert.Equal("hi", CustomerValue.Text.Chat.ChatTemplate.Find(_folder.In("saved"))!.Render([new("user", "hi")]));
        using var folder = HuggingFaceFolder.Open(_folder.In("saved"));
        using var decoder = folder.Decoder();
        Assert.Equal([480, 482], decoder.EndTokenIds);
    }
}
