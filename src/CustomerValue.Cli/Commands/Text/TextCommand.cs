using System.CommandLine;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What customers write, and the models that read it.</summary>
internal static class TextCommand
{
    public static Command Create() => new("text",
        """
        Work with what customers write, in Chinese and English: look at texts, train taggers and language models, use them.

        Examples:
          customervalue text profile reviews.csv --column text --group left
          customervalue text train-tagger --treebank ../shared/data/ud_english_ewt --language en --output artifacts/en.tagger
        """)
    {
        ProfileCommand.Create(),
        TrainTaggerCommand.Create(),
        TagCommand.Create(),
    };
}
