#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: on the cohort that the lifetime-value literature is measured on, which model foresees the next 39 weeks of spend best?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Btyd;

var all = new GammaGamma(includeFirst: true);
return await new Experiment("0003-cdnow")
{
    Question   = "On the cohort that the lifetime-value literature is measured on, which model foresees the next 39 weeks of spend best?",
    Data       = folder => Dataset.Named("cdnow", Path.Combine(folder, "cdnow")),
    Pseudonyms = Pseudonyms.Published,
    Features   = new FeatureQuery("purchase_history", "rfm"),
    Split      = new([], TestCutoff: new(1997, 10, 1), HorizonDays: 39 * 7),
    Candidates = [new BtydLifetimeValue(new BgNbd(), new GammaGamma()),
                  new BtydLifetimeValue(new MbgNbd(), new GammaGamma()),
                  new BtydLifetimeValue(new ParetoNbd(), new GammaGamma()),
                  new BtydLifetimeValue(new ParetoNbd(), all)],
    Seed       = 19971001,
}.RunAsync(args);
