using CustomerValue.Ingestion;

namespace CustomerValue.DuckDb;

/// <summary>Neighbouring partitions that are built together: one piece of work, and one folder of finished files.</summary>
/// <param name="Partitions">Numbers of the partitions.</param>
/// <param name="Folder">Where its files lie.</param>
internal sealed record FeatureUnit(IReadOnlyList<int> Partitions, string Folder)
{
    /// <summary>The file that tells which customer has which number.</summary>
    public string Customers => Path.Combine(Folder, "customers.parquet");

    /// <summary>The file of one feature set; another wording of its SQL, or another encoder, is another file.</summary>
    public string Of(FeaturePart part) => Path.Combine(Folder, $"{part.Name}-{part.Fingerprint}.parquet");

    /// <summary>Puts partitions together until a unit holds <paramref name="recordsPerUnit"/> records.</summary>
    /// <param name="warehouse">Whose partitions.</param>
    /// <param name="recordsPerUnit">Enough for a unit of its own.</param>
    /// <param name="folder">Where the units' folders shall lie.</param>
    public static IReadOnlyList<FeatureUnit> Plan(Warehouse warehouse, long recordsPerUnit, string folder)
    {
        var records = new long[warehouse.Partitions];
        foreach (var file in warehouse.AllFiles.Where(f => f.Table is not (RecordKind.Reviews or RecordKind.DialogueTurns))) records[file.Partition] += file.Rows;

        var plan = new List<List<int>>();
        var (open, held) = (new List<int>(), 0L);
        for (var partition = 0; partition < records.Length; partition++)
        {
            open.Add(partition);
            held += records[partition];
            if (held < recordsPerUnit && partition < records.Length - 1) continue;
            plan.Add(open);
            (open, held) = ([], 0);
        }
        return [.. plan.Select(partitions => new FeatureUnit(partitions, Path.Combine(folder, FormattableString.Invariant($"partitions-{partitions[0]:000}-{partitions[^1]:000}"))))];
    }
}
