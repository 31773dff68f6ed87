using System.Globalization;
using System.IO.Compression;

namespace CustomerValue.Text.Tagging;

/// <summary>Reads treebanks in CoNLL-U: the words and their universal part-of-speech tags.</summary>
/// <remarks>Format: universaldependencies.org/format.html. Words are syntactic words; multiword-token lines (3-4) and empty nodes (3.1) are passed by.</remarks>
public static class Treebank
{
    private const int LongestLine = 1 << 20;

    /// <summary>The sentences of one split of a treebank's folder: NAME.conllu or NAME.conllu.gz.</summary>
    /// <param name="folder">The treebank's folder.</param>
    /// <param name="split">train, dev or test.</param>
    /// <exception cref="FileNotFoundException">The folder has no such file.</exception>
    /// <exception cref="InvalidDataException">A line isn't CoNLL-U.</exception>
    public static IReadOnlyList<TaggedSentence> ReadSplit(string folder, string split)
    {
        string[] names = [$"{split}.conllu.gz", $"{split}.conllu"];
        foreach (var name in names)
            if (File.Exists(Path.Combine(folder, name))) return Read(Path.Combine(folder, name));
        throw new FileNotFoundException($"The treebank's folder '{folder}' has neither {names[0]} nor {names[1]}. Name a folder with train, dev and test in CoNLL-U.", Path.Combine(folder, names[0]));
    }

    /// <summary>The sentences of a file, which may be gzipped (.gz).</summary>
    /// <exception cref="InvalidDataException">A line isn't CoNLL-U, or the file is cut off.</exception>
    public static IReadOnlyList<TaggedSentence> Read(string path)
    {
        using var file = File.OpenRead(path);
        using var plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var reader = new StreamReader(plain);
        return Read(reader, Path.GetFileName(path));
    }

    /// <summary>The sentences that <paramref name="reader"/> gives.</summary>
    /// <param name="reader">CoNLL-U.</param>
    /// <param name="name">What to call it in an error.</param>
    /// <exception cref="InvalidDataException">A line isn't CoNLL-U.</exception>
    public static IReadOnlyList<TaggedSentence> Read(TextReader reader, string name)
    {
        var sentences = new List<TaggedSentence>();
        var (words, tags) = (new List<string>(), new List<string>());
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0) End();
            else if (line[0] != '#') Add(line, number);
        }
        End();
        return sentences;

        void End()
        {
            if (words.Count > 0) sentences.Add(new([.. words], [.. tags]));
            words.Clear();
            tags.Clear();
        }

        void Add(string line, int number)
        {
            if (line.Length > LongestLine) throw Wrong(number, $"it has {line.Length} characters");
            var fields = line.Split('\t');
            if (fields.Length != 10) throw Wrong(number, $"it has {fields.Length} columns");
            if (fields[0].AsSpan().ContainsAny('-', '.')) return;
            if (!int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id != words.Count + 1)
                throw Wrong(number, $"its ID is '{fields[0]}' where {words.Count + 1} is due");
            if (fields[1].Length == 0 || fields[3].Length == 0) throw Wrong(number, "FORM or UPOS is empty");
            words.Add(fields[1]);
            tags.Add(fields[3]);
        }

        InvalidDataException Wrong(int number, string found) => new(
            $"{name}, line {number}: {found}. Expected is CoNLL-U: ten columns separated by tabs (ID, FORM, LEMMA, UPOS, ...), IDs counted from 1, an empty line after each sentence.");
    }
}
