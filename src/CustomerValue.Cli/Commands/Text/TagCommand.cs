using System.CommandLine;
using CustomerValue.Text.Tagging;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>A text with the part of speech of each word.</summary>
/// <param name="Words">Its words.</param>
internal sealed record TaggedText(IReadOnlyList<TaggedWord> Words);

/// <summary>Tags a text with a trained tagger.</summary>
internal static class TagCommand
{
    private static readonly Option<string> s_model = new("--model") { Description = "A tagger's file, as train-tagger writes it.", Required = true, HelpName = "FILE" };
    private static readonly Option<string> s_text = new("--text") { Description = "The text.", Required = true };

    public static Command Create() => new Command("tag",
        """
        Cut a text into words and tell each word's part of speech (universal tags: NOUN, VERB, ...).

        Example: customervalue text tag --model artifacts/zh.tagger --text 屏幕很好，电池不耐用。
        """) { s_model, s_text }.Does((parsed, terminal, _) =>
    {
        if (!File.Exists(parsed.GetValue(s_model))) throw new UsageException($"--model {parsed.GetValue(s_model)}: there is no such file. customervalue text train-tagger makes one.");
        var words = PartOfSpeechTagger.Open(parsed.GetValue(s_model)!).Analyse(parsed.GetValue(s_text)!);
        terminal.Line(string.Join(' ', words.Select(w => $"{w.Word}/{w.Tag}")));
        return Task.FromResult<object>(new TaggedText(words));
    });
}
