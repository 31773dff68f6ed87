using System.Buffers.Binary;
using System.Text;
using CustomerValue.Testing;
using CustomerValue.Text.Weights;

namespace CustomerValue.Core.Tests.Text.Weights;

public sealed class WeightFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weights-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Place(string name) => Path.Combine(_folder, name);

    private string WriteHeader(string header, int data)
    {
        var path = Place("model.safetensors");
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    [Fact]
    public void What_is_written_is_read_again_and_the_same_weights_give_the_same_bytes()
    {
        WeightToWrite[] weights = [WeightToWrite.Of("b", [2, 3], [1, 2, 3, 4, 5, 6]), WeightToWrite.Of("a", [], [7]), WeightToWrite.Of("empty", [0, 4], [])];
        SafeTensorsWriter.Write(Place("1.safetensors"), weights);
        SafeTensorsWriter.Write(Place("2.safetensors"), weights.Reverse());
        Assert.Equal(File.ReadAllBytes(Place("1.safetensors")), File.ReadAllBytes(Place("2.safetensors")));
        using var file = SafeTensorsFile.Open(Place("1.safetensors"));
        Assert.Equal([1, 2, 3, 4, 5, 6], file.ReadSingles("b"));
        Assert.Equal([7], file.ReadSingles("a"));
        Assert.Empty(file.ReadSingles("empty"));
        Assert.Equal("b: F32 [2, 3]", file.Find("b")!.ToString());
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.All(file.Weights, w => Assert.Equal(0, w.Offset % 4));
        Assert.Contains("comes twice", Assert.Throws<ArgumentException>(() => SafeTensorsWriter.Write(Place("3.safetensors"), [weights[0], weights[0]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_precision_the_pickle_and_single_precision_hold_the_same_numbers()
    {
        var folder = RealModels.Need("bert-tiny-random");
        using var single = SafeTensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        using var half = SafeTensorsFile.Open(Path.Combine(folder, "model.fp16.safetensors"));
        using var pickled = PickledWeightsFile.Open(Path.Combine(folder, "pytorch_model.bin"));
        Assert.Equal(39, single.Weights.Count);
        Assert.Equal(single.Weights.Select(w => w.Name).Order(), pickled.Weights.Select(w => w.Name).Order());
        foreach (var weight in single.Weights)
        {
            Assert.Equal(single.ReadSingles(weight.Name), half.ReadSingles(weight.Name));
            Assert.Equal(single.ReadSingles(weight.Name), pickled.ReadSingles(weight.Name));
            Assert.Equal(weight.Shape, pickled.Find(weight.Name)!.Shape);
        }
    }

    [Fact]
    public void A_sharded_folder_reads_as_one()
    {
        using var folder = WeightFolder.Open(RealModels.Need("qwen3-tiny-random"));
        Assert.Equal(2, folder.Files.Count);
        Assert.Equal(82_368, folder.Weights.Sum(w => w.Bytes));
        Assert.All(folder.Weights, w => Assert.Equal(w.Count, folder.ReadSingles(w.Name).Length));
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}", 16, "Duplicate")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12, "inside the weight before it")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[12,20]}}", 20, "belong to nothing")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 12, "and the file at")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "don't lie in the file's 4 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "takes 12 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,16],\"data_offsets\":[0,0]}}", 0, "larger than any file")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "whole numbers from 0 on")]
    [InlineData("{\"a\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "'F4'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "data_offsets")]
    [InlineData("{\"a\":7}", 0, "an object is expected")]
    [InlineData("[1, 2]", 0, "an object is expected")]
    [InlineData("{\"a\": ", 0, "no proper JSON")]
    [InlineData("{\"__metadata__\": {\"a\": 1}}", 0, "no object of texts")]
    public void A_header_that_does_not_fit_its_file_is_refused_in_words(string header, int data, string named)
    {
        var path = WriteHeader(header, data);
        var error = Assert.Throws<WeightException>(() => SafeTensorsFile.Open(path));
        Assert.Contains(named, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("../other.safetensors"), InlineData("/etc/passwd"), InlineData("a/b.safetensors"), InlineData("model.exe"), InlineData("")]
    public void An_index_leads_nowhere_else(string shard)
    {
        File.WriteAllText(Place("model.safetensors.index.json"), $"{{\"weight_map\": {{\"a\": \"{shard}\"}}}}");
        Assert.Contains("beside the index is expected", Assert.Throws<WeightException>(() => WeightFolder.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("cos\nsystem\n", "os system"), InlineData("cbuiltins\neval\n", "builtins eval"), InlineData("i", "0x69")]
    public void A_pickle_that_names_anything_else_is_refused_by_name(string program, string named)
    {
        using (var zip = System.IO.Compression.ZipFile.Open(Place("pytorch_model.bin"), System.IO.Compression.ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("m/data.pkl", System.IO.Compression.CompressionLevel.NoCompression).Open())
            entry.Write([0x80, 2, .. Encoding.ASCII.GetBytes(program), (byte)'.']);
        Assert.Contains(named, Assert.Throws<WeightException>(() => WeightFolder.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Five_hundred_spoilt_files_are_refused_or_read_whole() => Spoil(500);

    [Fact, Trait("Category", "Nightly")]
    public void Ten_thousand_spoilt_files_are_refused_or_read_whole() => Spoil(10_000);

    // Files of three kinds with bits flipped, pieces cut out, doubled or overwritten, mostly where their directories stand.
    private void Spoil(int count)
    {
        var tiny = RealModels.Need("bert-tiny-random");
        var sharded = RealModels.Need("qwen3-tiny-random");
        var (safe, pickled, index) = (File.ReadAllBytes(Path.Combine(tiny, "model.fp16.safetensors")), File.ReadAllBytes(Path.Combine(tiny, "pytorch_model.bin")), File.ReadAllBytes(Path.Combine(sharded, "model.safetensors.index.json")));
        foreach (var shard in Directory.GetFiles(sharded, "*.safetensors")) File.Copy(shard, Place(Path.GetFileName(shard)));
        var (refused, read) = (0, 0);
        for (var number = 0; number < count; number++)
        {
            var chance = SplitMix64.Stream(20261124, number);
            var (bytes, name) = (number % 3) switch { 0 => (safe, "one.safetensors"), 1 => (pickled, "one.bin"), _ => (index, "model.safetensors.index.json") };
            File.WriteAllBytes(Place(name), Spoilt(bytes, ref chance, number % 3));
            try
            {
                using var folder = number % 3 == 2 ? WeightFolder.Open(_folder) : WeightFolder.OpenFile(Place(name));
                foreach (var weight in folder.Weights) Assert.Equal(weight.Count, folder.ReadSingles(weight.Name).Length);
                read++;
            }
            catch (WeightException error)
            {
                Assert.True(error.Message.Length > 40, $"file {number} was refused without words");
                refused++;
            }
        }
        Assert.True(refused > count / 3 && read > 0, $"{refused} refused, {read} read");
    }

    private static byte[] Spoilt(byte[] whole, ref SplitMix64 chance, int kind)
    {
        var bytes = whole.ToList();
        for (var change = 1 + chance.Below(3); change > 0 && bytes.Count > 1; change--)
        {
            // Directories: the header of a safetensors file, the pickle and the end of a zip file.
            var room = Math.Min(bytes.Count, 5_000);
            var at = chance.Below(5) == 0 ? chance.Below(bytes.Count) : kind == 1 && chance.Below(2) == 0 ? bytes.Count - 1 - chance.Below(room) : chance.Below(chance.Below(4) == 0 ? Math.Min(bytes.Count, 16) : room);
            var length = Math.Min(1 + chance.Below(40), bytes.Count - at);
            switch (chance.Below(6))
            {
                case 0: bytes[at] ^= (byte)(1 << chance.Below(8)); break;
                case 1: bytes[at] = (byte)chance.Below(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: for (var i = at; i < at + length; i++) bytes[i] = (byte)(chance.Below(2) == 0 ? 0xFF : '9'); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
