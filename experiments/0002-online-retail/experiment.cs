#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: on a real gift retailer, who is worth what over the next half year, and who is leaving; do models of histories and learners on features know different things?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;

// Each is a candidate of its own and a member of the blends; members are fitted once.
var all = new GammaGamma(includeFirst: true);
ICandidate bg       = new BtydLifetimeValue(new BgNbd(), all);
ICandidate mbg      = new BtydLifetimeValue(new MbgNbd(), all);
ICandidate logistic = new LogisticChurn();
ICandidate boosting = new LightGbmChurn();
ICandidate tweedie  = new LightGbmValue();
ICandidate twoStage = new LightGbmTwoStage();
ICandidate boostingOnMbg = new LightGbmChurn(start: mbg, name: "lightgbm-churn-on-mbg");           // trees that correct the history model
ICandidate tweedieOnBg   = new LightGbmValue(start: bg, name: "lightgbm-tweedie-on-bg");

return await new Experiment("0002-online-retail")
{
    Question   = "On a real gift retailer, who is worth what over the next half year, and who is leaving?",
    Data       = folder => Dataset.Named("online_retail_ii", Path.Combine(folder, "online_retail_ii")),
    Pseudonyms = Pseudonyms.Published,                                      // the publisher replaced the ids
    Features   = new FeatureQuery("purchase_history", "rfm", "windows", "order_windows", "gaps", "baskets", "breadth", "price_level", "returns", "habits"),
    Split      = new([new(2010, 6, 1), new(2010, 9, 1), new(2010, 12, 1)], TestCutoff: new(2011, 6, 1), HorizonDays: 180),
    Candidates = [new MeanCustomer(), new SpendSoFar(), new SpendLastWindow(), new RecencyRule(),
                  bg, new BtydLifetimeValue(new BgNbd(), new GammaGamma()), mbg, new BtydLifetimeValue(new ParetoNbd(), all),
                  logistic, boosting, boostingOnMbg, tweedie, tweedieOnBg, twoStage,
                  new LogitBlend([boostingOnMbg, logistic, mbg], name: "churn-blend"),
                  new GeometricBlend([tweedieOnBg, twoStage, bg], name: "value-blend")],
    ChurnMetric = Metric.RocAuc,                // churn rates of windows differ (.29 to .52); who leaves before whom carries over, the level doesn't
    Seed       = 20110601,
}.RunAsync(args);
