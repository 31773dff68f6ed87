using CustomerValue.Text.Tokenizers;

namespace CustomerValue.Text.Chat;

/// <summary>How a model wants a conversation written: the chat template that its folder brings, a Jinja text, read by a small reader of our own.</summary>
/// <remarks>
/// Templates come from anyone, so nothing is within a template's reach but the messages and what is given with them: no file, no clock, no type. Its steps, its texts and its depth are
/// limited, so that none runs on for ever. What isn't read here is refused with its line, never passed over. Immutable, and safe to share between threads.
/// </remarks>
public sealed class ChatTemplate
{
    private const string FileName = "chat_template.jinja";
    private static readonly string[] s_tokens = ["bos_token", "eos_token", "pad_token", "unk_token", "cls_token", "sep_token", "mask_token"];
    private readonly string _source;
    private readonly TemplateStep _template;
    private readonly Lazy<bool> _takesSystem;

    private ChatTemplate(string source, TemplateStep template)
    {
        (_source, _template) = (source, template);
        _takesSystem = new(() =>
        {
            try { return Render([new("system", "system"), new("user", "user")]).Contains("system", StringComparison.Ordinal); }
            catch (ChatTemplateException) { return false; }
        });
    }

    /// <summary>Values that the template sees by their names, beside the messages: the folder's special tokens (bos_token, eos_token, ...), and switches of its own such as enable_thinking. Texts, truths and whole numbers.</summary>
    public IReadOnlyDictionary<string, object?> Values { get; private init; } = new Dictionary<string, object?>();

    /// <summary>Whether it takes a message of the role system; some refuse it.</summary>
    public bool TakesSystem => _takesSystem.Value;

    /// <summary>The template of a model's folder: chat_template.jinja, or chat_template of tokenizer_config.json, of several the one called default. Null where it has none.</summary>
    /// <exception cref="ChatTemplateException">The template can't be read; the message names file and line.</exception>
    /// <exception cref="InvalidDataException">tokenizer_config.json is broken.</exception>
    public static ChatTemplate? Find(string folder)
    {
        var settings = TokenizerSettings.Of(folder);
        try
        {
            var path = Path.Combine(folder, FileName);
            var (text, source) = File.Exists(path) ? (VocabularyFile.ReadText(path), path) : Named(settings["chat_template"]);
            if (text is null) return null;
            var tokens = s_tokens.Select(name => (Name: name, Token: settings.Token(name))).Where(t => t.Token is not null).ToDictionary(t => t.Name, t => (object?)t.Token);
            return Parse(text, source).With(tokens);
        }
        catch (InvalidOperationException error)                      // what JSON's reader says of half a surrogate pair
        {
            throw new InvalidDataException($"{folder}: a JSON file of the tokenizer has a text that is no valid Unicode, such as half of a surrogate pair. {error.Message}", error);
        }
    }

    /// <summary>A template from its text.</summary>
    /// <param name="template">The text, as Jinja has it with trim_blocks and lstrip_blocks.</param>
    /// <param name="source">Where it is from, for messages.</param>
    /// <exception cref="ChatTemplateException">It can't be read.</exception>
    public static ChatTemplate Parse(string template, string source = "chat template") => new(source, TemplateParser.Parse(template, source));

    /// <summary>The same template with further values, or others of the same names.</summary>
    /// <exception cref="ArgumentException">A value is neither a text, nor a truth, nor a whole number, nor null.</exception>
    public ChatTemplate With(IReadOnlyDictionary<string, object?> values)
    {
        foreach (var (name, value) in values)
            if (value is not (null or string or bool or long or int)) throw new ArgumentException($"The template's value '{name}' is a {value.GetType().Name}; a text, true or false, or a whole number is expected.", nameof(values));
        return new(_source, _template) { Values = Values.Concat(values).GroupBy(v => v.Key).ToDictionary(v => v.Key, v => v.Last().Value is int number ? (long)number : v.Last().Value) };
    }

    /// <summary>The conversation as the model wants it written.</summary>
    /// <param name="messages">The messages, in order.</param>
    /// <param name="addGenerationPrompt">Whether the beginning of the assistant's answer follows.</param>
    /// <exception cref="ChatTemplateException">The template refuses these messages, asks for what isn't read here, or goes on too long.</exception>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = true)
    {
        var run = new TemplateRun(_source);
        foreach (var (name, value) in Values) run.Set(name, value);
        run.Set("messages", messages.Select(m => (object?)new Dictionary<string, object?> { ["role"] = m.Role, ["content"] = m.Content }).ToList());
        run.Set("add_generation_prompt", addGenerationPrompt);
        run.Set("tools", null);
        run.Set("documents", null);
        _template(run);
        return run.Output.ToString();
    }

    private static (string? Text, string Source) Named(JsonField field)
    {
        var source = $"{field.File}, chat_template";
        if (field.IsNothing || field.IsText) return (field.TextOrNothing, source);
        var named = field.Entries().Select(entry => (Name: entry["name"].Text, Template: entry["template"].Text)).ToList();
        return named.Find(t => t.Name == "default") is { Template: { } template } ? (template, $"{source} 'default'")
            : throw new ChatTemplateException($"{source}: there is no template called default among {TemplateValues.Shown(string.Join(", ", named.Select(t => t.Name)))}. Write the one that is meant into a file {FileName} in the folder.");
    }
}
