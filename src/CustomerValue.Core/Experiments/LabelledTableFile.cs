using System.Globalization;
using System.Text.Json;
using CustomerValue.Features;

namespace CustomerValue.Experiments;

/// <summary>A labelled table in a folder: one Parquet file, the catalogue among its facts.</summary>
internal static class LabelledTableFile
{
    private const string Customer = "customer", Spend = "label.spend", Churned = "label.churned", Purchases = "label.purchases";

    public static void Write(LabelledTable table, string folder)
    {
        var columns = new ParquetColumns().Add(Customer, table.Features.CustomerIds.ToArray());
        for (var c = 0; c < table.Features.Columns.Count; c++) columns.Add(table.Features.Features[c].Name, table.Features.Columns[c]);
        columns.Add(Spend, table.Labels.Spend).Add(Churned, table.Labels.Churned).Add(Purchases, table.Labels.Purchases);
        columns.Facts["cutoff"] = table.Features.Cutoff.ToString("O", CultureInfo.InvariantCulture);
        columns.Facts["horizon_days"] = table.Labels.HorizonDays.ToString(CultureInfo.InvariantCulture);
        columns.Facts["catalogue"] = JsonSerializer.Serialize(table.Features.Features);
        columns.Write(Path.Combine(folder, "table.parquet"));
    }

    public static LabelledTable Read(string folder)
    {
        var columns = ParquetColumns.Read(Path.Combine(folder, "table.parquet"));
        var catalogue = JsonSerializer.Deserialize<FeatureInfo[]>(columns.Facts["catalogue"])!;
        return new(
            new(DateOnly.ParseExact(columns.Facts["cutoff"], "O", CultureInfo.InvariantCulture), columns.Column<string>(Customer), catalogue,
                [.. catalogue.Select(f => columns.Column<double>(f.Name))]),
            new(int.Parse(columns.Facts["horizon_days"], CultureInfo.InvariantCulture), columns.Column<double>(Spend), columns.Column<bool>(Churned), columns.Column<int>(Purchases)));
    }
}
