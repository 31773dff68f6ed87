#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: which model tells best whether a Chinese shopper's review is content?
using CustomerValue.Cli;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;

// Runs of characters need no word list, and hold most words of Chinese.
NGramBlock[] grams = [NGramBlock.Characters(1, 4)];
ITextCandidate logistic = new NGramClassifier(new() { Blocks = grams, Costs = [4, 8, 16, 32] }, new LogisticRegression(), "tfidf-logistic");
ITextCandidate svm      = new NGramClassifier(new() { Blocks = grams, Costs = [0.125, 0.25, 0.5, 1, 2] }, new LinearSvm(), "tfidf-svm");
ITextCandidate nbSvm    = new NGramClassifier(new() { Blocks = grams, Costs = [0.25, 0.5, 1, 2, 4] }, new LinearSvm(naiveBayes: true), "nb-svm");
ITextCandidate wordSvm  = new NGramClassifier(new() { Blocks = [NGramBlock.Words(1, 2, split: WordSplit.Dictionary)], Costs = [0.125, 0.25, 0.5, 1, 2] }, new LinearSvm(), "words-svm");
// Encoders come here, and into a second blend: each is a candidate like those above.

return await new TextExperiment("1001-zh-shop")
{
    Question   = "Which model tells best whether a Chinese shopper's review is content?",
    Data       = folder => TextDataset.Named("zh-shop", Path.Combine(folder, "chinese_reviews")),
    Candidates = [logistic, svm, nbSvm, wordSvm, new TextBlend([svm, nbSvm, wordSvm], "n-gram-blend")],     // the first is the baseline; winners are chosen on dev
    Seed       = 1001,
}.RunAsync(args);
