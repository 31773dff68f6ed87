using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Packaging;

/// <summary>The codecs of the models that live in this library.</summary>
internal static class CoreCodecs
{
    // Parameters of purchase models: far beyond what any fit finds, and near enough for every formula.
    private const double Least = 1e-9, Most = 1e10;

    public static IReadOnlyList<IModelCodec> All { get; } =
    [
        new ModelCodec<FittedMean>("mean",
            (m, to) => { to.Number("spend", m.Spend); to.Number("churn", m.Churn); to.Number("purchases", m.Purchases); },
            from => new(from.Number("spend", 0), from.Number("churn", 0, 1), from.Number("purchases", 0))),
        new ModelCodec<FittedRecencyRule>("recency-rule",
            (m, to) => { to.Text("column", m.Column); Curve(m.Curve, to); },
            from => new(from.Text("column"), Curve(from))),
        new ModelCodec<FittedSpendSoFar>("spend-so-far",
            (m, to) => { to.Text("column", m.Column); to.Number("factor", m.Factor); to.Text("age_column", m.AgeColumn); to.Number("horizon_weeks", m.HorizonWeeks); },
            from => new(from.Text("column"), from.Number("factor", 0), from.TextOrNull("age_column"), Weeks(from))),

        new ModelCodec<FittedLogitBlend>("logit-blend",
            (m, to) => { to.Texts("names", m.Names); to.Numbers("weights", m.Weights); Curve(m.Curve, to); to.Models("members", m.Members); },
            from => Members(from, (names, members, weights) => new FittedLogitBlend(names, members, weights, Curve(from)))),
        new ModelCodec<FittedGeometricBlend>("geometric-blend",
            (m, to) => { to.Texts("names", m.Names); to.Numbers("weights", m.Weights); to.Number("offset", m.Offset); to.Number("scale", m.Scale); to.Models("members", m.Members); },
            from => Members(from, (names, members, weights) => new FittedGeometricBlend(names, members, weights, from.Number("offset", 0), from.Number("scale", 0)))),
        new ModelCodec<FittedWithFeatures>("with-features",
            (m, to) => { to.Model("added", m.Added); to.Model("inner", m.Inner); },
            from => new(from.Model<IAddedFeatures>("added"), from.Model<IFittedCandidate>("inner"))),

        new ModelCodec<FittedByHistory>("by-history",
            (m, to) =>
            {
                to.Text("column", m.Column);
                to.Model("bought", m.Bought);
                to.Model("unknown", m.Unknown);
                to.Flag("spend", m.Spend);
                to.Flag("churn", m.Churn);
                to.Flag("purchases", m.Purchases);
            },
            from => new(from.Text("column"), from.ModelOrNull<IFittedCandidate>("bought"), from.ModelOrNull<IFittedCandidate>("unknown"), from.Flag("spend"), from.Flag("churn"), from.Flag("purchases"))),
        new ModelCodec<FittedTextComponents>("text-components",
            (m, to) => { to.Texts("columns", m.Columns); to.Numbers("mean", m.Mean); to.Each("directions", m.Directions, (direction, one) => one.Numbers("weights", direction)); },
            TextComponents),

        new ModelCodec<BtydLifetimeValue.FittedBtyd>("btyd",
            (m, to) =>
            {
                to.Model("purchases", m.Model.Purchases);
                to.Model("spend", m.Model.Spend);
                to.Number("annual_discount_rate", m.Model.AnnualDiscountRate);
                to.Number("horizon_weeks", m.HorizonWeeks);
            },
            from => new(new(from.Model<IPurchaseModel>("purchases"), from.ModelOrNull<GammaGammaModel>("spend")) { AnnualDiscountRate = from.Number("annual_discount_rate", 0, 10) }, Weeks(from))),
        new ModelCodec<FittedCovariateLifetimeValue>("pareto-nbd-covariates",
            (m, to) =>
            {
                to.Model("purchases", m.Purchases.Typical);
                to.Model("spend", m.Spend);
                to.Number("horizon_weeks", m.HorizonWeeks);
                to.Each("covariates", m.Scaling.Columns.Zip(m.Purchases.Effects), (covariate, one) =>
                {
                    Scaled(covariate.First, one);
                    one.Number("on_rate", covariate.Second.OnRate);
                    one.Number("on_dropout", covariate.Second.OnDropout);
                });
            },
            from =>
            {
                var covariates = from.Each("covariates", one => (Column: Scaled(one), OnRate: one.Number("on_rate"), OnDropout: one.Number("on_dropout")));
                return new(
                    new(from.Model<ParetoNbdModel>("purchases"), [.. covariates.Select(c => new CovariateEffect(c.Column.Name, c.OnRate, c.OnDropout))]),
                    from.ModelOrNull<GammaGammaModel>("spend"), new([.. covariates.Select(c => c.Column)]), Weeks(from));
            }),
        new ModelCodec<FittedShiftedLifetimeValue>("pareto-nbd-shifted",
            (m, to) =>
            {
                to.Model("purchases", m.Purchases.Model);
                to.Model("spend", m.Spend);
                to.Number("ridge", m.Ridge);
                to.Number("horizon_weeks", m.HorizonWeeks);
                to.Each("covariates", m.Scaling.Columns.Zip(m.Purchases.Effects), (covariate, one) =>
                {
                    Scaled(covariate.First, one);
                    one.Number("on_alive", covariate.Second.OnAlive);
                    one.Number("on_rate", covariate.Second.OnRate);
                    one.Number("on_dropout", covariate.Second.OnDropout);
                });
            },
            from =>
            {
                var covariates = from.Each("covariates", one => (Column: Scaled(one), Alive: one.Number("on_alive"), Rate: one.Number("on_rate"), Dropout: one.Number("on_dropout")));
                return new(
                    new(from.Model<ParetoNbdModel>("purchases"), [.. covariates.Select(c => new ShiftEffect(c.Column.Name, c.Alive, c.Rate, c.Dropout))]),
                    from.ModelOrNull<GammaGammaModel>("spend"), new([.. covariates.Select(c => c.Column)]), from.Number("ridge", 0), Weeks(from));
            }),
        new ModelCodec<FittedBtydFeatures>("btyd-features",
            (m, to) =>
            {
                to.Model("purchases", m.Purchases);
                to.Model("spend", m.Spend);
                to.Number("horizon_weeks", m.HorizonWeeks);
                to.Each("features", m.Features, (f, one) => { one.Text("name", f.Name); one.Text("unit", f.Unit); one.Text("meaning", f.Meaning); one.Text("set", f.Set); });
            },
            from => new(from.Model<IPurchaseModel>("purchases"), from.Model<GammaGammaModel>("spend"), Weeks(from),
                from.Each("features", one => new FeatureInfo(one.Text("name"), one.Text("unit"), one.Text("meaning"), one.Text("set"))))),
        new ModelCodec<FittedLatentWords>("latent-words",
            (m, to) => { to.Texts("words", m.Words); to.Numbers("idf", m.Idf); to.Each("directions", m.Directions, (direction, one) => one.Numbers("direction", direction)); },
            from => LatentWords(from.Texts("words"), from.Numbers("idf", 0, 100), from.Each("directions", one => one.Numbers("direction", -1.000001, 1.000001)))),
        new ModelCodec<BgNbdModel>("bg-nbd", (m, to) => Four(to, ("r", m.R), ("alpha", m.Alpha), ("a", m.A), ("b", m.B)),
            from => new(Parameter(from, "r"), Parameter(from, "alpha"), Parameter(from, "a"), Parameter(from, "b"))),
        new ModelCodec<MbgNbdModel>("mbg-nbd", (m, to) => Four(to, ("r", m.R), ("alpha", m.Alpha), ("a", m.A), ("b", m.B)),
            from => new(Parameter(from, "r"), Parameter(from, "alpha"), Parameter(from, "a"), Parameter(from, "b"))),
        new ModelCodec<ParetoNbdModel>("pareto-nbd", (m, to) => Four(to, ("r", m.R), ("alpha", m.Alpha), ("s", m.S), ("beta", m.Beta)),
            from => new(Parameter(from, "r"), Parameter(from, "alpha"), Parameter(from, "s"), Parameter(from, "beta"))),
        new ModelCodec<GammaGammaModel>("gamma-gamma",
            (m, to) => { to.Number("p", m.P); to.Number("q", m.Q); to.Number("gamma", m.Gamma); to.Flag("includes_first", m.IncludesFirst); },
            from => new(Parameter(from, "p"), Parameter(from, "q"), Parameter(from, "gamma")) { IncludesFirst = from.Flag("includes_first") }),
    ];

    private static FittedLatentWords LatentWords(string[] words, double[] idf, double[][] directions)
    {
        Check.SameLength(words.Length, idf.Length, "idf");
        foreach (var direction in directions) Check.SameLength(words.Length, direction.Length, "direction");
        return new(words, idf, directions);
    }

    private static void Four(ModelWriter to, params ReadOnlySpan<(string Name, double Value)> parameters)
    {
        foreach (var (name, value) in parameters) to.Number(name, value);
    }

    private static double Parameter(ModelReader from, string name) => from.Number(name, Least, Most);

    private static double Weeks(ModelReader from) => from.Number("horizon_weeks", 0.1, 5200);

    internal static void Curve(LogisticCurve curve, ModelWriter to) { to.Number("intercept", curve.Intercept); to.Number("slope", curve.Slope); }

    internal static void Scaled(ScaledColumn column, ModelWriter to)
    {
        to.Text("name", column.Name);
        to.Number("low", column.Low);
        to.Number("high", column.High);
        to.Flag("log", column.Log);
        to.Number("mean", column.Mean);
        to.Number("spread", column.Spread);
    }

    internal static ScaledColumn Scaled(ModelReader from)
    {
        var column = new ScaledColumn(from.Text("name"), from.Number("low"), from.Number("high"), from.Flag("log"), from.Number("mean"), from.Number("spread", 0));
        return column.Low <= column.High ? column : throw new InvalidDataException($"the column '{column.Name}' is capped at {column.High} above and {column.Low} below.");
    }

    internal static LogisticCurve Curve(ModelReader from) => new(from.Number("intercept"), from.Number("slope"));

    private static FittedTextComponents TextComponents(ModelReader from)
    {
        var (columns, mean, directions) = (from.Texts("columns"), from.Numbers("mean"), from.Each("directions", one => one.Numbers("weights", -1.000001, 1.000001)));
        Check.SameLength(columns.Length, mean.Length, "mean");
        foreach (var direction in directions) Check.SameLength(columns.Length, direction.Length, "weights");
        return new(columns, mean, directions);
    }

    private static T Members<T>(ModelReader from, Func<string[], IFittedCandidate[], double[], T> blend)
    {
        var (names, members, weights) = (from.Texts("names"), from.Models<IFittedCandidate>("members"), from.Numbers("weights", 0, 1));
        if (members.Length < 2) throw new InvalidDataException($"a blend has {members.Length} member(s).");
        Check.SameLength(members.Length, names.Length, "names");
        Check.SameLength(members.Length, weights.Length, "weights");
        return blend(names, members, weights);
    }
}
