#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: in a shop whose truth is known, how much of what texts could tell of value and churn does the pipeline recover?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;
using CustomerValue.Onnx;

var cutoff = new DateOnly(2024, 7, 1);

// Not the sample shop, nor the texts that the encoder was taught from: another seed, and more customers, so that intervals are narrow.
var shop = MadeShop.In("artifacts/shops", new() { Customers = 20_000, Seed = 4 }, oracleCutoffs: [cutoff], horizonDays: 180, particles: 400);

ICandidate mbg          = new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true));
ICandidate logistic     = new LogisticChurn(name: "logistic-text");                                         // the seed recipe: encoder, features, logistic regression
ICandidate boostingOnMbg = new LightGbmChurn(start: mbg, name: "lightgbm-churn-on-mbg");
ICandidate tweedieOnMbg  = new LightGbmValue(start: mbg, name: "lightgbm-tweedie-on-mbg");
ICandidate twoStage      = new LightGbmTwoStage();

// Many columns tell a little each: slower, deeper trees on fewer of them.
var slow = new LightGbmOptions { LearningRate = 0.03, Leaves = 15, MinRowsInLeaf = 60, FeatureFraction = 0.3, L2 = 20 };
ICandidate slowOnMbg     = new LightGbmChurn(slow, start: mbg, name: "lightgbm-churn-slow");
ICandidate slowStages    = new LightGbmTwoStage(buys: slow, spends: slow, name: "lightgbm-two-stage-slow");

return await new Experiment("0004-shop-text")
{
    Question   = "In a shop whose truth is known, how much of what texts could tell of value and churn does the pipeline recover?",
    Data       = shop.Data,
    Pseudonyms = Pseudonyms.Published,                                      // invented customers
    Features   = new TextFeatures(new FeatureQuery([.. FeatureQuery.AllSets, TextSets.Writing]), ShopEncoder.Source()),
    Split      = new([new(2023, 6, 1), new(2023, 7, 15), new(2023, 9, 1), new(2023, 10, 15), new(2023, 11, 25), new(2024, 1, 1)], TestCutoff: cutoff, HorizonDays: 180),
    Candidates = [mbg, logistic, boostingOnMbg, slowOnMbg, tweedieOnMbg, twoStage, slowStages,
                  new WithReducedText(new LightGbmChurn(start: mbg), name: "lightgbm-churn-with-vector"),
                  new ShiftedLifetimeValue(new GammaGamma(includeFirst: true), new() { Columns = ["sentiment_recent_90", "mood_good_recent_90", "mood_poor_recent_90", "loyalty_high_recent_90", "loyalty_low_recent_90", "intent_restock_recent_30", "intent_leave_recent_90"] }),
                  new LogitBlend([slowOnMbg, logistic], name: "churn-blend"),
                  new GeometricBlend([tweedieOnMbg, slowStages], name: "value-blend")],
    Seed       = 20240704,
}.RunAsync(args, shop);
