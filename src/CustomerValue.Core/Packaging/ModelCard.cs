using System.Globalization;
using System.Text;
using CustomerValue.Evaluation;

namespace CustomerValue.Packaging;

/// <summary>A package in words, for the people who decide whether to use it; <c>model-card.md</c>.</summary>
internal static class ModelCard
{
    public static string Write(PackageManifest manifest, PackagedMetrics metrics, PackagedFeatures features, PackagedCalibration calibration, bool interval, bool readsRecords)
    {
        var (text, origin) = (new StringBuilder(), manifest.Origin);
        Line($"# {manifest.Name}");
        Line($"");
        Line($"## What for");
        Line($"");
        var known = features.Settings.GetValueOrDefault("population") == "known";
        Line($"{origin.Question} For every customer {(known ? "of whom anything is recorded" : "with an order")} before a chosen day (the cutoff) it answers for the {origin.HorizonDays} days from that day on:");
        Line($"");
        if (manifest.Value is { } value) Line($"- **value**: expected net spend (orders less returns), in the shop's currency, by `{value.Candidate}`{(interval ? ", with an interval" : "")};");
        if (manifest.Churn is { } churn) Line($"- **churn_probability**: the probability of no order at all, by `{churn.Candidate}`.");
        Line($"");
        Line($"## Trained on what");
        Line($"");
        Line($"Records with the fingerprint `{origin.DataFingerprint}`. {metrics.TrainRows:#,0} labelled rows at {(origin.TrainCutoffs.Count == 0 ? "no cutoff" : string.Join(", ", origin.TrainCutoffs.Select(c => $"{c:yyyy-MM-dd}")))}; models of purchase histories are fitted on what was known on {origin.TestCutoff:yyyy-MM-dd}. {features.Columns.Count} columns are read (`features.json`){(readsRecords ? ", and customers' own records: what they bought, did and wrote" : "")}. Commit `{origin.Commit}`, seed {origin.Seed}, {origin.Threads} thread(s). Chosen by {origin.ChosenBy}.");
        Line($"");
        Line($"## How good");
        Line($"");
        Line($"Measured on {metrics.TestRows:#,0} customers at {origin.TestCutoff:yyyy-MM-dd}, of whom {Percent(metrics.ChurnRate)} ordered nothing and who spent {metrics.SpendMean:0.00} on average; 95 % intervals over resampled customers.");
        Figures("Value", metrics.Value);
        Figures("Churn", metrics.Churn);
        if (calibration.DecileError is { Count: > 1 } deciles)
        {
            Line($"");
            Line($"The tenth with the highest foreseen value: {deciles[^1].MeanPredicted:0.00} foreseen on average, {deciles[^1].MeanActual:0.00} spent; the tenth with the lowest: {deciles[0].MeanPredicted:0.00} foreseen, {deciles[0].MeanActual:0.00} spent. All groups stand in `calibration.json`.");
        }
        Tiers("value", "By foreseen value");
        Tiers("history", "By length of history");
        Line($"");
        Line($"## Where not to use it");
        Line($"");
        Line($"- For another shop, market or currency than the one it was trained on, or long after its cutoffs: prices, seasons and customers change. Measure it on a recent cutoff first.");
        Line($"- For another horizon than {origin.HorizonDays} days: values don't grow in proportion to it.");
        if (!known) Line($"- For people without a single order before the cutoff: nothing is known of them here.");
        Line($"- As the only ground for a decision that harms one person. A value is a mean over customers alike; a single customer's spend lies far from it, most often at 0.");
        Line($"- To say why customers leave: reasons tell what the model looked at, not what would happen if it were changed. The effect of a campaign needs an experiment.");
        Line($"- On columns built otherwise than `features.json` says, or far outside their usual range (5 % and 95 % quantiles stand there).");
        if (Weakest(metrics.Tiers) is { } weak) Line($"- Without a second look at the tier '{weak.Tier}': there the mean value is off by {Percent(Math.Abs(weak.Metrics[Metric.Bias.Key]))} of what was spent.");
        return text.ToString();

        void Figures(string title, AnswerFigures? answer)
        {
            if (answer is null) return;
            Line($"");
            Line($"{title}, by `{answer.Candidate}`:");
            Line($"");
            Line($"| metric | figure | 95 % interval |");
            Line($"| --- | --- | --- |");
            foreach (var f in answer.Metrics) Line($"| {Metric.All.FirstOrDefault(m => m.Key == f.Metric)?.Title ?? f.Metric} | {f.Figure:0.####} | {f.Low:0.####} to {f.High:0.####} |");
        }

        void Tiers(string by, string title)
        {
            if (!metrics.Tiers.Any(t => t.By == by)) return;
            Line($"");
            Line($"{title}:");
            Line($"");
            Line($"| tier | customers | value foreseen | spent | churn foreseen | churned | Gini | AUC |");
            Line($"| --- | --- | --- | --- | --- | --- | --- | --- |");
            foreach (var t in metrics.Tiers.Where(t => t.By == by))
                Line($"| {t.Tier} | {t.Customers:#,0} | {Amount(t.SpendPredicted)} | {t.SpendActual:0.00} | {Share(t.ChurnPredicted)} | {Percent(t.ChurnActual)} | {Of(t, Metric.NormalizedGini)} | {Of(t, Metric.RocAuc)} |");
        }

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static TierFigures? Weakest(IReadOnlyList<TierFigures> tiers) =>
        tiers.Where(t => t.Metrics.ContainsKey(Metric.Bias.Key)).MaxBy(t => Math.Abs(t.Metrics[Metric.Bias.Key]));

    private static string Of(TierFigures tier, Metric metric) => tier.Metrics.TryGetValue(metric.Key, out var figure) ? figure.ToString("0.000", CultureInfo.InvariantCulture) : "-";

    private static string Amount(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";

    private static string Share(double? value) => value is { } share ? Percent(share) : "-";

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
