using CustomerValue.Evaluation;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Cli.Conformance;

/// <summary>The benchmark cohort of the literature: published fits, and what they foresee of the 39 weeks after.</summary>
internal static class CdnowNumbers
{
    private const string Fader2005 = "Fader, Hardie and Lee (2005), table 2";
    private const string Batislam2007 = "Batislam, Denizel and Filiztekin (2007); BTYDplus";
    private const string Fader2013 = "Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value";
    private const string Lifetimes = "lifetimes 0.11.3, measured on cdnow39 by the measuring protocol";
    private const string File = "cdnow/CDNOW_sample.txt.gz";

    public static PublishedNumbers Subject { get; } = new("cdnow", [File], (folder, cancellation) => Numbers(CdnowWindow.Read(Path.Combine(folder, File)), cancellation));

    private static IEnumerable<PublishedNumber> Numbers(CdnowWindow cdnow, CancellationToken cancellation)
    {
        var histories = cdnow.Histories;
        var bg = new BgNbd().Fit(histories);
        foreach (var row in Fitted("bg_nbd", Fader2005, bg.Fit!, [.243, 4.414, .793, 2.426], 3)) yield return row;
        yield return PublishedNumber.ToDecimals("bg_nbd.log_likelihood", Fader2005, -9582.43, bg.Fit!.LogLikelihood, 2);
        cancellation.ThrowIfCancellationRequested();

        var pareto = new ParetoNbd().Fit(histories);
        foreach (var row in Fitted("pareto_nbd", Fader2005, pareto.Fit!, [.553, 10.578, .606, 11.669], 3)) yield return row;
        yield return PublishedNumber.ToDecimals("pareto_nbd.log_likelihood", Fader2005, -9594.98, pareto.Fit!.LogLikelihood, 2);

        var mbg = new MbgNbd().Fit(histories);
        foreach (var row in Fitted("mbg_nbd", Batislam2007, mbg.Fit!, [.525, 6.183, .891, 1.614], 3)) yield return row;

        // Customers who bought again, with a positive mean over the repeat purchases.
        var gg = new GammaGamma().Fit(histories);
        foreach (var row in Fitted("gamma_gamma", Fader2013, gg.Fit!, [6.25, 3.74, 15.44], 2)) yield return row;
        yield return PublishedNumber.ToDecimals("gamma_gamma.log_likelihood", Fader2013, -4055.92, gg.Fit!.LogLikelihood, 2);
        yield return PublishedNumber.ToDecimals("gamma_gamma.customers", Fader2013, 946, gg.Fit!.Customers, 0);
        cancellation.ThrowIfCancellationRequested();

        foreach (var row in Purchases("bg_nbd", bg, cdnow, 1653, .785, .626, .7725)) yield return row;
        foreach (var row in Purchases("mbg_nbd", mbg, cdnow, 1577, .765, .627, .7728)) yield return row;
        foreach (var row in Purchases("pareto_nbd", pareto, cdnow, 1666, .755, .630, .7787)) yield return row;

        var all = new GammaGamma(includeFirst: true).Fit(histories);
        foreach (var row in Spend("spend_so_far", cdnow, cdnow.SpendSoFar, .680, .3929, 61.65, 172.07, 1.439, 1.569, .481)) yield return row;
        foreach (var row in Spend("bg_nbd_x_gg", cdnow, Value(bg, gg, cdnow), .638, .4264, 30.41, 72.30, -.156, .255, .502)) yield return row;
        foreach (var row in Spend("mbg_nbd_x_gg", cdnow, Value(mbg, gg, cdnow), .638, .4296, 29.71, 71.95, -.195, .268, .503)) yield return row;
        foreach (var row in Spend("pareto_nbd_x_gg", cdnow, Value(pareto, gg, cdnow), .659, .4451, 29.45, 72.18, -.148, .373, .504)) yield return row;
        foreach (var row in Spend("pareto_nbd_x_gg_all", cdnow, Value(pareto, all, cdnow), .693, .4497, 29.20, 72.86, -.158, .443, .500)) yield return row;
    }

    private static IEnumerable<PublishedNumber> Fitted(string model, string source, FitReport report, double[] published, int decimals) =>
        report.Parameters.Zip(published, (ours, value) => PublishedNumber.ToDecimals($"{model}.{ours.Name}", source, value, ours.Value, decimals));

    private static IEnumerable<PublishedNumber> Purchases(string name, IPurchaseModel model, CdnowWindow cdnow, double total, double mae, double correlation, double auc)
    {
        var foreseen = model.ExpectedPurchases(cdnow.Histories, CdnowWindow.HorizonWeeks);
        double[] bought = [.. cdnow.Days.Select(d => d > 0 ? 1.0 : 0)];
        yield return PublishedNumber.ToDecimals($"{name}.window_purchases", Lifetimes, total, foreseen.Sum(), 0);
        yield return PublishedNumber.ToDecimals($"{name}.window_mae", Lifetimes, mae, Metric.MeanAbsoluteError.Of(cdnow.Days, foreseen), 3);
        yield return PublishedNumber.ToDecimals($"{name}.window_correlation", Lifetimes, correlation, Correlation(cdnow.Days, foreseen), 3);
        yield return PublishedNumber.ToDecimals($"{name}.window_auc", Lifetimes, auc, Metric.RocAuc.Of(bought, foreseen), 4);
    }

    private static double[] Value(IPurchaseModel purchases, GammaGammaModel spend, CdnowWindow cdnow) =>
        new BtydLifetimeValueModel(purchases, spend).ExpectedSpend(cdnow.Histories, Models.Horizon.OfWeeks(CdnowWindow.HorizonWeeks));

    private static IEnumerable<PublishedNumber> Spend(
        string name, CdnowWindow cdnow, double[] foreseen, double gini, double spearman, double mae, double rmse, double bias, double decile, double top)
    {
        yield return Figure(Metric.NormalizedGini, gini, 3);
        yield return Figure(Metric.Spearman, spearman, 4);
        yield return Figure(Metric.MeanAbsoluteError, mae, 2);
        yield return Figure(Metric.RootMeanSquaredError, rmse, 2);
        yield return Figure(Metric.Bias, bias, 3);
        yield return Figure(Metric.DecileError, decile, 3);
        yield return Figure(Metric.CaptureTop10, top, 3);

        PublishedNumber Figure(Metric metric, double published, int decimals) =>
            PublishedNumber.ToDecimals($"{name}.{metric.Key}", Lifetimes, published, metric.Of(cdnow.Spend, foreseen), decimals);
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
}
