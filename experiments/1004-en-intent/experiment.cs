#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: which model tells best which of 77 things a customer's English question is about?
using CustomerValue.Cli;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Torch.Training;

// Characters with their neighbours see inflection and spelling; words alone are weaker, and wrong about other questions.
NGramBlock[] characters = [NGramBlock.Characters(2, 5)], words = [NGramBlock.Words(1, 2)];
ITextCandidate logistic = new NGramClassifier(new() { Blocks = characters, Costs = [64, 128, 256, 512] }, new LogisticRegression(), "tfidf-logistic");
ITextCandidate svm      = new NGramClassifier(new() { Blocks = characters, Costs = [0.5, 1, 2, 4] }, new LinearSvm(), "tfidf-svm");
ITextCandidate presence = new NGramClassifier(new() { Blocks = characters, Weight = NGramWeight.Presence, Costs = [64, 128, 256, 512] }, new LogisticRegression(), "presence-logistic");
ITextCandidate wordSvm  = new NGramClassifier(new() { Blocks = words, Costs = [0.5, 1, 2] }, new LinearSvm(), "words-svm");
ITextCandidate nbSvm    = new NGramClassifier(new() { Blocks = characters, Costs = [0.5, 1, 2, 4] }, new LinearSvm(naiveBayes: true), "nb-svm");

FineTuningOptions whole = new() { Training = new() { LearningRate = 1e-4, Epochs = 10, TokensPerBatch = 512, Warmup = 0.1, Keep = KeptWeights.Best, Autocast = TrainingOptions.CanAutocast }, HeadRate = 10, LabelSmoothing = 0.1 };
FineTuningOptions twice = whole with { Training = whole.Training with { Epochs = 8, Keep = KeptWeights.Average }, WordDropout = 0.1, RDrop = 1 };
FineTuningOptions adapter = twice with { Training = twice.Training with { LearningRate = 5e-4 }, HeadRate = 2, Lora = new() { Rank = 16, Alpha = 32 } };

return await new TextExperiment("1004-en-intent")
{
    Question   = "Which model tells best which of 77 things a customer's English question is about?",
    Data       = folder => TextDataset.Named("en-intent", Path.Combine(folder, "banking77")),
    Candidates = from =>       // the first is the baseline; winners are chosen on dev
    {
        var model = from.Model("all-minilm-l6-v2");
        ITextCandidate minilm = new ImportedEncoderCandidate("minilm", model, whole), rDrop = new ImportedEncoderCandidate("minilm-r-drop", model, twice);
        ITextCandidate lora = new ImportedEncoderCandidate("minilm-lora", model, adapter);
        return [logistic, svm, presence, wordSvm, nbSvm, new TextBlend([presence, svm, wordSvm], "n-gram-blend"), minilm, rDrop, lora, new TextBlend([presence, svm, wordSvm, minilm, rDrop, lora], "blend")];
    },
    Seed       = 1004,
}.RunAsync(args);
