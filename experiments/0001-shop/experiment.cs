#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: in the sample shop, who is worth what over the next half year, and who is leaving?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;
using CustomerValue.Onnx;

// Each is a candidate of its own and a member of the blends; members are fitted once.
ICandidate mbg      = new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true));
ICandidate logistic = new LogisticChurn();
ICandidate boosting = new LightGbmChurn();
ICandidate tweedie  = new LightGbmValue();
ICandidate twoStage = new LightGbmTwoStage();
ICandidate boostingOnMbg = new LightGbmChurn(start: mbg, name: "lightgbm-churn-on-mbg");           // trees that correct the history model
ICandidate tweedieOnMbg  = new LightGbmValue(start: mbg, name: "lightgbm-tweedie-on-mbg");

return await new Experiment("0001-shop")
{
    Question   = "In the sample shop, who is worth what over the next half year, and who is leaving?",
    Data       = folder => Dataset.Open(Path.Combine(folder, "shop")),
    Pseudonyms = Pseudonyms.Published,                                      // invented customers
    Features   = new TextFeatures(new FeatureQuery([.. FeatureQuery.AllSets, TextSets.Writing]), ShopEncoder.Source()),
    Split      = new([new(2023, 7, 1), new(2023, 10, 1), new(2024, 1, 1)], TestCutoff: new(2024, 7, 1), HorizonDays: 180),
    Candidates = [new MeanCustomer(), new SpendSoFar(), new SpendLastWindow(), new RecencyRule(),
                  mbg, logistic, boosting, boostingOnMbg, tweedie, tweedieOnMbg, twoStage,
                  new LogitBlend([boostingOnMbg, logistic, mbg], name: "churn-blend"),
                  new GeometricBlend([tweedieOnMbg, twoStage, mbg], name: "value-blend")],
    Seed       = 20240701,
}.RunAsync(args);
