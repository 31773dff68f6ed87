using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using CustomerValue.Text.Chat;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Torch.Generation;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>A continued text.</summary>
/// <param name="Ids">The prompt's ids.</param>
/// <param name="NewIds">What was added.</param>
/// <param name="Text">What was added, as text.</param>
/// <param name="LastLogits">Logits at the prompt's end, one for each token of the vocabulary.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Prompt">With --chat: what the model read, as the template wrote it.</param>
internal sealed record GenerateResult(int[] Ids, int[] NewIds, string Text, float[] LastLogits, GenerationEnd End, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Prompt = null);

/// <summary>Continues a text with a decoder.</summary>
internal static class GenerateCommand
{
    private static readonly Option<string> s_model = new("--model") { Description = "The decoder's folder, as Hugging Face lays it out: GPT-2, Llama, Qwen2 or Qwen3.", Required = true, HelpName = "DIR" };
    private static readonly Option<string?> s_adapter = new("--adapter") { Description = "A LoRA adapter's folder, as PEFT writes it.", HelpName = "DIR" };
    private static readonly Option<string> s_text = new("--text") { Description = "The text to continue; with --chat, what the user says.", Required = true };
    private static readonly Option<bool> s_chat = new("--chat") { Description = "Converse, for models that were taught to: the text is written as the folder's chat template has it (chat_template.jinja, or chat_template in tokenizer_config.json), and the model answers." };
    private static readonly Option<string?> s_system = new("--system") { Description = "With --chat: what the model is told beforehand, by the system." };
    private static readonly Option<string[]> s_values = new("--template-value") { Description = "With --chat: a value that the template asks for, such as enable_thinking=false or date_string=2024-05-01; may be given several times.", HelpName = "NAME=VALUE" };
    private static readonly Option<int> s_maxTokens = new("--max-tokens") { Description = "The most tokens that are added.", DefaultValueFactory = _ => 128 };
    private static readonly Option<bool> s_greedy = new("--greedy") { Description = "Take the likeliest token every time; no option about draws counts then." };
    private static readonly Option<double> s_temperature = new("--temperature") { Description = "Draw: 1 by the model's probabilities, less closer to the likeliest, more flatter.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> s_topK = new("--top-k") { Description = "Draw from so many of the likeliest tokens; 0 for all." };
    private static readonly Option<double> s_topP = new("--top-p") { Description = "Draw from the likeliest tokens that together have this probability.", DefaultValueFactory = _ => 1 };
    private static readonly Option<long> s_seed = new("--seed") { Description = "Seed of the draws: the same seed, text and model give the same answer." };
    private static readonly Option<string[]> s_stop = new("--stop") { Description = "End before this text; may be given several times." };
    private static readonly Option<string[]> s_choice = new("--choice") { Description = "The answer is one of these; give it once for each." };
    private static readonly Option<bool> s_single = new("--single-precision") { Description = "Convert half-precision weights once, in memory: twice the memory, faster answers." };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads of libtorch; more than 1 only on a quiet machine.", DefaultValueFactory = _ => 1 };

    public static Command Create() => new Command("generate",
        """
        Continue a text with a decoder, piece by piece as it comes.

        The answer ends with one of the model's end tokens (of config.json and generation_config.json), a --stop text, or --max-tokens.

        Example:
          customervalue text generate --model models/qwen3 --text "The parcel came late, so" --max-tokens 40 --greedy
          customervalue text generate --model models/qwen3 --adapter artifacts/adapter --text "物流很慢。情感：" --choice 好评 --choice 差评 --greedy --json
          customervalue text generate --model models/qwen3 --chat --system "You help a shop's customers." --text "Where is my parcel?" --template-value enable_thinking=false
        """)
    {
        s_model, s_adapter, s_text, s_chat, s_system, s_values, s_maxTokens, s_greedy, s_temperature, s_topK, s_topP, s_seed, s_stop, s_choice, s_single, s_threads,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Generate(parsed, terminal, cancellation), CancellationToken.None), cancelled: "Cancelled.");

    private static GenerateResult Generate(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        TextThreads.Use(parsed.GetValue(s_threads));
        var path = parsed.GetValue(s_model)!;
        var template = Template(parsed, path);
        var tokenizer = HuggingFaceTokenizer.Open(path);
        var options = Options(parsed) with { Constraint = parsed.GetValue(s_choice) is { Length: > 0 } choices ? TokenConstraint.OneOf(tokenizer, choices) : null };
        using var folder = HuggingFaceFolder.Open(path);
        using var model = folder.Decoder(parsed.GetValue(s_single) ? WeightUse.Single : WeightUse.AsStored);
        if (folder.Absent.Count > 0) terminal.Error($"The folder lacks {string.Join(", ", folder.Absent)}: taken as zero.");
        if (parsed.GetValue(s_adapter) is { } adapter) LoraAdapter.Read(adapter, model);
        var generator = new TextGenerator(model, tokenizer);
        var text = parsed.GetValue(s_text)!;
        ChatMessage[] messages = parsed.GetValue(s_system) is { } system ? [new("system", system), new("user", text)] : [new("user", text)];
        var found = template is null ? generator.Generate(text, options, terminal.Piece, cancellation) : generator.Generate(messages, template, options, terminal.Piece, cancellation);
        terminal.Line();
        return new(found.Ids, found.NewIds, found.Text, found.LastLogits, found.End, template?.Render(messages));
    }

    private static ChatTemplate? Template(ParseResult parsed, string folder)
    {
        var values = parsed.GetValue(s_values) ?? [];
        if (!parsed.GetValue(s_chat))
            return parsed.GetValue(s_system) is null && values.Length == 0 ? null : throw new UsageException("--system and --template-value are for conversations: give --chat too.");
        var template = ChatTemplate.Find(folder) ?? throw new UsageException($"--chat: {folder} has no chat template, neither chat_template.jinja nor chat_template in tokenizer_config.json. Leave --chat out, or put the template that the model was taught with there.");
        return template.With(values.Select(value => value.Split('=', 2) is [{ Length: > 0 } name, var given] ? (name, given) : throw new UsageException($"--template-value {value}: NAME=VALUE is expected, such as enable_thinking=false."))
            .GroupBy(v => v.name).ToDictionary(v => v.Key, v => v.Last().given switch { "true" => true, "false" => false, "none" => null, var given => long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (object?)given }));
    }

    private static GenerationOptions Options(ParseResult parsed)
    {
        try
        {
            return new()
            {
                MaxTokens = parsed.GetValue(s_maxTokens), Temperature = parsed.GetValue(s_greedy) ? 0 : parsed.GetValue(s_temperature), TopK = parsed.GetValue(s_topK), TopP = parsed.GetValue(s_topP),
                Seed = parsed.GetValue(s_seed), Stop = parsed.GetValue(s_stop) ?? [],
            };
        }
        catch (ArgumentOutOfRangeException error) { throw new UsageException(error.Message.Split('\n')[0]); }
    }
}
