#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: Which model tells best which of 77 things a customer's English question is about?
using CustomerValue.Cli;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;

// Words with their neighbours for what is asked, characters for spelling and inflection.
NGramBlock[] grams = [NGramBlock.Words(1, 2), NGramBlock.Characters(2, 5)];
ITextCandidate logistic = new NGramClassifier(new() { Blocks = grams, Costs = [16, 32, 64, 128, 256] }, new LogisticRegression(), "tfidf-logistic");
ITextCandidate svm      = new NGramClassifier(new() { Blocks = grams, Costs = [0.5, 1, 2, 4] }, new LinearSvm(), "tfidf-svm");
ITextCandidate nbSvm    = new NGramClassifier(new() { Blocks = grams, Costs = [0.25, 0.5, 1, 2, 4] }, new LinearSvm(naiveBayes: true), "nb-svm");
// Encoders come here, and into a second blend: each is a candidate like those above.

return await new TextExperiment("1004-en-intent")
{
    Question   = "Which model tells best which of 77 things a customer's English question is about?",
    Data       = folder => TextDataset.Named("en-intent", Path.Combine(folder, "banking77")),
    Candidates = [logistic, svm, nbSvm, new TextBlend([logistic, svm, nbSvm], "n-gram-blend")],     // the first is the baseline; winners are chosen on dev
    Seed       = 1004,
}.RunAsync(args);
