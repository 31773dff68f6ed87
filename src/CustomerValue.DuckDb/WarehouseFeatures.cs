using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>Features and labels of the customers of one warehouse.</summary>
/// <remarks>Built unit by unit (a unit is one or several hash partitions) under a memory limit. A finished unit is a Parquet file that appears by a rename,
/// so a build that stops half-way goes on where it stopped, and the same build asked for again only reads.</remarks>
public sealed class WarehouseFeatures : IFeatureSource
{
    private readonly FeatureQuery _query;
    private readonly WarehouseListing _warehouse;
    private readonly IProgress<StageProgress>? _progress;

    internal WarehouseFeatures(FeatureQuery query, string warehouse, IProgress<StageProgress>? progress) =>
        (_query, _warehouse, _progress) = (query, WarehouseListing.Read(warehouse), progress);

    /// <inheritdoc/>
    public IReadOnlyList<FeatureInfo> Catalogue => _query.Catalogue;

    private FeatureOptions Options => _query.Options;
    private string Cache => Options.Cache ?? Path.Combine(_warehouse.Folder, "features");
    private string Spill => Path.Combine(Cache, "spill");

    /// <inheritdoc/>
    public FeatureTable At(DateOnly cutoff, CancellationToken cancellation = default) => Build(cutoff, cancellation).Read(cancellation);

    /// <summary>Builds the features at a cutoff as files, reusing every unit that is there already.</summary>
    /// <exception cref="InvalidOperationException">No orders before the cutoff, or several currencies and none chosen.</exception>
    public FeatureBuild Build(DateOnly cutoff, CancellationToken cancellation = default)
    {
        var shop = ShopAt(cutoff, cancellation);
        var units = _warehouse.Units(Options.RecordsPerUnit);
        var folder = Path.Combine(Cache, string.Create(CultureInfo.InvariantCulture,
            $"{cutoff:yyyyMMdd}-{shop.Currency}-{_warehouse.Fingerprint}-{_query.Fingerprint}-{units.Count}"));
        Directory.CreateDirectory(folder);

        var files = units.Select((_, u) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"unit-{u:000}.parquet"))).ToArray();
        var missing = Enumerable.Range(0, units.Count).Where(u => !File.Exists(files[u])).ToArray();
        var done = units.Count - missing.Length;
        Parallel.ForEach(missing, new ParallelOptions { MaxDegreeOfParallelism = Options.Threads, CancellationToken = cancellation }, u =>
        {
            BuildUnit(units[u], cutoff, shop, files[u], cancellation);
            _progress?.Report(new($"features at {cutoff:yyyy-MM-dd}", Interlocked.Increment(ref done), units.Count, "units"));
        });
        return new(cutoff, Catalogue, files, units.Count - missing.Length);
    }

    /// <inheritdoc/>
    public Labels LabelsFor(FeatureTable table, int horizonDays, CancellationToken cancellation = default)
    {
        Check.Within(horizonDays, 1, 3660, nameof(horizonDays));
        var until = table.Cutoff.AddDays(horizonDays);
        if (LastDay(cancellation) is var last && until > last.AddDays(1))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The records end on {last:yyyy-MM-dd}, before the label window [{table.Cutoff:yyyy-MM-dd}, {until:yyyy-MM-dd}) does: silence there would not be churn. ")
                + string.Create(CultureInfo.InvariantCulture, $"Take a cutoff no later than {last.AddDays(1 - horizonDays):yyyy-MM-dd}, or a shorter horizon."));

        var row = new Dictionary<string, int>(table.Rows, StringComparer.Ordinal);
        for (var r = 0; r < table.Rows; r++) row.Add(table.CustomerIds[r], r);
        var (spend, purchases) = (new double[table.Rows], new int[table.Rows]);
        var currency = ShopAt(until, cancellation).Currency;
        var sql = SqlFile.Load("labels").Text;
        var units = _warehouse.Units(Options.RecordsPerUnit);
        Parallel.ForEach(units, new ParallelOptions { MaxDegreeOfParallelism = Options.Threads, CancellationToken = cancellation }, unit =>
        {
            using var session = Open(unit, currency, 1, cancellation);
            session.Run($"CREATE TEMP TABLE labels AS {sql}", ("cutoff", table.Cutoff), ("until", until));
            session.Batches("FROM labels", batch =>
            {
                var (id, sum, days) = ((Apache.Arrow.StringArray)batch.Column(0), (Apache.Arrow.DoubleArray)batch.Column(1), (Apache.Arrow.Int32Array)batch.Column(2));
                for (var i = 0; i < batch.Length; i++)
                    if (row.TryGetValue(id.GetString(i), out var r)) (spend[r], purchases[r]) = (sum.Values[i], days.Values[i]);
            });
        });
        return new(horizonDays, spend, [.. purchases.Select(days => days == 0)], purchases);
    }

    private void BuildUnit(IReadOnlyList<PartitionFile> unit, DateOnly cutoff, (string Currency, double MeanPrice) shop, string file, CancellationToken cancellation)
    {
        using var session = Open(unit, shop.Currency, 1, cancellation);
        session.Run($"CREATE TEMP TABLE {FeatureQuery.Shop} AS SELECT CAST($mean_price AS DOUBLE) AS mean_price", ("mean_price", shop.MeanPrice));
        foreach (var step in _query.Steps)
            if (step.Text.Contains("$cutoff", StringComparison.Ordinal)) session.Run($"CREATE TEMP TABLE {step.Name} AS {step.Text}", ("cutoff", cutoff));
            else session.Run($"CREATE TEMP TABLE {step.Name} AS {step.Text}");

        var columns = _query.Catalogue.Select(f => $"CAST({f.Set}.{f.Name} AS DOUBLE) AS {f.Name}");
        var joins = _query.Sets.Select(set => $"LEFT JOIN {set} USING (customer)");
        var unfinished = file + ".tmp";
        session.Run($"COPY (SELECT customer_id, {string.Join(", ", columns)} FROM population {string.Join(" ", joins)} ORDER BY customer) "
            + $"TO {SourceTable.Quote(unfinished)} (FORMAT parquet)");
        File.Move(unfinished, file, overwrite: true);
    }

    private Session Open(IEnumerable<PartitionFile> files, string? currency, int threads, CancellationToken cancellation)
    {
        var session = new Session(Options.MemoryLimitMb, threads, Spill, cancellation);
        foreach (var table in SourceTable.Names) session.Run(SourceTable.View(table, files, currency));
        return session;
    }

    // Looks no further than the day asked about: what a shop sells in later is not known yet.
    private (string Currency, double MeanPrice) ShopAt(DateOnly day, CancellationToken cancellation)
    {
        using var session = Open(_warehouse.Files, null, Options.Threads, cancellation);
        var found = session.Query(SqlFile.Load(FeatureQuery.Shop).Text, r => (Currency: r.GetString(0), MeanPrice: r.GetDouble(1)), ("cutoff", day));
        var names = string.Join(", ", found.Select(f => f.Currency));
        if (found.Count == 0)
            throw new InvalidOperationException($"The warehouse has no purchases before {day:yyyy-MM-dd}. Take a later cutoff, or load the records of earlier days.");
        if (Options.Currency is null && found.Count > 1)
            throw new InvalidOperationException(
                $"The warehouse has purchases in {names}, and different currencies are never added. Say which to read: FeatureOptions.Currency, or --currency.");
        return found.FindIndex(f => Options.Currency is null || f.Currency == Options.Currency) is >= 0 and var chosen ? found[chosen]
            : throw new InvalidOperationException($"The warehouse has no purchases in {Options.Currency} before {day:yyyy-MM-dd}; it has {names}.");
    }

    private DateOnly LastDay(CancellationToken cancellation)
    {
        using var session = Open(_warehouse.Files, null, Options.Threads, cancellation);
        return DateOnly.FromDateTime(session.Query("SELECT max(purchased_at) FROM purchases", r => r.GetDateTime(0))[0]);
    }
}
