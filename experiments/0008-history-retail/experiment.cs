#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: on a real gift retailer, does a network that reads whole customers know as much as models of numbers do?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.Models;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;
using CustomerValue.Torch.Customers;
using CustomerValue.Torch.Training;

// Histories of up to 96 tokens and a network half as wide as the default, so that a fit takes minutes: chosen for time, before any figure was seen.
var reader = new HistoryLanguageOptions
{
    Language    = new() { MaxTokens = 96 },
    Encoder     = new() { HiddenSize = 64, Layers = 2, Heads = 2, IntermediateSize = 128 },
    Pretraining = new() { MaskRate = 0.2, Training = new() { LearningRate = 1e-3, Epochs = 2, TokensPerBatch = 1024, WeightDecay = 0.01 } },
    Tuning      = new() { LearningRate = 5e-4, Warmup = 0.1, Epochs = 3, TokensPerBatch = 1024, WeightDecay = 0.05, Keep = KeptWeights.Best },
};

ICandidate churn = new LightGbmChurn(), value = new LightGbmValue(), history = new HistoryLanguageCandidate(reader);

return await new Experiment("0008-history-retail")
{
    Question   = "On a real gift retailer, does a network that reads whole customers know as much as models of numbers do?",
    Data       = folder => Dataset.Named("online_retail_ii", Path.Combine(folder, "online_retail_ii")),
    Pseudonyms = Pseudonyms.Published,                                      // the publisher replaced the ids
    Features   = new FeatureQuery("purchase_history", "rfm", "windows", "order_windows", "gaps", "baskets", "breadth", "price_level", "returns", "habits"),
    Split      = new([new(2010, 6, 1), new(2010, 9, 1), new(2010, 12, 1)], TestCutoff: new(2011, 6, 1), HorizonDays: 180),      // as 0002-online-retail
    Candidates = [new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true)), churn, value, history,
                  new LogitBlend([churn, history], name: "churn-blend"), new GeometricBlend([value, history], name: "value-blend")],
    ChurnMetric = Metric.RocAuc,
    Seed       = 20110601,
}.RunAsync(args);
