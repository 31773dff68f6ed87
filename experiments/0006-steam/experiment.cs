#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: does what players write in their first reviews tell who writes again within half a year, beyond how and when they wrote?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;

// A review stands for a purchase (the mapping steam_reviews), so the words of a "product name" are those of the review.
var features = new FeatureQuery("rfm", "baskets", "breadth") { Words = new() { Columns = 2048 } };
string[] behaviour = ["orders", "distinct_products"];
string[] writing = [.. behaviour, "name_words"];

// Directions and penalty weren't tried out: one setting, chosen beforehand.
var words = new LatentWords(components: 30, minimumRows: 20);
ICandidate acts     = new LogisticChurn(new() { Columns = behaviour, L2 = [10] }, "behaviour");
ICandidate length   = new LogisticChurn(new() { Columns = writing, L2 = [10] }, "behaviour-length");
ICandidate trees    = new LightGbmChurn(new() { Columns = writing }, name: "trees-length");
ICandidate logistic = new WithLatentWords(new LogisticChurn(new() { L2 = [100] }), words, "logistic-words");
ICandidate boosting = new WithLatentWords(new LightGbmChurn(), words, "trees-words");

return await new Experiment("0006-steam")
{
    Question   = "Does what players write in their first reviews tell who writes again within half a year?",
    Data       = folder => Dataset.Named("steam_reviews", Path.Combine(folder, "steam_reviews")),
    Pseudonyms = Pseudonyms.Published,                                      // the ids are hashed already
    Features   = features,
    Split      = new FirstOrderSplit([new(new(2010, 10, 25), new(2014, 7, 5))], new(new(2015, 1, 1), new(2016, 3, 22)), horizonDays: 180),
    Candidates = [new MeanCustomer(), acts, length, trees, logistic, boosting, new LogitBlend([length, logistic, boosting], name: "blend-words")],
    ChurnMetric = Metric.RocAuc,
    Seed       = 20150101,
}.RunAsync(args);
