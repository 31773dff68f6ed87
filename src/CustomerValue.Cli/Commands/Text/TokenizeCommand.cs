using System.CommandLine;
using CustomerValue.Text.Tokenizers;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>A text as a model reads it.</summary>
/// <param name="Ids">Ids of the tokens, with what the model expects around them.</param>
/// <param name="Tokens">The tokens, as the vocabulary spells them.</param>
internal sealed record TokenizedText(IReadOnlyList<int> Ids, IReadOnlyList<string> Tokens);

/// <summary>Shows how a model's tokenizer cuts a text.</summary>
internal static class TokenizeCommand
{
    private static readonly Option<string> s_model = new("--model") { Description = "The model's folder: tokenizer.json, or vocab.txt, or vocab.json with merges.txt.", Required = true, HelpName = "DIR" };
    private static readonly Option<string> s_text = new("--text") { Description = "The text.", Required = true };

    public static Command Create() => new Command("tokenize",
        """
        Cut a text into a model's tokens.

        What comes out is what the model is given: [CLS] and [SEP] around a text for encoders, what tokenizer.json says for decoders.

        Example: customervalue text tokenize --model MODEL --text "the parcel came late" --json
        """) { s_model, s_text }.Does((parsed, terminal, _) =>
    {
        var tokenizer = HuggingFaceTokenizer.Open(parsed.GetValue(s_model)!);
        var ids = tokenizer.Encode(parsed.GetValue(s_text)!);
        string[] tokens = [.. ids.Select(id => tokenizer.Vocabulary[id])];
        terminal.Line(string.Join(' ', ids.Zip(tokens, (id, token) => $"{token}/{id}")));
        return Task.FromResult<object>(new TokenizedText(ids, tokens));
    });
}
