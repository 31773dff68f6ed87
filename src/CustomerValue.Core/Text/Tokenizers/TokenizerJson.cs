using System.Text.RegularExpressions;

namespace CustomerValue.Text.Tokenizers;

/// <summary>Reads tokenizer.json of two kinds: WordPiece as BERT's, and byte-level BPE. Whatever else it asks for is refused by name, so that no text is split otherwise than the model learned.</summary>
internal static class TokenizerJson
{
    public static ITokenizer Open(string folder)
    {
        var root = JsonField.Open(Path.Combine(folder, "tokenizer.json"));
        var (model, settings) = (root["model"], TokenizerSettings.Of(folder));
        if (!model.IsObject) throw model.Wrong("an object");
        var kind = model["type"].TextOrNothing ?? (model["merges"].IsNothing ? "WordPiece" : "BPE");
        if (kind is not ("WordPiece" or "BPE")) throw model["type"].Wrong("WordPiece or BPE (byte-level), the two kinds that are read here,");
        var vocabulary = new VocabularyBuilder(model["vocab"]);
        var added = root["added_tokens"].Entries().Select(entry => TokenizerSettings.AddedTokenOf(entry, entry["id"].Id)).Concat(settings.Added()).DistinctBy(t => t.Content).ToList();
        vocabulary.Add(added);
        return kind == "WordPiece" ? WordPiece(root, vocabulary, added, settings) : BytePairs(root, vocabulary, added, settings);
    }

    private static WordPieceTokenizer WordPiece(JsonField root, VocabularyBuilder vocabulary, List<AddedToken> added, TokenizerSettings settings)
    {
        var (model, normalizer, splitter) = (root["model"], root["normalizer"], root["pre_tokenizer"]);
        if ((model["continuing_subword_prefix"].TextOrNothing ?? "##") != "##") throw model["continuing_subword_prefix"].Wrong("'##'");
        if (!normalizer.IsNothing) Only(normalizer["type"], "BertNormalizer");
        Only(splitter["type"], "BertPreTokenizer");
        if (!normalizer["clean_text"].Truth(true)) throw normalizer["clean_text"].Wrong("true");
        var text = normalizer.IsNothing ? new BertTextOptions(LowerCase: false, StripAccents: false, ChineseCharacters: false)
            : settings.Bert(new(normalizer["lowercase"].Truth(true), normalizer["strip_accents"] is { IsNothing: false } strips ? strips.Truth(false) : null, normalizer["handle_chinese_chars"].Truth(true)));
        var named = settings.Special(vocabulary.IdOf, bert: true);
        var unknown = model["unk_token"].TextOrNothing is { } spelled ? vocabulary.IdOf(spelled) ?? throw model["unk_token"].Wrong("a token of the vocabulary") : named.Unknown;
        var longest = model["max_input_chars_per_word"] is { IsNothing: false } limit ? limit.Id : 100;
        return new(vocabulary.Tokens, named with { Unknown = unknown }, text, new(added), Template(root["post_processor"], vocabulary), longest);
    }

    private static ByteLevelBpeTokenizer BytePairs(JsonField root, VocabularyBuilder vocabulary, List<AddedToken> added, TokenizerSettings settings)
    {
        var model = root["model"];
        if (model["byte_fallback"].Truth(false)) throw model["byte_fallback"].Wrong("false: BPE over bytes is read here, not SentencePiece's with bytes as a last resort; false");
        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (!string.IsNullOrEmpty(model[name].TextOrNothing)) throw model[name].Wrong("null or an empty text, as byte-level BPE has it,");
        if (model["dropout"] is { IsNothing: false } dropout && dropout.Element.ToString() is not ("0" or "0.0")) throw dropout.Wrong("null, so that a text has one encoding,");
        if (Steps(root["decoder"], "decoders").All(d => d["type"].TextOrNothing != "ByteLevel")) throw root["decoder"].Wrong("a ByteLevel decoder");
        var merges = model["merges"].Entries().Select(MergeOf).ToList();
        return new(vocabulary.Tokens, settings.Special(vocabulary.IdOf, bert: false), vocabulary.Ids, new(merges, vocabulary.Ids, rank => $"{root.File}, model.merges[{rank}]"), new()
        {
            Normalizers = [.. Steps(root["normalizer"], "normalizers").Select(NormalizerOf)],
            Rules = RulesOf(root["pre_tokenizer"]),
            IgnoreMerges = model["ignore_merges"].Truth(false),
            Added = new(added),
            Template = Template(root["post_processor"], vocabulary),
        });
    }

    private static (string, string) MergeOf(JsonField merge)
    {
        if (merge.IsText && HuggingFaceTokenizer.Merge(merge.Text) is { } pair) return pair;
        if (merge.IsList && merge.Element.GetArrayLength() == 2)
        {
            var (left, right) = (merge.Element[0].GetString(), merge.Element[1].GetString());
            if (left?.Length > 0 && right?.Length > 0) return (left, right);
        }
        throw merge.Wrong("two tokens, as [\"a\", \"b\"] or \"a b\",");
    }

    private static Func<string, string> NormalizerOf(JsonField step) => step["type"].TextOrNothing switch
    {
        "NFC" => UnicodeForms.Nfc,
        "NFD" => UnicodeForms.Nfd,
        "NFKC" => UnicodeForms.Nfkc,
        "NFKD" => UnicodeForms.Nfkd,
        "Lowercase" => text => text.ToLowerInvariant(),
        _ => throw step["type"].Wrong("NFC, NFD, NFKC, NFKD, Lowercase or a Sequence of them"),
    };

    private static List<SplitRule> RulesOf(JsonField splitter)
    {
        var (rules, bytes) = (new List<SplitRule>(), false);
        foreach (var step in Steps(splitter, "pretokenizers"))
            switch (step["type"].TextOrNothing)
            {
                case "Split":
                    rules.Add(SplitOf(step));
                    break;
                case "Digits":
                    rules.Add(new(SplitRules.Of(step["individual_digits"].Truth(false) ? @"\p{N}" : @"\p{N}+")));
                    break;
                case "ByteLevel":
                    bytes = true;
                    rules.Add(new(step["use_regex"].Truth(true) ? SplitRules.Gpt2 : null, step["add_prefix_space"].Truth(true)));
                    break;
                default:
                    throw step["type"].Wrong("Split, Digits, ByteLevel or a Sequence of them");
            }
        if (!bytes) throw splitter.Wrong("a ByteLevel step: BPE is read here over bytes only, and one");
        return rules;
    }

    private static SplitRule SplitOf(JsonField step)
    {
        var (behavior, inverted) = (step["behavior"].Text, step["invert"].Truth(false));
        var keeps = behavior == "Isolated" || behavior == "Removed" && inverted;
        if (!keeps) throw step["behavior"].Wrong("Isolated, or Removed with invert,");
        var pattern = step["pattern"];
        var (regex, text) = (pattern["Regex"].TextOrNothing, pattern["String"].TextOrNothing);
        if (regex is null && string.IsNullOrEmpty(text)) throw pattern.Wrong("a Regex or a String");
        try
        {
            return new(SplitRules.Of(regex ?? Regex.Escape(text!)), KeepsGaps: behavior == "Isolated");
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{step.File}: '{step.Path}.pattern.Regex' can't be read as an expression: {error.Message}", error);
        }
    }

    private static SequenceTemplate Template(JsonField processor, VocabularyBuilder vocabulary)
    {
        var found = SequenceTemplate.Plain;
        foreach (var step in Steps(processor, "processors"))
            found = step["type"].TextOrNothing switch
            {
                "ByteLevel" => found,                                       // moves offsets only
                "TemplateProcessing" => new(Parts(step, "single", vocabulary), Parts(step, "pair", vocabulary)),
                "BertProcessing" => SequenceTemplate.Bert(new(Start: Named(step["cls"], vocabulary), End: Named(step["sep"], vocabulary))),
                "RobertaProcessing" => Roberta(Named(step["cls"], vocabulary), Named(step["sep"], vocabulary)),
                _ => throw step["type"].Wrong("ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing or a Sequence of them"),
            };
        return found;
    }

    private static SequenceTemplate Roberta(int start, int end)
    {
        TemplatePart Token(int id) => new(id, Second: false, 0);
        TemplatePart a = new(null, Second: false, 0), b = new(null, Second: true, 0);
        return new([Token(start), a, Token(end)], [Token(start), a, Token(end), Token(end), b, Token(end)]);
    }

    private static List<TemplatePart> Parts(JsonField step, string name, VocabularyBuilder vocabulary)
    {
        var parts = new List<TemplatePart>();
        foreach (var part in step[name].Entries())
            if (part["Sequence"] is { IsNothing: false } text) parts.Add(new(null, text["id"].Text == "B", text["type_id"].Id));
            else if (part["SpecialToken"] is { IsNothing: false } special)
                foreach (var id in step["special_tokens"][special["id"].Text]["ids"].Entries().DefaultIfEmpty(step["special_tokens"][special["id"].Text]))
                    parts.Add(new(id.Id < vocabulary.Tokens.Length ? id.Id : throw id.Wrong("an id of the vocabulary"), false, special["type_id"].Id));
            else throw part.Wrong("a Sequence or a SpecialToken");
        if (name == "single" && parts.Count(p => p.Token is null && !p.Second) != 1) throw step[name].Wrong("a template with Sequence A once");
        return parts;
    }

    /// <summary>["[CLS]", 101].</summary>
    private static int Named(JsonField pair, VocabularyBuilder vocabulary)
    {
        JsonField[] parts = [.. pair.Entries()];
        return parts.Length == 2 && vocabulary.IdOf(parts[0].Text) == parts[1].Id ? parts[1].Id : throw pair.Wrong("a token of the vocabulary with its id");
    }

    /// <summary>A step, or the steps of a Sequence, however deep; none where nothing stands.</summary>
    private static IEnumerable<JsonField> Steps(JsonField field, string inner) =>
        field.IsNothing ? [] : field["type"].TextOrNothing == "Sequence" ? field[inner].Entries().SelectMany(step => Steps(step, inner)) : [field];

    private static void Only(JsonField type, string expected)
    {
        if (type.TextOrNothing != expected) throw type.Wrong($"{expected}, BERT's own,");
    }
}
