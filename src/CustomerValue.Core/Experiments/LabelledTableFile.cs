using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Experiments;

/// <summary>A labelled table in a folder: features.parquet, and labels.parquet row for row with it.</summary>
internal static class LabelledTableFile
{
    private const string Spend = "spend", Churned = "churned", Purchases = "purchases", HorizonDays = "horizon_days";

    public static void Write(LabelledTable table, string folder)
    {
        FeatureTableParquet.Write(table.Features, Path.Combine(folder, "features.parquet"));
        var labels = new ParquetColumns().Add(Spend, table.Labels.Spend).Add(Churned, table.Labels.Churned).Add(Purchases, table.Labels.Purchases);
        labels.Facts[HorizonDays] = table.Labels.HorizonDays.ToString(CultureInfo.InvariantCulture);
        labels.Write(Path.Combine(folder, "labels.parquet"));
    }

    public static LabelledTable Read(string folder)
    {
        var labels = ParquetColumns.Read(Path.Combine(folder, "labels.parquet"));
        return new(FeatureTableParquet.Read(Path.Combine(folder, "features.parquet")),
            new(int.Parse(labels.Facts[HorizonDays], CultureInfo.InvariantCulture), labels.Column<double>(Spend), labels.Column<bool>(Churned), labels.Column<int>(Purchases)));
    }
}
