#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: which model tells best whether a Chinese hotel guest's review is content, with 6,194 reviews to learn from?
using CustomerValue.Cli;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Torch.Training;

// Runs of characters need no word list; with few texts, long ones are too rare to say anything.
NGramBlock[] grams = [NGramBlock.Characters(1, 3)];
ITextCandidate logistic = new NGramClassifier(new() { Blocks = grams, Costs = [4, 8, 16, 32, 64] }, new LogisticRegression(), "tfidf-logistic");
ITextCandidate svm      = new NGramClassifier(new() { Blocks = grams, Costs = [0.125, 0.25, 0.5, 1, 2] }, new LinearSvm(), "tfidf-svm");
ITextCandidate nbSvm    = new NGramClassifier(new() { Blocks = grams, Costs = [0.25, 0.5, 1, 2, 4] }, new LinearSvm(naiveBayes: true), "nb-svm");
ITextCandidate wordSvm  = new NGramClassifier(new() { Blocks = [NGramBlock.Words(1, 2, split: WordSplit.Dictionary)], Costs = [0.125, 0.25, 0.5, 1, 2] }, new LinearSvm(), "words-svm");

// Taught the language, and what content is, from the shop's reviews (1001), without those that say the same as a test review here.
static ITextCandidate Own(ExperimentFolders from, TextDataset hotel)
{
    var shop = TextDataset.Named("zh-shop", from.DataSet("chinese_reviews")).WithoutSharedWith(hotel);
    var asShop = new EncoderCandidate("shop", new()).Tuning;
    return new EncoderCandidate("own-encoder", new())
    {
        Corpus = TextCorpus.Of(shop), Earlier = EarlierTask.Of(shop), EarlierTuning = asShop,
        // Gentler, since it knows what content is already, and steadier, since the reviews are few; one in ten is longer than 256 tokens.
        Tuning = asShop with { Training = asShop.Training with { LearningRate = 2e-4, Epochs = 3, MaxTokens = 384, Keep = KeptWeights.Average }, RDrop = 1 },
    };
}

return await new TextExperiment("1002-zh-hotel")
{
    Question   = "Which model tells best whether a Chinese hotel guest's review is content, with 6,194 reviews to learn from?",
    Data       = folder => TextDataset.Named("zh-hotel", Path.Combine(folder, "chinese_reviews")),
    Candidates = from =>       // the first is the baseline; winners are chosen on dev
    {
        var own = Own(from, TextDataset.Named("zh-hotel", from.DataSet("chinese_reviews")));
        return [logistic, svm, nbSvm, wordSvm, new TextBlend([svm, nbSvm, wordSvm], "n-gram-blend"), own, new TextBlend([svm, nbSvm, wordSvm, own], "blend")];
    },
    Seed       = 1002,
}.RunAsync(args);
