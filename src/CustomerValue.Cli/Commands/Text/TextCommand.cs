using System.CommandLine;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What is done with texts: the group of its commands, in the order data flows.</summary>
internal static class TextCommand
{
    public static Command Create() => new("text", "Language models and texts, in Chinese and English: read, train, use and ship.")
    {
        ProfileCommand.Create(),
        TokenizeCommand.Create(),
        TrainTaggerCommand.Create(),
        TagCommand.Create(),
        CorpusCommand.Create(),
        TrainVocabCommand.Create(),
        ShopLabelsCommand.Create(),
        LabelCommand.Create(),
        PretrainCommand.Create(),
        ContrastCommand.Create(),
        FinetuneCommand.Create(),
        EmbedCommand.Create(),
        NearestCommand.Create(),
        TopicsCommand.Create(),
        ClassifyCommand.Create(),
        EvaluateTextCommand.Create(),
        GenerateCommand.Create(),
        ExportOnnxCommand.Create(),
    };
}
