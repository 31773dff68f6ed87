#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: on the day of a customer's first order, what tells who comes back within half a year and what they spend: the amount, the basket, or the names of the products?
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

var features = new FeatureQuery("purchase_history", "rfm", "windows", "baskets", "breadth", "price_level", "returns", "habits") { Words = new() };
string[] numbers = [.. features.Catalogue.Where(f => !TextSets.Has(f)).Select(f => f.Name)];
string[] few = ["gross_spend", "has_returned", "mean_basket_lines", "orders", "top_product_share"];

// Penalties and the number of directions come from the training rows (README).
var words = new LatentWords(components: 5, minimumRows: 10);
ICandidate amount   = new LogisticChurn(new() { Columns = ["gross_spend"], L2 = [1] }, "logistic-amount");
ICandidate fewer    = new LogisticChurn(new() { Columns = few, L2 = [10] }, "logistic-few");
ICandidate logistic = new LogisticChurn(new() { Columns = numbers, L2 = [3000] }, "logistic");
ICandidate boosting = new LightGbmChurn(new() { Columns = numbers });
ICandidate first    = new SpendSoFar(SpendScale.Factor, "gross_spend", name: "first-amount");
ICandidate tweedie  = new LightGbmValue(options: new() { Columns = numbers });
ICandidate logisticWords = new WithLatentWords(new LogisticChurn(new() { L2 = [3000] }), words, "logistic-words");
ICandidate boostingWords = new WithLatentWords(new LightGbmChurn(), words, "lightgbm-churn-words");
ICandidate tweedieWords  = new WithLatentWords(new LightGbmValue(), words, "lightgbm-tweedie-words");

return await new Experiment("0005-online-retail-first")
{
    Question   = "On the day of a customer's first order, what tells who comes back within half a year, and what they spend?",
    Data       = folder => Dataset.Named("online_retail_ii", Path.Combine(folder, "online_retail_ii")),
    Pseudonyms = Pseudonyms.Published,                                      // the publisher replaced the ids
    Features   = features,
    Split      = new FirstOrderSplit([new(new(2010, 1, 1), new(2010, 7, 5))], new(new(2011, 1, 1), new(2011, 6, 1)), horizonDays: 180),
    Candidates = [new MeanCustomer(), first, new SpendSoFar(SpendScale.Factor, "max_order_value", name: "largest-order"),
                  amount, fewer, logistic, boosting, tweedie, new LightGbmTwoStage(buys: new() { Columns = numbers }, spends: new() { Columns = numbers }),
                  logisticWords, boostingWords, tweedieWords,
                  new LogitBlend([amount, fewer, logistic], name: "churn-blend"), new LogitBlend([amount, fewer, boosting], name: "churn-blend-trees"),
                  new LogitBlend([amount, fewer, logisticWords], name: "churn-blend-words"),
                  new GeometricBlend([first, tweedie], name: "value-blend"), new GeometricBlend([first, tweedieWords], name: "value-blend-words")],
    ChurnMetric = Metric.RocAuc,
    Seed       = 20110101,
}.RunAsync(args);
