using CustomerValue.Evaluation;
using CustomerValue.Ingestion;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Cli.Conformance;

/// <summary>The benchmark cohort of the literature: its records, published fits, and what they foresee of the 39 weeks after.</summary>
internal static class CdnowNumbers
{
    private const string Publishers = "Fader and Hardie (2001), Interfaces 31; the cohort's data sheet";
    private const string Fader2005 = "Fader, Hardie and Lee (2005), table 2";
    private const string Batislam2007 = "Batislam, Denizel and Filiztekin (2007); BTYDplus";
    private const string Fader2013 = "Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value";
    private const string Lifetimes = "lifetimes 0.11.3, measured on cdnow39 by the measuring protocol";

    public static PublishedNumbers Subject { get; } = new PublishedNumbers<Fits>(
        "cdnow", ["cdnow/CDNOW_sample.txt.gz"], (folder, cancellation) => new(new("cdnow", Path.Combine(folder, "cdnow"), cancellation)), Claims());

    private static IEnumerable<Claim<Fits>> Claims()
    {
        yield return Number("cdnow.rows", Publishers, 6919, 0, f => f.Shop.Report.Kept);
        yield return Number("cdnow.customers", Publishers, 2357, 0, f => f.Shop.Report.Customers);
        yield return Number("cdnow.dollars", Publishers, 244_091.94, 2, f => (double)f.Shop.Money.OrderAmount);
        yield return Number("cdnow.purchases_of_0_dollars", Publishers, 8, 0, f => f.Purchases.Count(p => p.Amount.Amount == 0));
        yield return Number("cdnow.bought_again", Publishers, .489, 3, f => f.Purchases.GroupBy(p => p.CustomerId).Average(c => c.Count() > 1 ? 1.0 : 0));
        yield return Number("cdnow.purchase_days", Publishers, 6696, 0, f => f.Window.Histories.Frequency.Sum(x => x + 1) + f.Window.Days.Sum());
        yield return Number("cdnow.window_purchase_days", Publishers, 1882, 0, f => f.Window.Days.Sum());

        foreach (var row in Fitted("bg_nbd", Fader2005, f => f.Bg.Fit!, [("r", .243), ("alpha", 4.414), ("a", .793), ("b", 2.426)], 3)) yield return row;
        yield return Number("bg_nbd.log_likelihood", Fader2005, -9582.43, 2, f => f.Bg.Fit!.LogLikelihood);

        foreach (var row in Fitted("pareto_nbd", Fader2005, f => f.Pareto.Fit!, [("r", .553), ("alpha", 10.578), ("s", .606), ("beta", 11.669)], 3)) yield return row;
        yield return Number("pareto_nbd.log_likelihood", Fader2005, -9594.98, 2, f => f.Pareto.Fit!.LogLikelihood);

        foreach (var row in Fitted("mbg_nbd", Batislam2007, f => f.Mbg.Fit!, [("r", .525), ("alpha", 6.183), ("a", .891), ("b", 1.614)], 3)) yield return row;

        // Customers who bought again, with a positive mean over the repeat purchases.
        foreach (var row in Fitted("gamma_gamma", Fader2013, f => f.GammaGamma.Fit!, [("p", 6.25), ("q", 3.74), ("gamma", 15.44)], 2)) yield return row;
        yield return Number("gamma_gamma.log_likelihood", Fader2013, -4055.92, 2, f => f.GammaGamma.Fit!.LogLikelihood);
        yield return Number("gamma_gamma.customers", Fader2013, 946, 0, f => f.GammaGamma.Fit!.Customers);

        foreach (var row in Purchases("bg_nbd", f => f.Bg, 1653, .785, .626, .7725)) yield return row;
        foreach (var row in Purchases("mbg_nbd", f => f.Mbg, 1577, .765, .627, .7728)) yield return row;
        foreach (var row in Purchases("pareto_nbd", f => f.Pareto, 1666, .755, .630, .7787)) yield return row;

        foreach (var row in Spend("spend_so_far", f => f.Window.SpendSoFar, .680, .3929, 61.65, 172.07, 1.439, 1.569, .481)) yield return row;
        foreach (var row in Spend("bg_nbd_x_gg", f => f.Value(f.Bg, f.GammaGamma), .638, .4264, 30.41, 72.30, -.156, .255, .502)) yield return row;
        foreach (var row in Spend("mbg_nbd_x_gg", f => f.Value(f.Mbg, f.GammaGamma), .638, .4296, 29.71, 71.95, -.195, .268, .503)) yield return row;
        foreach (var row in Spend("pareto_nbd_x_gg", f => f.Value(f.Pareto, f.GammaGamma), .659, .4451, 29.45, 72.18, -.148, .373, .504)) yield return row;
        foreach (var row in Spend("pareto_nbd_x_gg_all", f => f.Value(f.Pareto, f.GammaGammaAll), .693, .4497, 29.20, 72.86, -.158, .443, .500)) yield return row;
    }

    private static Claim<Fits> Number(string name, string source, double published, int decimals, Func<Fits, double> ours) => new(PublishedNumber.ToDecimals(name, source, published, decimals), ours);

    private static IEnumerable<Claim<Fits>> Fitted(string model, string source, Func<Fits, FitReport> fit, (string Name, double Value)[] published, int decimals) =>
        published.Select(p => Number($"{model}.{p.Name}", source, p.Value, decimals, f => fit(f).Parameters.Single(own => own.Name == p.Name).Value));

    private static IEnumerable<Claim<Fits>> Purchases(string name, Func<Fits, IPurchaseModel> model, double total, double mae, double correlation, double auc)
    {
        yield return Number($"{name}.window_purchases", Lifetimes, total, 0, f => f.Foreseen(model(f)).Sum());
        yield return Number($"{name}.window_mae", Lifetimes, mae, 3, f => Metric.MeanAbsoluteError.Of(f.Window.Days, f.Foreseen(model(f))));
        yield return Number($"{name}.window_correlation", Lifetimes, correlation, 3, f => Correlation(f.Window.Days, f.Foreseen(model(f))));
        yield return Number($"{name}.window_auc", Lifetimes, auc, 4, f => Metric.RocAuc.Of([.. f.Window.Churned.Select(c => 1 - c)], f.Foreseen(model(f))));
    }

    private static IEnumerable<Claim<Fits>> Spend(
        string name, Func<Fits, double[]> foreseen, double gini, double spearman, double mae, double rmse, double bias, double decile, double top)
    {
        yield return Figure(Metric.NormalizedGini, gini, 3);
        yield return Figure(Metric.Spearman, spearman, 4);
        yield return Figure(Metric.MeanAbsoluteError, mae, 2);
        yield return Figure(Metric.RootMeanSquaredError, rmse, 2);
        yield return Figure(Metric.Bias, bias, 3);
        yield return Figure(Metric.DecileError, decile, 3);
        yield return Figure(Metric.CaptureTop10, top, 3);

        Claim<Fits> Figure(Metric metric, double published, int decimals) =>
            Number($"{name}.{metric.Key}", Lifetimes, published, decimals, f => metric.Of(f.Window.Spend, foreseen(f)));
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        double both = 0, squareA = 0, squareB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            both += (a[i] - meanA) * (b[i] - meanB);
            squareA += (a[i] - meanA) * (a[i] - meanA);
            squareB += (b[i] - meanB) * (b[i] - meanB);
        }
        return both / Math.Sqrt(squareA * squareB);
    }

    /// <summary>The cohort at 1997-10-01, the 39 weeks after, and the models fitted to it, each once.</summary>
    private sealed class Fits(LoadedShop shop) : IDisposable
    {
        public LoadedShop Shop => shop;
        public List<Purchase> Purchases => field ??= [.. shop.Records.Purchases(Pseudonyms.Published)];
        public ShopWindow Window => field ??= shop.At(new(1997, 10, 1), 39 * 7);
        public IPurchaseModel Bg => field ??= new BgNbd().Fit(Window.Histories);
        public IPurchaseModel Mbg => field ??= new MbgNbd().Fit(Window.Histories);
        public IPurchaseModel Pareto => field ??= new ParetoNbd().Fit(Window.Histories);
        public GammaGammaModel GammaGamma => field ??= new GammaGamma().Fit(Window.Histories);
        public GammaGammaModel GammaGammaAll => field ??= new GammaGamma(includeFirst: true).Fit(Window.Histories);

        public double[] Foreseen(IPurchaseModel model) => model.ExpectedPurchases(Window.Histories, Window.HorizonWeeks);

        public double[] Value(IPurchaseModel purchases, GammaGammaModel spend) =>
            new BtydLifetimeValueModel(purchases, spend).ExpectedSpend(Window.Histories, Models.Horizon.OfWeeks(Window.HorizonWeeks));

        public void Dispose() => shop.Dispose();
    }
}
