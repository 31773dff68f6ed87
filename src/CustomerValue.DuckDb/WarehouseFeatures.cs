using System.Globalization;
using System.Text.RegularExpressions;
using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>Features and labels of the customers of one warehouse.</summary>
/// <remarks>Built unit by unit (a unit is one or several hash partitions) under a memory limit. Each feature set of a unit is a Parquet file that appears by
/// a rename, so a build that stops half-way goes on where it stopped, and what was built before is only read.</remarks>
public sealed partial class WarehouseFeatures : IFeatureSource
{
    private readonly FeatureQuery _query;
    private readonly Warehouse _warehouse;
    private readonly IProgress<StageProgress>? _progress;

    internal WarehouseFeatures(FeatureQuery query, Warehouse warehouse, IProgress<StageProgress>? progress) =>
        (_query, _warehouse, _progress) = (query, warehouse, progress);

    /// <inheritdoc/>
    public IReadOnlyList<FeatureInfo> Catalogue => _query.Catalogue;

    /// <summary>The customers' own records.</summary>
    public ICustomerRecords Records => new WarehouseRecords(_warehouse, Options, (cutoff, cancellation) =>
    {
        using var workers = new Workers(Options, Cache, cancellation);
        return ShopAt(cutoff, cutoff, workers).Currency;
    });

    /// <inheritdoc/>
    public ITextColumns? Texts => _query.Writing is { } writing ? new LeftOutTexts(_warehouse, Options, Build, writing, _progress) : null;

    private FeatureOptions Options => _query.Options;
    private string Cache => Options.Cache ?? Path.Combine(_warehouse.Folder, "features");

    /// <inheritdoc/>
    public FeatureTable At(DateOnly cutoff, CancellationToken cancellation = default) => Worded(Build(cutoff, cancellation).Read(cancellation), cancellation).With(Records);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Nobody ordered for the first time in the period, or there are several currencies and none chosen.</exception>
    public FeatureTable AtFirstOrders(FirstOrders period, CancellationToken cancellation = default)
    {
        var table = Build(AskedRows.At(period), cancellation).Read(cancellation);
        return table.Rows > 0 ? Worded(table, cancellation)
            : throw new InvalidOperationException($"No customer's first order lies in [{period.From:yyyy-MM-dd}, {period.To:yyyy-MM-dd}). Take another period, or load the records of those days.");
    }

    /// <summary>Builds the features at a cutoff as files, reusing what is there already.</summary>
    /// <exception cref="InvalidOperationException">No purchases before the cutoff, or several currencies and none chosen.</exception>
    public FeatureBuild Build(DateOnly cutoff, CancellationToken cancellation = default) => Build(AskedRows.At(cutoff, _query.Population), cancellation);

    private FeatureBuild Build(AskedRows asked, CancellationToken cancellation)
    {
        using var workers = new Workers(Options, Cache, cancellation);
        var shop = ShopAt(asked.End, asked.ShopBy, workers);
        var sets = _query.LoadedFor(asked.PopulationFile);
        var records = string.Create(CultureInfo.InvariantCulture, $"{_warehouse.Fingerprint[..16]}-{_warehouse.Partitions}");
        if (Options.Cache is null) Forget(records);
        var units = FeatureUnit.Plan(_warehouse, Options.RecordsPerUnit, Path.Combine(Cache, string.Create(CultureInfo.InvariantCulture, $"{asked.Name}-{shop.Currency}-{records}")));
        var (done, reused) = (0, 0);
        _progress?.Report(new($"{asked}", done, units.Count, "units"));
        workers.ForEach(units.Count, (session, u) =>
        {
            var missing = sets.Where(set => !File.Exists(units[u].Of(set.Part))).ToArray();
            Interlocked.Add(ref reused, sets.Count - missing.Length);
            if (missing.Length > 0 || !File.Exists(units[u].Customers)) BuildUnit(session, units[u], missing, asked, shop);
            _progress?.Report(new($"{asked}", Interlocked.Increment(ref done), units.Count, "units"));
        });
        return new(asked, [.. sets.Select(set => set.Part)], units, shop.Currency, Options, reused);
    }

    /// <inheritdoc/>
    public Labels LabelsFor(FeatureTable table, int horizonDays, CancellationToken cancellation = default)
    {
        Check.Within(horizonDays, 1, 3660, nameof(horizonDays));
        var until = table.Cutoff.AddDays(horizonDays);
        using var workers = new Workers(Options, Cache, cancellation);
        var currency = ShopAt(until, until, workers).Currency;
        if (LastDay(workers) is var last && until > last.AddDays(1))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The records end on {last:yyyy-MM-dd}, before the label window [{table.Cutoff:yyyy-MM-dd}, {until:yyyy-MM-dd}) does: silence there would not be churn. ")
                + string.Create(CultureInfo.InvariantCulture, $"Take a cutoff no later than {last.AddDays(1 - horizonDays):yyyy-MM-dd}, or a shorter horizon."));

        var row = Numbered(table);
        var (spend, purchases) = (new double[table.Rows], new int[table.Rows]);
        using var own = table.OwnCutoffs is null ? null : new AskedFile(table, Cache);
        var sql = SqlFile.Load(own is null ? "labels" : "labels_own").Text;
        var units = FeatureUnit.Plan(_warehouse, Options.RecordsPerUnit, Cache);
        workers.ForEach(units.Count, (session, u) =>
        {
            session.Run(SourceTable.Views(_warehouse, units[u].Partitions, currency));
            if (own is null) session.Run($"CREATE TEMP TABLE labels AS {sql}", ("cutoff", table.Cutoff), ("until", until));
            else
            {
                session.Run(own.View);
                session.Run($"CREATE TEMP TABLE labels AS {sql}", ("days", horizonDays));
            }
            session.Batches("FROM labels", batch =>
            {
                var (id, sum, days) = ((Apache.Arrow.StringArray)batch.Column(0), (Apache.Arrow.DoubleArray)batch.Column(1), (Apache.Arrow.Int32Array)batch.Column(2));
                for (var i = 0; i < batch.Length; i++)
                    if (row.TryGetValue(id.GetString(i), out var r)) (spend[r], purchases[r]) = (sum.Values[i], days.Values[i]);
            });
        });
        return new(horizonDays, spend, [.. purchases.Select(days => days == 0)], purchases);
    }

    // Counts are whole numbers, so the order in which names come doesn't matter. Not kept on disk: they are read in a second, and are wide.
    internal FeatureTable Worded(FeatureTable table, CancellationToken cancellation)
    {
        if (_query.Words is not { } words) return table;
        using var workers = new Workers(Options, Cache, cancellation);
        using var asked = new AskedFile(table, Cache);
        var row = Numbered(table);
        var columns = words.Features.Select(_ => new double[table.Rows]).ToArray();
        var units = FeatureUnit.Plan(_warehouse, Options.RecordsPerUnit, Cache);
        workers.ForEach(units.Count, (session, u) =>
        {
            session.Run(SourceTable.Views(_warehouse, units[u].Partitions, Options.Currency));
            session.Run(asked.View);
            session.Batches(SqlFile.Load("product_names").Text, batch =>
            {
                var (id, name) = ((Apache.Arrow.StringArray)batch.Column(0), (Apache.Arrow.StringArray)batch.Column(1));
                for (var i = 0; i < batch.Length; i++) words.Add(name.GetString(i), columns, row[id.GetString(i)]);      // a customer lies in one unit: no two threads write a row
            });
        });
        return table.With(words.Features, columns);
    }

    private static Dictionary<string, int> Numbered(FeatureTable table)
    {
        var row = new Dictionary<string, int>(table.Rows, StringComparer.Ordinal);
        for (var r = 0; r < table.Rows; r++) row.Add(table.CustomerIds[r], r);
        return row;
    }

    // Features of records that have changed since are of no use any more, and would pile up. Another folder than the warehouse's own may serve several warehouses.
    private void Forget(string records)
    {
        if (!Directory.Exists(Cache)) return;
        foreach (var folder in Directory.GetDirectories(Cache).Where(folder => OfRecords().IsMatch(Path.GetFileName(folder)) && !folder.EndsWith(records, StringComparison.Ordinal)))
            Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex(@"^\d{8}(to\d{8}|known)?-[^-]*-[0-9a-f]{16}-\d+$")]
    private static partial Regex OfRecords();

    private void BuildUnit(Session session, FeatureUnit unit, IReadOnlyList<FeatureSet> sets, AskedRows asked, (string Currency, double MeanPrice) shop)
    {
        Directory.CreateDirectory(unit.Folder);
        session.Run(SourceTable.Views(_warehouse, unit.Partitions, shop.Currency));
        session.Run($"CREATE TEMP TABLE {FeatureSet.Shop} AS SELECT CAST($mean_price AS DOUBLE) AS mean_price", ("mean_price", shop.MeanPrice));
        session.Run($"CREATE TEMP TABLE {FeatureSet.Population} AS {SqlFile.Load(asked.PopulationFile).Text}", asked.Parameters);
        var readers = sets.SelectMany(set => set.Stages.Append(set.File)).DistinctBy(file => file.Name).SelectMany(file => file.Inputs).ToLookup(input => input);
        var made = new HashSet<string> { FeatureSet.Population };
        foreach (var set in sets)
        {
            // What one statement reads needn't be held: as a view it costs that statement no more than the columns that it uses.
            foreach (var stage in set.Stages.Where(stage => made.Add(stage.Name)))
                session.Run($"CREATE TEMP {(readers[stage.Name].Count() > 1 ? "TABLE" : "VIEW")} {stage.Name} AS {stage.Text}");
            var columns = string.Join(", ", set.Columns.Select(f => $"CAST({f.Name} AS DOUBLE) AS {f.Name}"));
            Save(session, $"SELECT customer, {columns} FROM ({set.File.Text})", unit.Of(set.Part));
        }
        Save(session, $"SELECT customer, customer_id, cutoff FROM {FeatureSet.Population}", unit.Customers);
    }

    // A dictionary of doubles costs the writer more than it saves.
    private static void Save(Session session, string query, string file)
    {
        var unfinished = string.Create(CultureInfo.InvariantCulture, $"{file}.{Environment.ProcessId}.tmp");
        try
        {
            session.Run($"COPY ({query}) TO {Query.Literal(unfinished)} (FORMAT parquet, DICTIONARY_SIZE_LIMIT 1)");
            File.Move(unfinished, file, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    // Looks no further than the day asked about: what a shop sells in later is not known yet.
    private (string Currency, double MeanPrice) ShopAt(DateOnly day, DateOnly pricesBy, Workers workers)
    {
        var totals = Totals(day, workers);
        var names = string.Join(", ", totals.Keys);
        if (totals.Count == 0)
            throw new InvalidOperationException($"The warehouse has no purchases before {day:yyyy-MM-dd}. Take a later cutoff, or load the records of earlier days.");
        if (Options.Currency is null && totals.Count > 1)
            throw new InvalidOperationException(
                $"The warehouse has purchases in {names}, and different currencies are never added. Say which to read: FeatureOptions.Currency, or --currency.");
        var chosen = Options.Currency ?? totals.Keys.First();
        if (!totals.TryGetValue(chosen, out var total)) throw new InvalidOperationException($"The warehouse has no purchases in {chosen} before {day:yyyy-MM-dd}; it has {names}.");
        if (pricesBy != day) total = Totals(pricesBy, workers).GetValueOrDefault(chosen);
        return (chosen, total.Lines == 0 ? 0 : (double)total.Prices / total.Lines);
    }

    // Decimals add up to the same in any order.
    private SortedDictionary<string, (decimal Prices, long Lines)> Totals(DateOnly day, Workers workers)
    {
        var totals = new SortedDictionary<string, (decimal Prices, long Lines)>(StringComparer.Ordinal);
        var text = SqlFile.Load(FeatureSet.Shop).Text;
        var units = FeatureUnit.Plan(_warehouse, Options.RecordsPerUnit, Cache);
        workers.ForEach(units.Count, (session, u) =>
        {
            session.Run(SourceTable.Views(_warehouse, units[u].Partitions, null));
            var found = session.Rows(text, r => (Currency: r.GetString(0), Prices: r.GetDecimal(1), Lines: r.GetInt64(2)), ("cutoff", day));
            lock (totals)
                foreach (var (currency, prices, lines) in found)
                    totals[currency] = totals.TryGetValue(currency, out var sum) ? (sum.Prices + prices, sum.Lines + lines) : (prices, lines);
        });
        return totals;
    }

    private DateOnly LastDay(Workers workers)
    {
        var units = FeatureUnit.Plan(_warehouse, Options.RecordsPerUnit, Cache);
        var last = new DateTime[units.Count];
        workers.ForEach(units.Count, (session, u) =>
        {
            session.Run(SourceTable.Views(_warehouse, units[u].Partitions, null));
            last[u] = session.Rows("SELECT max(purchased_at) FROM purchases", r => r.IsDBNull(0) ? DateTime.MinValue : r.GetDateTime(0))[0];
        });
        return DateOnly.FromDateTime(last.Max());
    }
}
