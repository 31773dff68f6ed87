#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: which model tells best from an English review whether its writer recommends the garment?
using CustomerValue.Cli;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Text;
using CustomerValue.Torch.Training;

// Words with their neighbours for what is said, characters for spelling and inflection.
NGramBlock[] grams = [NGramBlock.Words(1, 2), NGramBlock.Characters(2, 5)];
ITextCandidate logistic = new NGramClassifier(new() { Blocks = grams, Costs = [4, 8, 16, 32] }, new LogisticRegression(), "tfidf-logistic");
ITextCandidate svm      = new NGramClassifier(new() { Blocks = grams, Costs = [0.125, 0.25, 0.5, 1, 2] }, new LinearSvm(), "tfidf-svm");
ITextCandidate nbSvm    = new NGramClassifier(new() { Blocks = grams, Costs = [0.25, 0.5, 1, 2, 4] }, new LinearSvm(naiveBayes: true), "nb-svm");
ITextCandidate wordSvm  = new NGramClassifier(new() { Blocks = [NGramBlock.Words(1, 2)], Costs = [0.125, 0.25, 0.5, 1] }, new LinearSvm(), "words-svm");

FineTuningOptions tuning = new()
{
    Training = new() { LearningRate = 5e-5, Epochs = 3, TokensPerBatch = 2048, MaxTokens = 160, Warmup = 0.1, Keep = KeptWeights.Average, Autocast = TrainingOptions.CanAutocast },
    WordDropout = 0.1, RDrop = 1,
};

return await new TextExperiment("1003-en-cloth")
{
    Question   = "Which model tells best from an English review whether its writer recommends the garment?",
    Data       = folder => TextDataset.Named("en-cloth", Path.Combine(folder, "womens_clothing_reviews")),
    Candidates = from =>       // the first is the baseline; winners are chosen on dev
    {
        // The stars say how much the writer recommends it; only those of training texts are learned from.
        var stars  = TextDataset.Named("en-cloth-stars", from.DataSet("womens_clothing_reviews"));
        var starsLogistic = new FinerLabels("stars-logistic", new NGramClassifier(new() { Blocks = grams, Costs = [4, 8, 16, 32] }, new LogisticRegression(), "logistic"), stars);
        var starsSvm      = new FinerLabels("stars-svm", new NGramClassifier(new() { Blocks = grams, Costs = [0.125, 0.25, 0.5, 1] }, new LinearSvm(), "svm"), stars);
        var minilmStars = new ImportedEncoderCandidate("minilm-stars", from.Model("all-minilm-l6-v2"), tuning) { Beside = [SideTask.Of("stars", stars, HeadKind.Ordinal)] };
        return [logistic, svm, nbSvm, wordSvm, starsLogistic, starsSvm, new TextBlend([svm, nbSvm, wordSvm, starsLogistic, starsSvm], "n-gram-blend"), minilmStars,
                new TextBlend([svm, nbSvm, wordSvm, starsLogistic, starsSvm, minilmStars], "blend")];
    },
    ChosenBy   = ClassMetric.AveragePrecision,     // four of five recommend: what counts is who comes first, wherever the line is drawn
    Seed       = 1003,
}.RunAsync(args);
