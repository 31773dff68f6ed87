namespace CustomerValue.Text.Tokenizers;

/// <summary>Opens the tokenizer of a Hugging Face folder: tokenizer.json where it is there, else vocab.txt, or vocab.json with merges.txt.</summary>
public static class HuggingFaceTokenizer
{
    /// <summary>The folder's tokenizer.</summary>
    /// <param name="folder">A model's folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has no tokenizer of a kind that is read here.</exception>
    /// <exception cref="InvalidDataException">A file is broken, or asks for what isn't read here; the message names file and field.</exception>
    public static ITokenizer Open(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder} isn't a folder. Name the folder that holds the model's config.json and tokenizer files.");
        bool Has(string name) => File.Exists(Path.Combine(folder, name));
        // What is wrong with a vocabulary as such is found without knowing its file.
        ITokenizer From(string name, Func<string, ITokenizer> open)
        {
            try { return open(folder); }
            catch (InvalidDataException error) when (!error.Message.Contains(folder, StringComparison.Ordinal)) { throw new InvalidDataException($"{Path.Combine(folder, name)}: {error.Message}", error); }
        }
        try
        {
            if (Has("tokenizer.json")) return From("tokenizer.json", TokenizerJson.Open);
            if (Has("vocab.txt")) return From("vocab.txt", OpenWordPiece);
            if (Has("vocab.json") && Has("merges.txt")) return From("vocab.json", OpenBytePairs);
        }
        catch (InvalidOperationException error)                      // what JSON's reader says of half a surrogate pair
        {
            throw new InvalidDataException($"{folder}: a JSON file of the tokenizer has a text that is no valid Unicode, such as half of a surrogate pair. {error.Message}", error);
        }
        throw new FileNotFoundException(Has("tokenizer.model")
            ? $"{folder} has only tokenizer.model, SentencePiece's format, which isn't read here. WordPiece and byte-level BPE are: vocab.txt, vocab.json with merges.txt, or tokenizer.json."
            : $"{folder} has no tokenizer. Expected is tokenizer.json, or vocab.txt, or both vocab.json and merges.txt.");
    }

    private static WordPieceTokenizer OpenWordPiece(string folder)
    {
        var (path, settings) = (Path.Combine(folder, "vocab.txt"), TokenizerSettings.Of(folder));
        var vocabulary = VocabularyFile.ReadLines(path);
        var ids = VocabularyFile.Index(vocabulary);
        return new(vocabulary, settings.Special(token => ids.TryGetValue(token, out var id) ? id : null, bert: true), settings.Bert(new()));
    }

    private static ByteLevelBpeTokenizer OpenBytePairs(string folder)
    {
        var (path, settings) = (Path.Combine(folder, "vocab.json"), TokenizerSettings.Of(folder));
        var kind = settings["tokenizer_class"].TextOrNothing ?? "GPT2Tokenizer";
        var qwen = kind.StartsWith("Qwen2", StringComparison.Ordinal);
        if (!qwen && !kind.StartsWith("GPT2", StringComparison.Ordinal))
            throw settings["tokenizer_class"].Wrong("GPT2Tokenizer or Qwen2Tokenizer, whose rules are known without tokenizer.json,");
        var vocabulary = new VocabularyBuilder(JsonField.Open(path));
        var added = settings.Added().DistinctBy(t => t.Content).ToList();
        vocabulary.Add(added);
        var special = settings.Special(vocabulary.IdOf, bert: false);
        // The model's own special tokens are matched in texts even where no file lists them as added.
        foreach (var id in new[] { special.Pad, special.Unknown, special.Start, special.End, special.Mask }.OfType<int>().Distinct())
            if (added.All(t => t.Id != id)) added.Add(new(id, vocabulary.Tokens[id], Special: true));
        var starts = settings["add_bos_token"].Truth(false);
        return new(vocabulary.Tokens, special, vocabulary.Ids, new(ReadMerges(Path.Combine(folder, "merges.txt")), vocabulary.Ids, rank => $"{Path.Combine(folder, "merges.txt")}, merge {rank + 1:#,0}"), new()
        {
            Normalizers = qwen ? [UnicodeForms.Nfc] : [],
            Rules = qwen ? [new(SplitRules.Qwen)] : [new(SplitRules.Gpt2, AddSpace: settings["add_prefix_space"].Truth(false))],
            Added = new(added),
            Template = starts ? SequenceTemplate.Around(special.Start, null) : SequenceTemplate.Plain,
        });
    }

    private static List<(string, string)> ReadMerges(string path)
    {
        var merges = new List<(string, string)>();
        var lines = VocabularyFile.ReadText(path).Split('\n');
        for (var line = 0; line < lines.Length; line++)
        {
            var text = lines[line].TrimEnd('\r');
            if (text.Length == 0 || line == 0 && text.StartsWith("#version", StringComparison.Ordinal)) continue;
            merges.Add(Merge(text) ?? throw new InvalidDataException($"{path}, line {line + 1:#,0}: '{(text.Length <= 60 ? text : text[..60] + "…")}' is no merge. Two tokens with one space between them are expected."));
        }
        return merges;
    }

    /// <summary>"left right"; null where it isn't that.</summary>
    internal static (string, string)? Merge(string text) =>
        text.Length <= 2 * VocabularyFile.LongestToken && text.IndexOf(' ', StringComparison.Ordinal) is var space && space > 0 && space < text.Length - 1 && text.IndexOf(' ', space + 1) < 0
            ? (text[..space], text[(space + 1)..]) : null;
}
