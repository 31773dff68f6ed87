#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: in the sample shop, does a network that reads whole customers know as much as models of numbers do?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.Models;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;
using CustomerValue.Torch.Customers;

ICandidate churn = new LightGbmChurn(), value = new LightGbmValue(), history = new HistoryLanguageCandidate(), together = new EndToEndCandidate();

return await new Experiment("0007-history-shop")
{
    Question   = "In the sample shop, does a network that reads whole customers know as much as models of numbers do?",
    Data       = folder => Dataset.Open(Path.Combine(folder, "shop")),
    Pseudonyms = Pseudonyms.Published,                                      // invented customers
    Features   = new FeatureQuery(),
    Split      = new([new(2023, 7, 1), new(2023, 10, 1), new(2024, 1, 1)], TestCutoff: new(2024, 7, 1), HorizonDays: 180),      // as 0001-shop
    Candidates = [new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true)), churn, value, history, together,
                  new LogitBlend([churn, history, together], name: "churn-blend"), new GeometricBlend([value, history, together], name: "value-blend")],
    Seed       = 20240701,
}.RunAsync(args);
