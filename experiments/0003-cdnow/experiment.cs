#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: on the cohort that the lifetime-value literature is measured on, which model foresees the next 39 weeks of spend best?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;

var (repeat, all) = (new GammaGamma(), new GammaGamma(includeFirst: true));
ICandidate pareto  = new BtydLifetimeValue(new ParetoNbd(), all);
ICandidate tweedie = new LightGbmValue();

return await new Experiment("0003-cdnow")
{
    Question   = "On the cohort that the lifetime-value literature is measured on, which model foresees the next 39 weeks of spend best?",
    Data       = folder => Dataset.Named("cdnow", Path.Combine(folder, "cdnow")),
    Pseudonyms = Pseudonyms.Published,                                      // the publisher replaced the ids
    Features   = new FeatureQuery(),
    // 39 weeks of calibration leave no room for windows of 39 weeks: learners train on quarters, and correct a model that knows how spend grows with the horizon.
    Split      = new([new(1997, 4, 1), new(1997, 7, 2)], TestCutoff: new(1997, 10, 1), HorizonDays: 39 * 7) { TrainHorizonDays = 91 },
    Candidates = [new SpendSoFar(SpendScale.AsItStands),
                  new BtydLifetimeValue(new BgNbd(), repeat), new BtydLifetimeValue(new MbgNbd(), repeat), new BtydLifetimeValue(new ParetoNbd(), repeat),
                  pareto, tweedie,
                  new LightGbmValue(start: pareto, name: "lightgbm-tweedie-on-pareto"),
                  new LightGbmChurn(start: pareto, name: "lightgbm-churn-on-pareto"),
                  new GeometricBlend([pareto, tweedie], name: "value-blend")],
    Seed       = 19971001,
}.RunAsync(args);
