#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: on a real gift retailer, does a network that reads whole customers know as much as models of numbers do?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.Models.Btyd;
using CustomerValue.Torch.Customers;

return await new Experiment("0008-history-retail")
{
    Question   = "On a real gift retailer, does a network that reads whole customers know as much as models of numbers do?",
    Data       = folder => Dataset.Named("online_retail_ii", Path.Combine(folder, "online_retail_ii")),
    Pseudonyms = Pseudonyms.Published,                                      // the publisher replaced the ids
    Features   = new FeatureQuery("purchase_history", "rfm", "windows", "order_windows", "gaps", "baskets", "breadth", "price_level", "returns", "habits"),
    Split      = new([new(2010, 6, 1), new(2010, 9, 1), new(2010, 12, 1)], TestCutoff: new(2011, 6, 1), HorizonDays: 180),      // as 0002-online-retail
    Candidates = [new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true)), new LightGbmChurn(), new LightGbmValue(),
                  new HistoryLanguageCandidate()],
    ChurnMetric = Metric.RocAuc,
    Seed       = 20110601,
}.RunAsync(args);
