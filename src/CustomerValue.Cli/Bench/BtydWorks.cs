using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Cli.Bench;

/// <summary>Fitting and asking the models of purchase histories, on customers simulated from a seed.</summary>
internal static class BtydWorks
{
    // The parameters published for CDNOW.
    private static readonly BgNbdModel s_bgNbd = new(0.243, 4.414, 0.793, 2.426);
    private static readonly GammaGammaModel s_spend = new(6.25, 3.74, 15.44);

    private const int Cohort = 2_357, Many = 100_000, Million = 1_000_000, Seed = 20050101;

    public static IReadOnlyList<BenchWork> All { get; } =
    [
        Fit("bg-nbd-fit-2k", "BG/NBD fit, no two customers alike", Cohort, false, threads => new BgNbd(threads)),
        Fit("bg-nbd-fit-100k", "BG/NBD fit, no two customers alike", Many, false, threads => new BgNbd(threads)),
        Fit("bg-nbd-fit-1m", "BG/NBD fit, no two customers alike", Million, false, threads => new BgNbd(threads)),
        Fit("bg-nbd-fit-1m-days", "BG/NBD fit, times in whole days, equal rows collapsed", Million, true, threads => new BgNbd(threads)),
        Fit("mbg-nbd-fit-1m", "MBG/NBD fit, no two customers alike", Million, false, threads => new MbgNbd(threads)),
        Fit("pareto-nbd-fit-2k", "Pareto/NBD fit, no two customers alike", Cohort, false, threads => new ParetoNbd(threads)),
        Fit("pareto-nbd-fit-100k", "Pareto/NBD fit, no two customers alike", Many, false, threads => new ParetoNbd(threads)),
        Fit("gamma-gamma-fit-1m", "Gamma-Gamma fit, first order included", Million, false, threads => new GammaGamma(includeFirst: true, threads)),
        Ask("bg-nbd-expected-1m", "BG/NBD expected purchases in 39 weeks", (model, histories) => model.ExpectedPurchases(histories, 39)),
        Ask("bg-nbd-no-purchase-1m", "BG/NBD probability of no purchase in 39 weeks", (model, histories) => model.ProbabilityOfNoPurchase(histories, 39)),
        new("pareto-nbd-no-purchase-1m", "Pareto/NBD probability of no purchase in 39 weeks", Million, "customers", _ =>
        {
            var (histories, model) = (Simulated(Million), new ParetoNbdModel(0.553, 10.578, 0.606, 11.669));
            return () => model.ProbabilityOfNoPurchase(histories, 39);
        }),
        Interval("bg-nbd-interval-1m", "BG/NBD x Gamma-Gamma, interval of spend in 39 weeks", s_bgNbd),
        Interval("pareto-nbd-interval-1m", "Pareto/NBD x Gamma-Gamma, interval of spend in 39 weeks", new ParetoNbdModel(0.553, 10.578, 0.606, 11.669)),
    ];

    private static BenchWork Fit<TModel>(string name, string work, int customers, bool wholeDays, Func<BtydOptions, IEstimator<PurchaseHistories, TModel>> estimator) =>
        new(name, work, customers, "customers", context =>
        {
            var histories = Simulated(customers, wholeDays);
            var fit = estimator(new() { Threads = context.Threads });
            return () => fit.Fit(histories);
        }, Runs: customers >= Million ? 3 : 5);

    private static BenchWork Ask(string name, string work, Func<BgNbdModel, PurchaseHistories, double[]> ask) =>
        new(name, work, Million, "customers", _ =>
        {
            var histories = Simulated(Million);
            return () => ask(s_bgNbd, histories);
        }, Runs: 5);

    private static BenchWork Interval(string name, string work, IPurchaseModel model) =>
        new(name, work, Million, "customers", _ =>
        {
            var (histories, value) = (Simulated(Million), new BtydLifetimeValueModel(model, s_spend));
            return () => value.Intervals(histories, Horizon.OfWeeks(39));
        });

    /// <summary>Customers first seen 27 to 39 weeks before the cutoff, as in CDNOW.</summary>
    private static PurchaseHistories Simulated(int customers, bool wholeDays = false) =>
        SimulatedCustomers.From(s_bgNbd, s_spend, new() { Customers = customers, Seed = Seed, WholeDays = wholeDays }).Histories;
}
