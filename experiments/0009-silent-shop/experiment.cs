#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: where what customers feel changes nothing that they do, does the pipeline claim that texts help?
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

// 0004's shop but for one constant: mood, loyalty and intent are felt and written about, and move neither orders nor dropout nor budgets.
var shop = MadeShop.In("artifacts/shops", new() { Customers = 10_000, Seed = 4, Process = new() { FeelingWeight = 0 } }, oracleCutoffs: [cutoff], horizonDays: 180, particles: 400);

ICandidate mbg           = new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true));
ICandidate logistic      = new LogisticChurn(name: "logistic-text");
ICandidate boostingOnMbg = new LightGbmChurn(start: mbg, name: "lightgbm-churn-on-mbg");
ICandidate tweedieOnMbg  = new LightGbmValue(start: mbg, name: "lightgbm-tweedie-on-mbg");
ICandidate twoStage      = new LightGbmTwoStage();

return await new Experiment("0009-silent-shop")
{
    Question   = "Where what customers feel changes nothing that they do, does the pipeline claim that texts help?",
    Data       = shop.Data,
    Pseudonyms = Pseudonyms.Published,
    Features   = new TextFeatures(new FeatureQuery([.. FeatureQuery.AllSets, TextSets.Writing]), ShopEncoder.Source()),
    Split      = new([new(2023, 7, 1), new(2023, 10, 1), new(2024, 1, 1)], TestCutoff: cutoff, HorizonDays: 180),
    Candidates = [mbg, logistic, boostingOnMbg, tweedieOnMbg, twoStage,
                  new LogitBlend([boostingOnMbg, logistic, mbg], name: "churn-blend"),
                  new GeometricBlend([tweedieOnMbg, twoStage, mbg], name: "value-blend")],
    Seed       = 20240704,
}.RunAsync(args, shop);
