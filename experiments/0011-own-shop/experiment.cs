#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: in the shop that --data names, who is worth what, who is leaving, and do their texts tell?
using CustomerValue.Cli;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;
using CustomerValue.Torch.Training;

const string Name = "0011-own-shop", Question = "In the shop that --data names, who is worth what, who is leaving, and do their texts tell?";
const int EnoughTexts = 2_000;

var query = new FeatureQuery([.. FeatureQuery.AllSets, TextSets.Writing]);

// An encoder of the shop's own: words from its texts, tuned for every cutoff on the stars and orders known by then. With few texts they are counted, and not read.
var small = new EncoderRecipe
{
    Encoder     = new() { HiddenSize = 128, Layers = 2, Heads = 4, IntermediateSize = 256, NGramBuckets = 65_521, NGramOrder = 3 },
    Pretraining = new() { Training = new() { LearningRate = 1e-3, Epochs = 2, Autocast = TrainingOptions.CanAutocast } },
};

ICandidate mbg      = new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true));
ICandidate logistic = new LogisticChurn(), boosting = new LightGbmChurn(start: mbg, name: "lightgbm-churn-on-mbg");
ICandidate tweedie  = new LightGbmValue(start: mbg, name: "lightgbm-tweedie-on-mbg"), twoStage = new LightGbmTwoStage();

Func<OwnShop, Experiment> experiment = shop => new(Name)
{
    Question   = Question,
    Data       = shop.Data,
    Pseudonyms = OwnShop.Ids,
    Features   = shop.EarlyTexts < EnoughTexts ? query : new TextFeatures(query, new TunedEncoderSource(small), new() { Vector = false }),
    Split      = shop.Split,
    Candidates = [new SpendSoFar(), new RecencyRule(), mbg, logistic, boosting, tweedie, twoStage,
                  new LogitBlend([boosting, logistic, mbg], name: "churn-blend"),
                  new GeometricBlend([tweedie, twoStage, mbg], name: "value-blend")],
    Seed       = 20240711,
};

return await experiment.RunAsync(Name, Question, args);
