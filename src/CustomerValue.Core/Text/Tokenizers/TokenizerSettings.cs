namespace CustomerValue.Text.Tokenizers;

/// <summary>What tokenizer_config.json, special_tokens_map.json and added_tokens.json of a folder say; each may be absent.</summary>
internal sealed class TokenizerSettings
{
    private readonly JsonField[] _files;

    private TokenizerSettings(string folder, JsonField[] files) => (Folder, _files) = (folder, files);

    public string Folder { get; }

    public static TokenizerSettings Of(string folder) =>
        new(folder, [.. new[] { "tokenizer_config.json", "special_tokens_map.json" }.Select(name => Path.Combine(folder, name)).Where(File.Exists).Select(JsonField.Open)]);

    /// <summary>A field by name; nothing where no file has it.</summary>
    public JsonField this[string name] => _files.Select(f => f[name]).FirstOrDefault(f => !f.IsNothing);

    /// <summary>How BERT's texts are read; the fields' defaults are those of published BERT models.</summary>
    public BertTextOptions Bert(BertTextOptions defaults) => new(
        this["do_lower_case"].Truth(defaults.LowerCase),
        this["strip_accents"] is { IsNothing: false } strips ? strips.Truth(false) : defaults.StripAccents,
        this["tokenize_chinese_chars"].Truth(defaults.ChineseCharacters));

    /// <summary>The spelling of a special token, such as that of cls_token; written as a text or as an object with content.</summary>
    public string? Token(string name) => this[name] is var field && field.IsObject ? field["content"].Text : field.TextOrNothing;

    /// <summary>Special tokens by the roles that the files name; where they name none, by the first of the usual spellings that the vocabulary has.</summary>
    public SpecialTokens Special(Func<string, int?> idOf, bool bert)
    {
        int? Role(string[] names, params string[] usual)
        {
            foreach (var name in names)
                if (Token(name) is { } token)
                    return idOf(token) ?? throw new InvalidDataException($"{Folder}: {name} is '{token}', which the vocabulary lacks. The files come from different models, or the vocabulary was cut.");
            return usual.Select(idOf).FirstOrDefault(id => id is not null);
        }
        return bert
            ? new(Role(["pad_token"], "[PAD]"), Role(["unk_token"], "[UNK]"), Role(["cls_token"], "[CLS]"), Role(["sep_token"], "[SEP]"), Role(["mask_token"], "[MASK]"))
            : new(Role(["pad_token"]), Role(["unk_token"]), Role(["bos_token", "cls_token"], "<|begin_of_text|>"), Role(["eos_token", "sep_token"], "<|endoftext|>", "<|end_of_text|>"), Role(["mask_token"]));
    }

    /// <summary>Added tokens that stand outside tokenizer.json: added_tokens_decoder, and added_tokens.json.</summary>
    public IEnumerable<AddedToken> Added()
    {
        foreach (var (id, token) in this["added_tokens_decoder"].Fields())
            yield return AddedTokenOf(token, int.TryParse(id, out var number) && number >= 0 ? number : throw token.Wrong("an entry under an id, a whole number,"));
        var path = Path.Combine(Folder, "added_tokens.json");
        if (!File.Exists(path)) yield break;
        foreach (var (content, id) in JsonField.Open(path).Fields()) yield return new(id.Id, content, Special: content.StartsWith("<|", StringComparison.Ordinal));
    }

    /// <summary>One entry of tokenizer.json's added_tokens, or of added_tokens_decoder.</summary>
    public static AddedToken AddedTokenOf(JsonField entry, int id)
    {
        var content = entry["content"].Text;
        VocabularyFile.CheckToken(content, () => $"{entry.File}, {entry.Path}.content");
        var special = entry["special"].Truth(false);
        return new(id, content, special, entry["single_word"].Truth(false), entry["lstrip"].Truth(false), entry["rstrip"].Truth(false), entry["normalized"].Truth(!special));
    }
}
