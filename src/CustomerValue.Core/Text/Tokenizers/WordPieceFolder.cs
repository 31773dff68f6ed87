using System.Text.Json;

namespace CustomerValue.Text.Tokenizers;

/// <summary>Writes vocab.txt and tokenizer_config.json, as Hugging Face's programs and <see cref="HuggingFaceTokenizer"/> read them.</summary>
public static class WordPieceFolder
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Writes a learned vocabulary.</summary>
    public static void Write(string folder, WordPieceVocabulary vocabulary) =>
        Write(folder, vocabulary.Tokens, vocabulary.Text, new(Pad: 0, Unknown: 1, Start: 2, End: 3, Mask: 4));

    /// <summary>Writes a tokenizer's own vocabulary and rules, as when a fine-tuned model is saved.</summary>
    public static void Write(string folder, WordPieceTokenizer tokenizer) => Write(folder, tokenizer.Vocabulary, tokenizer.TextOptions, tokenizer.Special);

    private static void Write(string folder, IReadOnlyList<string> tokens, BertTextOptions text, SpecialTokens special)
    {
        Directory.CreateDirectory(folder);
        string? Spelled(int? id) => id is { } place && place < tokens.Count ? tokens[place] : null;
        var settings = new
        {
            tokenizer_class = "BertTokenizer", do_lower_case = text.LowerCase, strip_accents = text.StripAccents, tokenize_chinese_chars = text.ChineseCharacters,
            pad_token = Spelled(special.Pad), unk_token = Spelled(special.Unknown), cls_token = Spelled(special.Start), sep_token = Spelled(special.End), mask_token = Spelled(special.Mask),
        };
        // The vocabulary last, and by a rename: a folder with vocab.txt is whole.
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), JsonSerializer.Serialize(settings, s_indented).ReplaceLineEndings("\n") + "\n");
        var whole = Path.Combine(folder, "vocab.txt");
        File.WriteAllText(whole + ".part", string.Concat(tokens.Select(token => token + "\n")));
        File.Move(whole + ".part", whole, overwrite: true);
    }
}
