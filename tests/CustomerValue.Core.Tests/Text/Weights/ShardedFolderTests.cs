using System.Text.Json;
using CustomerValue.Testing;
using CustomerValue.Text.Weights;

namespace CustomerValue.Core.Tests.Text.Weights;

/// <summary>Folders of weights, in one file or in shards, written as they are read.</summary>
public sealed class ShardedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Ten weights of 4, 8, ..., 40 bytes: 220 in all.
    private static List<WeightToWrite> Weights(float start) => [.. Enumerable.Range(1, 10).Select(n => WeightToWrite.Of($"w{n:00}", [n], [.. Enumerable.Range(0, n).Select(i => start + n * 100 + i)]))];

    private void Holds(float start)
    {
        using var folder = WeightFolder.Open(_folder.Path);
        Assert.Equal(10, folder.Weights.Count);
        foreach (var n in Enumerable.Range(1, 10)) Assert.Equal(Enumerable.Range(0, n).Select(i => start + n * 100 + i), folder.ReadSingles($"w{n:00}"));
    }

    private string[] Files() => [.. Directory.EnumerateFiles(_folder.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void What_fits_stands_in_one_file_and_what_does_not_in_shards_with_their_index()
    {
        Assert.False(WeightFolder.IsIn(_folder.Path));
        Assert.Equal(["model.safetensors"], WeightFolder.Write(_folder.Path, Weights(0), shardBytes: 220));
        Assert.Equal(["model.safetensors"], Files());
        Holds(0);

        // 4+8+12+16+20 = 60; 24+28 = 52, and 32 more would be 84; 32; 36; 40.
        Assert.Equal(5, WeightFolder.Write(_folder.Path, Weights(1), shardBytes: 60).Count);
        Assert.Equal(["model-00001-of-00005.safetensors", "model-00002-of-00005.safetensors", "model-00003-of-00005.safetensors", "model-00004-of-00005.safetensors", "model-00005-of-00005.safetensors", "model.safetensors.index.json"], Files());
        Holds(1);
        using var index = JsonDocument.Parse(File.ReadAllText(_folder.In("model.safetensors.index.json")));
        Assert.Equal(220, index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
        Assert.Equal("model-00002-of-00005.safetensors", index.RootElement.GetProperty("weight_map").GetProperty("w07").GetString());
        Assert.Equal(10, index.RootElement.GetProperty("weight_map").EnumerateObject().Count());
    }

    [Fact]
    public void What_stood_there_before_is_gone_whichever_way_it_was_cut()
    {
        _folder.Write("model-card.md", "stays");
        foreach (var (limit, files, start) in new[] { (60L, 5, 1f), (1000L, 1, 2f), (1L, 10, 3f), (100L, 3, 4f), (60L, 5, 5f), (1000L, 1, 6f) })
        {
            Assert.Equal(files, WeightFolder.Write(_folder.Path, Weights(start), limit).Count);
            Assert.Equal(files == 1 ? 2 : files + 2, Files().Length);
            Assert.True(WeightFolder.IsIn(_folder.Path));
            Holds(start);
        }
    }

    [Fact]
    public void Shards_broken_off_are_never_read_as_a_whole()
    {
        WeightFolder.Write(_folder.Path, Weights(1), shardBytes: 60);
        List<WeightToWrite> broken = [.. Weights(2).Take(9), new("w10", WeightType.Float32, [10], _ => throw new IOException("The disk is full."))];
        Assert.Throws<IOException>(() => WeightFolder.Write(_folder.Path, broken, shardBytes: 60));
        Assert.Contains("neither model.safetensors, nor", Assert.Throws<WeightException>(() => WeightFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
        WeightFolder.Write(_folder.Path, Weights(3), shardBytes: 60);
        Holds(3);
        Assert.Contains("'w01' comes twice", Assert.Throws<ArgumentException>(() => WeightFolder.Write(_folder.Path, [.. Weights(4), Weights(4)[0]], shardBytes: 60)).Message, StringComparison.Ordinal);
        Holds(3);
    }

    [Fact]
    public void How_weights_are_stored_is_checked_where_it_is_set()
    {
        Assert.Equal(("float32", 5_000_000_000L), (new WeightStorage().TypeName, new WeightStorage().ShardBytes));
        Assert.Equal("bfloat16", new WeightStorage { Type = WeightType.BFloat16 }.TypeName);
        Assert.Contains("Type must be", Assert.Throws<ArgumentOutOfRangeException>(() => new WeightStorage { Type = WeightType.Int8 }).Message, StringComparison.Ordinal);
        Assert.Contains("ShardBytes must be at least 1", Assert.Throws<ArgumentOutOfRangeException>(() => new WeightStorage { ShardBytes = 0 }).Message, StringComparison.Ordinal);
    }
}
