using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace CustomerValue.Text.Tagging;

/// <summary>A tagger's file: gzip over a SHA-256 digest and what it vouches for. Numbers are written seven bits a byte; keys as steps from the one before.</summary>
/// <remarks>
/// magic "CVTAG", version, digest of the rest [32]; language; tags; lexicon (words: key step, tags seen, each with count); tagger; places of characters; segment labels; segmenter.
/// A model: labels, largest weight, features (key step, weights, each label with a signed step of 1/127 of the largest), transitions as 32-bit floats.
/// </remarks>
internal static class TaggerFile
{
    private const string Magic = "CVTAG";
    private const byte Version = 1;
    private const int MostBytes = 256 << 20, MostItems = 20_000_000;

    public static void Write(TaggerParts parts, Stream to)
    {
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body, Encoding.UTF8, leaveOpen: true)) Body(parts, writer);
        using var packed = new GZipStream(to, CompressionLevel.SmallestSize, leaveOpen: true);
        packed.Write(Encoding.ASCII.GetBytes(Magic));
        packed.WriteByte(Version);
        var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        packed.Write(SHA256.HashData(bytes));
        packed.Write(bytes);
    }

    /// <exception cref="InvalidDataException">It isn't a tagger's file, is cut off or changed, or of an unknown version.</exception>
    public static TaggerParts Read(Stream from, string name)
    {
        var bytes = Unpacked(from, name);
        var head = Magic.Length + 1 + SHA256.HashSizeInBytes;
        if (bytes.Length < head || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Encoding.ASCII.GetBytes(Magic)))
            throw Wrong(name, $"it doesn't begin with {Magic}");
        if (bytes[Magic.Length] != Version) throw Wrong(name, $"its version is {bytes[Magic.Length]}, and this program reads version {Version}");
        if (!SHA256.HashData(bytes.AsSpan(head)).AsSpan().SequenceEqual(bytes.AsSpan(Magic.Length + 1, SHA256.HashSizeInBytes))) throw Wrong(name, "its digest doesn't match its content");
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, head, bytes.Length - head), Encoding.UTF8);
            var parts = Body(reader, name);
            return reader.BaseStream.Position == reader.BaseStream.Length ? parts : throw Wrong(name, $"{reader.BaseStream.Length - reader.BaseStream.Position} bytes are left over at its end");
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or ArgumentException or OverflowException)
        {
            throw Wrong(name, $"its content breaks off or is malformed ({error.Message})");
        }
    }

    private static byte[] Unpacked(Stream from, string name)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            using var plain = new GZipStream(from, CompressionMode.Decompress, leaveOpen: true);
            for (int read; (read = plain.Read(buffer)) > 0;)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > MostBytes) throw Wrong(name, $"it unpacks to more than {MostBytes >> 20} MiB");
            }
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw Wrong(name, $"it can't be unpacked ({error.Message})");
        }
        return bytes.ToArray();
    }

    private static void Body(TaggerParts parts, BinaryWriter writer)
    {
        writer.Write(parts.Language);
        writer.Write7BitEncodedInt(parts.Tags.Count);
        foreach (var tag in parts.Tags) writer.Write(tag);

        writer.Write7BitEncodedInt(parts.Lexicon.Count);
        var before = 0u;
        foreach (var (word, counts) in parts.Lexicon.Entries)
        {
            writer.Write7BitEncodedInt64(word - before);
            before = word;
            writer.Write7BitEncodedInt(counts.Count(c => c > 0));
            for (var tag = 0; tag < counts.Length; tag++)
                if (counts[tag] > 0)
                {
                    writer.Write((byte)tag);
                    writer.Write7BitEncodedInt(counts[tag]);
                }
        }
        Model(parts.Tagger, writer);

        writer.Write7BitEncodedInt(parts.Places.Count);
        foreach (var (character, counts) in parts.Places.Entries)
        {
            writer.Write((ushort)character);
            foreach (var count in counts) writer.Write7BitEncodedInt(count);
        }
        writer.Write7BitEncodedInt(parts.SegmentLabels.Count);
        foreach (var label in parts.SegmentLabels) writer.Write((byte)label);
        if (parts.Segmenter is { } segmenter) Model(segmenter, writer);
    }

    private static TaggerParts Body(BinaryReader reader, string name)
    {
        var language = reader.ReadString();
        if (language is not ("en" or "zh")) throw Wrong(name, "its language is neither en nor zh");
        var tags = new string[Count(reader, 1, 60, "tags", name)];
        for (var tag = 0; tag < tags.Length; tag++) tags[tag] = reader.ReadString();
        if (tags.Distinct().Count() != tags.Length) throw Wrong(name, "a tag stands twice");

        var lexicon = new TagLexicon(tags.Length);
        var words = Count(reader, 0, MostItems, "words", name);
        for (var (at, key) = (0, 0L); at < words; at++)
        {
            key = Key(reader, key, at, name);
            for (var seen = Count(reader, 1, tags.Length, "tags of a word", name); seen > 0; seen--)
                lexicon.Add((uint)key, Index(reader.ReadByte(), tags.Length, "a word's tag", name), Count(reader, 1, int.MaxValue / 256, "places of a word", name));
        }
        var tagger = Model(reader, tags.Length, name);

        var places = new CharacterPlaces();
        for (var left = Count(reader, 0, 1 << 16, "characters", name); left > 0; left--)
        {
            var character = (char)reader.ReadUInt16();
            for (var place = 0; place < 4; place++) places.Add(character, place, Count(reader, 0, int.MaxValue / 256, "places of a character", name));
        }
        var labels = new int[Count(reader, 0, 255, "segment labels", name)];
        for (var at = 0; at < labels.Length; at++) labels[at] = Index(reader.ReadByte(), tags.Length * 4, "a segment label", name);
        var segmenter = labels.Length > 0 ? Model(reader, labels.Length, name) : null;
        if (language == "zh" && segmenter is null) throw Wrong(name, "a tagger for zh lacks its segmenter");
        return new(language, tags, lexicon, tagger, places, labels, segmenter);
    }

    private static void Model(ChainModel model, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(model.Labels);
        var largest = model.Weights.Length == 0 ? 1 : model.Weights.Max(Math.Abs);
        writer.Write(largest);
        writer.Write7BitEncodedInt(model.Keys.Length);
        var before = 0u;
        for (var feature = 0; feature < model.Keys.Length; feature++)
        {
            writer.Write7BitEncodedInt64(model.Keys[feature] - before);
            before = model.Keys[feature];
            writer.Write((byte)(model.Starts[feature + 1] - model.Starts[feature]));
        }
        // Columns of one kind pack better than pairs.
        foreach (var label in model.WeightLabels) writer.Write(label);
        foreach (var weight in model.Weights) writer.Write((sbyte)MathF.Round(weight / largest * 127));
        foreach (var transition in model.Transitions) writer.Write(transition);
    }

    private static ChainModel Model(BinaryReader reader, int labels, string name)
    {
        if (Count(reader, 1, 255, "labels", name) is var found && found != labels) throw Wrong(name, $"a model has {found} labels where {labels} are due");
        var largest = reader.ReadSingle();
        if (!(largest > 0 && largest < 1e4f)) throw Wrong(name, "a model's largest weight is out of range");
        var features = Count(reader, 0, MostItems, "features", name);
        var (keys, starts) = (new List<uint>(), new List<int> { 0 });
        for (var (at, key) = (0, 0L); at < features; at++)
        {
            keys.Add((uint)(key = Key(reader, key, at, name)));
            starts.Add(starts[^1] + Index(reader.ReadByte(), labels + 1, "a feature's weights", name));
            if (starts[^1] > MostItems) throw Wrong(name, "it has too many weights");
        }
        var weightLabels = Exactly(reader, starts[^1], name);
        foreach (var label in weightLabels) Index(label, labels, "a weight's label", name);
        var weights = Array.ConvertAll(Exactly(reader, starts[^1], name), step => (sbyte)step * (largest / 127));
        var transitions = new float[(labels + 1) * labels];
        for (var at = 0; at < transitions.Length; at++)
            if (!(Math.Abs(transitions[at] = reader.ReadSingle()) <= -ChainModel.Never)) throw Wrong(name, "a transition is out of range");
        return new(labels, [.. keys], [.. starts], weightLabels, weights, transitions);
    }

    private static byte[] Exactly(BinaryReader reader, int count, string name)
    {
        var bytes = reader.ReadBytes(count);
        return bytes.Length == count ? bytes : throw Wrong(name, "its content breaks off");
    }

    private static long Key(BinaryReader reader, long before, int at, string name)
    {
        var key = before + reader.Read7BitEncodedInt64();
        return key is >= 0 and <= uint.MaxValue && (key > before || at == 0) ? key : throw Wrong(name, "its keys aren't in ascending order");
    }

    private static int Count(BinaryReader reader, int least, int most, string what, string name) =>
        reader.Read7BitEncodedInt() is var count && count >= least && count <= most ? count : throw Wrong(name, $"its number of {what} is {count} where {least} to {most} are possible");

    private static int Index(int value, int below, string what, string name) => value < below ? value : throw Wrong(name, $"{what} is {value} where 0 to {below - 1} are possible");

    private static InvalidDataException Wrong(string name, string why) =>
        new($"{name}: not a tagger that can be used: {why}. Make it anew: customervalue text train-tagger --treebank DIR --language LANGUAGE --output FILE.");
}
