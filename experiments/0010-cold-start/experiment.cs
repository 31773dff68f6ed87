#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: of customers without an order, or with one, do browsing and texts tell who will buy, and what they will spend?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Onnx;

var cutoff = new DateOnly(2024, 7, 1);

// Half of the customers join without ordering, so that some hundreds of them haven't yet at the cutoff; of those a third or so only ever look around.
var shop = MadeShop.In("artifacts/shops", new() { Customers = 6_000, Seed = 10, Process = new() { ColdShare = 0.5 } }, oracleCutoffs: [cutoff], horizonDays: 180, particles: 400);

// Of somebody without an order only these sets say anything; all others are sentinels.
string[] met = ["acquaintance", "campaigns"], looked = [.. met, "browsing"], wrote = [.. looked, TextSets.Writing, TextSets.Meaning];

// One strength and small trees throughout: what is compared are columns, not learners.
LightGbmOptions trees = new() { LearningRate = 0.1, MaxRounds = 150, Folds = 2, Seeds = 1 };
ICandidate bought   = new LogisticChurn(new() { L2 = [100] }, "logistic"), spends = new LightGbmValue(options: trees);
ICandidate unknown  = new LogisticChurn(new() { L2 = [30] }, "logistic-unknown");

return await new Experiment("0010-cold-start")
{
    Question   = "Of customers without an order, or with one, do browsing and texts tell who will buy, and what they will spend?",
    Data       = shop.Data,
    Pseudonyms = Pseudonyms.Published,                                      // invented customers
    Features   = new TextFeatures(new FeatureQuery([.. FeatureQuery.AllSets, TextSets.Writing]) { Population = Population.Known }, ShopEncoder.Source()),
    Split      = new([new(2023, 7, 1), new(2023, 10, 1), new(2024, 1, 1)], TestCutoff: cutoff, HorizonDays: 180),
    Candidates = [new LogisticChurn(new() { L2 = [100] }, "churn-one-for-all"),
                  // What customers without an order are told by; for all others the same candidate on all columns.
                  new ByHistory(bought, OnColumns.Of(unknown, met, "met"), "churn-met"),
                  new ByHistory(bought, OnColumns.Of(unknown, looked, "looked"), "churn-looked"),
                  new ByHistory(bought, OnColumns.Of(unknown, wrote, "wrote"), "churn-wrote"),
                  new ByHistory(bought, OnColumns.Of(new LightGbmChurn(trees), wrote, "wrote-trees"), "churn-wrote-trees"),
                  new ByHistory(spends, OnColumns.Of(new LightGbmValue(options: trees), wrote, "wrote-value"), "value-wrote")],
    Seed       = 20240710,
}.RunAsync(args, shop);
