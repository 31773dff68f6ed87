#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: which model tells best which of 77 things a customer's English question is about?
using CustomerValue.Cli;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;

// Characters with their neighbours see inflection and spelling; words alone are weaker, and wrong about other questions.
NGramBlock[] characters = [NGramBlock.Characters(2, 5)], words = [NGramBlock.Words(1, 2)];
ITextCandidate logistic = new NGramClassifier(new() { Blocks = characters, Costs = [64, 128, 256, 512] }, new LogisticRegression(), "tfidf-logistic");
ITextCandidate svm      = new NGramClassifier(new() { Blocks = characters, Costs = [0.5, 1, 2, 4] }, new LinearSvm(), "tfidf-svm");
ITextCandidate presence = new NGramClassifier(new() { Blocks = characters, Weight = NGramWeight.Presence, Costs = [64, 128, 256, 512] }, new LogisticRegression(), "presence-logistic");
ITextCandidate wordSvm  = new NGramClassifier(new() { Blocks = words, Costs = [0.5, 1, 2] }, new LinearSvm(), "words-svm");
ITextCandidate nbSvm    = new NGramClassifier(new() { Blocks = characters, Costs = [0.5, 1, 2, 4] }, new LinearSvm(naiveBayes: true), "nb-svm");
// Encoders come here, and into a second blend: each is a candidate like those above.

return await new TextExperiment("1004-en-intent")
{
    Question   = "Which model tells best which of 77 things a customer's English question is about?",
    Data       = folder => TextDataset.Named("en-intent", Path.Combine(folder, "banking77")),
    Candidates = [logistic, svm, presence, wordSvm, nbSvm, new TextBlend([presence, svm, wordSvm], "n-gram-blend")],     // the first is the baseline; winners are chosen on dev
    Seed       = 1004,
}.RunAsync(args);
