#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: which model tells best whether a Chinese shopper's review is content?
using CustomerValue.Cli;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Torch.Training;

// Runs of characters need no word list, and hold most words of Chinese.
NGramBlock[] grams = [NGramBlock.Characters(1, 4)];
ITextCandidate logistic = new NGramClassifier(new() { Blocks = grams, Costs = [4, 8, 16, 32] }, new LogisticRegression(), "tfidf-logistic");
ITextCandidate svm      = new NGramClassifier(new() { Blocks = grams, Costs = [0.125, 0.25, 0.5, 1, 2] }, new LinearSvm(), "tfidf-svm");
ITextCandidate nbSvm    = new NGramClassifier(new() { Blocks = grams, Costs = [0.25, 0.5, 1, 2, 4] }, new LinearSvm(naiveBayes: true), "nb-svm");
ITextCandidate wordSvm  = new NGramClassifier(new() { Blocks = [NGramBlock.Words(1, 2, split: WordSplit.Dictionary)], Costs = [0.125, 0.25, 0.5, 1, 2] }, new LinearSvm(), "words-svm");

// Taught the language from this shop's own training texts. What says the same as a test review of 1002 is left out, so that the encoder serves there too.
static ITextCandidate Own(ExperimentFolders from)
{
    var reviews = from.DataSet("chinese_reviews");
    var usual = new EncoderCandidate("usual", new()).Tuning;
    return new EncoderCandidate("own-encoder", new())
    {
        Corpus = TextCorpus.Of(TextDataset.Named("zh-shop", reviews).WithoutSharedWith(TextDataset.Named("zh-hotel", reviews))),
        Tuning = usual with { Training = usual.Training with { Keep = KeptWeights.Average }, RDrop = 1 },
    };
}

return await new TextExperiment("1001-zh-shop")
{
    Question   = "Which model tells best whether a Chinese shopper's review is content?",
    Data       = folder => TextDataset.Named("zh-shop", Path.Combine(folder, "chinese_reviews")),
    Candidates = from =>       // the first is the baseline; winners are chosen on dev
    {
        var own = Own(from);
        return [logistic, svm, nbSvm, wordSvm, new TextBlend([svm, nbSvm, wordSvm], "n-gram-blend"), own, new TextBlend([svm, nbSvm, wordSvm, own], "blend")];
    },
    Seed       = 1001,
}.RunAsync(args);
