using CustomerValue.DuckDb;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

public sealed class FeatureQueryTests
{
    [Fact]
    public void Features_of_every_customer_are_those_that_plain_loops_compute()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var table = new FeatureQuery(FeatureQuery.KnownSets).Over(warehouse.Open()).At(SmallShop.Cutoff);
        var expected = ReferenceFeatures.Compute(SmallShop.Script, SmallShop.Cutoff);

        Assert.InRange(table.Rows, 250, 320);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), table.CustomerIds);
        foreach (var feature in table.Features)
            for (var row = 0; row < table.Rows; row++)
            {
                var (plain, ours) = (expected[table.CustomerIds[row]][feature.Name], table[feature.Name][row]);
                Assert.True(Math.Abs(plain - ours) <= 1e-8 * Math.Max(1, Math.Abs(plain)), $"{feature.Set}.{feature.Name} of {table.CustomerIds[row]}: {plain} by loops, {ours} by SQL");
            }
        Assert.Equal(expected[table.CustomerIds[0]].Keys.Order(StringComparer.Ordinal), table.Features.Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    // Two thirds of the customers without their orders, so that many are known by something else alone, some by a return; and customers who have only written, only chatted or only looked around.
    private const string Cold = """
         DELETE FROM purchases WHERE hash(customer_id || 'x') % 3 <> 0 AND NOT is_return;
         DELETE FROM purchases WHERE hash(customer_id || 'y') % 4 = 0 AND is_return;
         INSERT INTO reviews SELECT 'writes' || i % 12, moment(i, 61), 'p1', CAST(hash(i) % 6 AS TINYINT), CASE hash(i * 3) % 3 WHEN 0 THEN '' WHEN 1 THEN 'Lovely colour ' || i ELSE '很好 ' || i END FROM range(40) t(i);
         INSERT INTO dialogue_turns SELECT * REPLACE ('asks' || customer_id AS customer_id, 'a' || dialogue_id AS dialogue_id) FROM dialogue_turns WHERE hash(dialogue_id) % 10 = 0;
         INSERT INTO browsing_events SELECT * REPLACE ('looks' || customer_id AS customer_id) FROM browsing_events WHERE hash(session_id) % 50 = 0;
        """;

    [Fact]
    public void Everybody_known_has_a_row_and_who_never_bought_the_sentinels_that_the_catalogue_names()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script + Cold);
        var table = new FeatureQuery(FeatureQuery.KnownSets) { Population = Population.Known }.Over(warehouse.Open()).At(SmallShop.Cutoff);
        var expected = ReferenceFeatures.ComputeKnown(SmallShop.Script + Cold, SmallShop.Cutoff);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), table.CustomerIds);
        Assert.InRange(table["has_ordered"].Sum(), 50, table.Rows - 50);
        Assert.Contains(Enumerable.Range(0, table.Rows), row => table["has_ordered"][row] == 0 && table["returns"][row] > 0);
        foreach (var feature in table.Features)
            for (var row = 0; row < table.Rows; row++)
            {
                var (plain, ours) = (expected[table.CustomerIds[row]][feature.Name], table[feature.Name][row]);
                Assert.True(Math.Abs(plain - ours) <= 1e-8 * Math.Max(1, Math.Abs(plain)), $"{feature.Set}.{feature.Name} of {table.CustomerIds[row]}: {plain} by loops, {ours} by SQL");
            }
        Assert.Equal(expected[table.CustomerIds[0]].Keys.Order(StringComparer.Ordinal), table.Features.Select(f => f.Name).Order(StringComparer.Ordinal));
        for (var row = 0; row < table.Rows; row++) Assert.Equal(table["has_ordered"][row] == 0, table["orders"][row] == 0);
        foreach (var (who, texts, looks) in new[] { ("writes", true, false), ("asks", true, false), ("looks", false, true) })
        {
            int[] rows = [.. Enumerable.Range(0, table.Rows).Where(row => table.CustomerIds[row].StartsWith(who, StringComparison.Ordinal))];
            Assert.InRange(rows.Length, 5, 100);
            Assert.All(rows, row => Assert.Equal(looks, table["visits"][row] > 0));
            Assert.Equal(texts, rows.Any(row => table["texts"][row] > 0));
            Assert.All(rows, row => Assert.Equal((table["texts"][row], 0), (table["texts_since_purchase"][row], table["reviews_per_purchase"][row])));
        }
    }

    [Fact]
    public void Buyers_among_everybody_known_have_the_bits_they_have_alone_and_the_same_labels()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script + Cold);
        var (alone, all) = (new FeatureQuery(FeatureQuery.KnownSets).Over(warehouse.Open()), new FeatureQuery(FeatureQuery.KnownSets) { Population = Population.Known }.Over(warehouse.Open()));
        var (buyers, known) = (alone.At(SmallShop.Cutoff), all.At(SmallShop.Cutoff));
        int[] among = [.. Enumerable.Range(0, known.Rows).Where(row => known["has_ordered"][row] == 1)];
        AssertSame(buyers, known.At(among).Select([.. buyers.Features.Select(f => f.Name)]));
        var labels = all.LabelsFor(known, 60);
        Assert.Equal(alone.LabelsFor(buyers, 60).Spend, labels.At(among).Spend);
        Assert.Contains(Enumerable.Range(0, known.Rows).Except(among), row => labels.Churned[row]);
    }

    [Fact]
    public void Whatever_happens_on_or_after_the_cutoff_no_bit_of_anybody_known_changes()
    {
        using var before = new TestWarehouse(SmallShop.Script);
        using var after = new TestWarehouse(SmallShop.Scrambled);
        var query = new FeatureQuery(FeatureQuery.KnownSets) { Population = Population.Known };
        AssertSame(query.Over(before.Open()).At(SmallShop.Cutoff), query.Over(after.Open()).At(SmallShop.Cutoff));
    }

    [Fact]
    public void A_query_is_made_anew_from_its_settings_with_the_sets_that_are_wanted()
    {
        var query = new FeatureQuery("purchase_history", "rfm") { Words = new() { Columns = 64 }, Population = Population.Known };
        var again = FeatureQuery.Of(query.Settings, query.Catalogue);
        Assert.Equal(query.Settings, again.Settings);
        Assert.Equal(query.Catalogue, again.Catalogue);
        Assert.True(FeatureQuery.IsSame(query.Settings));
        Assert.False(FeatureQuery.IsSame(new Dictionary<string, string>(query.Settings) { ["sql"] = "other" }));
        Assert.Null(FeatureQuery.IsSame(new Dictionary<string, string> { ["sets"] = "of_another_program", ["sql"] = "x" }));

        FeatureInfo Column(string name) => query.Catalogue.Single(f => f.Name == name);
        Assert.Equal(["rfm"], FeatureQuery.Of(query.Settings, [Column("orders"), Column("word_0007")]).Sets);
        Assert.Equal(["purchase_history"], FeatureQuery.Of(query.Settings, [Column("word_0007")]).Sets);
        Assert.Null(FeatureQuery.Of(query.Settings, [Column("orders")]).Words);
        Assert.Null(FeatureQuery.Of(query.Settings, [Column("word_0007") with { Meaning = "of another hash" }]).Words);
        Assert.Equal((Population.Buyers, null), (FeatureQuery.Of(new FeatureQuery("rfm").Settings, []).Population, FeatureQuery.Of(new FeatureQuery("rfm").Settings, []).Words));

        Assert.Contains("for the population 'all'", Assert.Throws<InvalidDataException>(() => FeatureQuery.Of(new Dictionary<string, string> { ["population"] = "all" }, [])).Message, StringComparison.Ordinal);
        Assert.Contains("from 16 to 65536", Assert.Throws<InvalidDataException>(() => FeatureQuery.Of(new Dictionary<string, string> { ["product_words"] = "12" }, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_of_histories_refuse_who_never_bought()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script + Cold);
        var known = new FeatureQuery("purchase_history") { Population = Population.Known }.Over(warehouse.Open()).At(SmallShop.Cutoff);
        Assert.Throws<InvalidDataException>(() => new Models.Btyd.MbgNbd().Fit(PurchaseHistories.From(known)));
    }

    [Fact]
    public void Whatever_happens_on_or_after_the_cutoff_no_bit_of_a_feature_changes()
    {
        using var before = new TestWarehouse(SmallShop.Script);
        using var after = new TestWarehouse(SmallShop.Scrambled);
        AssertSame(new FeatureQuery(FeatureQuery.KnownSets).Over(before.Open()).At(SmallShop.Cutoff), new FeatureQuery(FeatureQuery.KnownSets).Over(after.Open()).At(SmallShop.Cutoff));
    }

    [Theory, InlineData(1, 1, 1, 1), InlineData(7, 3, 4, 1), InlineData(16, 2, 2, 100_000)]
    public void Partitions_loads_threads_and_units_change_no_bit(int partitions, int loads, int threads, int recordsPerUnit)
    {
        using var plain = new TestWarehouse(SmallShop.Script);
        using var other = new TestWarehouse(SmallShop.Script, partitions, loads);
        var query = new FeatureQuery(FeatureQuery.KnownSets) { Options = new() { Threads = threads, RecordsPerUnit = recordsPerUnit, MemoryLimitMb = 128 } };
        AssertSame(new FeatureQuery(FeatureQuery.KnownSets).Over(plain.Open()).At(SmallShop.Cutoff), query.Over(other.Open()).At(SmallShop.Cutoff));
    }

    [Fact]
    public void What_was_built_is_reused_and_what_is_missing_is_built_again()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var source = new FeatureQuery { Options = new() { RecordsPerUnit = 1 } }.Over(warehouse.Open());
        var first = source.Build(SmallShop.Cutoff);
        Assert.Equal(4 * FeatureQuery.AllSets.Count, first.Parts);
        Assert.Equal(0, first.Reused);

        File.Delete(Directory.GetFiles(Path.Combine(warehouse.Open().Folder, "features"), "gaps-*.parquet", SearchOption.AllDirectories)[0]);
        var second = source.Build(SmallShop.Cutoff);
        Assert.Equal(first.Parts - 1, second.Reused);
        AssertSame(first.Read(), second.Read());
        Assert.Equal(second.Parts, source.Build(SmallShop.Cutoff).Reused);
        Assert.Empty(Directory.GetFiles(warehouse.Open().Folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Features_of_records_that_have_changed_since_are_not_kept()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var source = new FeatureQuery("rfm").Over(warehouse.Open());
        source.Build(SmallShop.Cutoff);
        var features = Path.Combine(warehouse.Open().Folder, "features");
        var kept = Assert.Single(Directory.GetDirectories(features));
        Directory.CreateDirectory(Path.Combine(features, "20240101-GBP-0123456789abcdef-4"));
        Directory.CreateDirectory(Path.Combine(features, "my notes"));

        source.Build(SmallShop.Cutoff.AddDays(-30));
        var left = Directory.GetDirectories(features).Select(Path.GetFileName).ToList();
        Assert.Equal(3, left.Count);                          // of both cutoffs, and what isn't ours
        Assert.Contains(Path.GetFileName(kept), left);
        Assert.Contains("my notes", left);
    }

    [Fact]
    public void A_set_asked_for_alone_has_the_columns_it_has_among_all()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var all = new FeatureQuery(FeatureQuery.KnownSets).Over(warehouse.Open()).At(SmallShop.Cutoff);
        foreach (var set in FeatureQuery.KnownSets)
        {
            var query = new FeatureQuery(set) { Options = new() { Cache = Path.Combine(warehouse.Open().Folder, "elsewhere") } };
            AssertSame(all.Select([.. query.Catalogue.Select(f => f.Name)]), query.Over(warehouse.Open()).At(SmallShop.Cutoff));
        }
    }

    [Fact]
    public void What_nobody_asks_for_by_name_is_of_what_customers_did()
    {
        Assert.DoesNotContain(new FeatureQuery().Catalogue, TextSets.Has);
        Assert.All(new FeatureQuery(TextSets.Writing).Catalogue, f => Assert.True(TextSets.Has(f)));
    }

    [Fact]
    public void A_shop_without_browsing_campaigns_and_texts_gets_sentinels_and_flags()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script + "DROP TABLE browsing_events; DROP TABLE campaign_contacts; DROP TABLE reviews; DROP TABLE dialogue_turns;");
        var table = new FeatureQuery(FeatureQuery.KnownSets).Over(warehouse.Open()).At(SmallShop.Cutoff);
        foreach (var feature in table.Features.Where(TextSets.Has))
            Assert.All(table[feature.Name], value => Assert.Equal(feature.Meaning.Contains("; -1 when", StringComparison.Ordinal) ? -1 : 0, value));
        Assert.All(table["has_visited"], flag => Assert.Equal(0, flag));
        Assert.All(table["days_since_last_visit"], days => Assert.Equal(-1, days));
        Assert.All(table["has_contact"], flag => Assert.Equal(0, flag));
    }

    [Fact]
    public void Several_currencies_are_refused_until_one_is_named()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script + "UPDATE purchases SET currency = 'CNY' WHERE hash(customer_id) % 3 = 0;");
        var error = Assert.Throws<InvalidOperationException>(() => new FeatureQuery("rfm").Over(warehouse.Open()).At(SmallShop.Cutoff));
        Assert.Contains("CNY, GBP", error.Message, StringComparison.Ordinal);

        var pounds = new FeatureQuery("rfm") { Options = new() { Currency = "GBP" } }.Over(warehouse.Open()).At(SmallShop.Cutoff);
        var yuan = new FeatureQuery("rfm") { Options = new() { Currency = "CNY" } }.Over(warehouse.Open()).At(SmallShop.Cutoff);
        Assert.Empty(pounds.CustomerIds.Intersect(yuan.CustomerIds));
        Assert.Throws<InvalidOperationException>(() => new FeatureQuery("rfm") { Options = new() { Currency = "EUR" } }.Over(warehouse.Open()).At(SmallShop.Cutoff));
    }

    [Fact]
    public void A_label_window_past_the_records_is_refused_with_the_last_cutoff_that_works()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var source = new FeatureQuery("rfm").Over(warehouse.Open());
        var error = Assert.Throws<InvalidOperationException>(() => source.LabelsFor(source.At(new(2025, 12, 1)), 180));
        Assert.Contains("The records end on 202", error.Message, StringComparison.Ordinal);
        Assert.Contains("no later than 2025-07-", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cutoff_before_the_first_purchase_is_refused()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var error = Assert.Throws<InvalidOperationException>(() => new FeatureQuery().Over(warehouse.Open()).At(new(2023, 1, 1)));
        Assert.Contains("no purchases before 2023-01-01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_and_repeated_sets_are_refused_by_name()
    {
        Assert.Contains("'rmf'", Assert.Throws<ArgumentException>(() => new FeatureQuery("rmf")).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => new FeatureQuery("rfm", "rfm")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_build_stops_as_cancelled()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new FeatureQuery().Over(warehouse.Open()).At(SmallShop.Cutoff, cancelled.Token));
    }

    [Fact]
    public void Histories_by_SQL_are_those_of_purchases_in_memory()
    {
        var folder = Path.Combine(RealData.Root, "data-samples", "shop");
        using var temporary = new TemporaryFolder();
        var warehouse = Warehouse.OpenOrCreate(temporary.In("warehouse"));
        warehouse.Load(Dataset.Open(folder), Pseudonyms.Published);
        var cutoff = new DateOnly(2024, 6, 1);
        var sql = PurchaseHistories.From(new FeatureQuery("purchase_history").Over(warehouse).At(cutoff));
        var memory = Dataset.Open(folder).Purchases(Pseudonyms.Published).HistoriesAt(cutoff);

        Assert.Equal(memory.CustomerIds, sql.CustomerIds);
        Assert.Equal(memory.Frequency, sql.Frequency);
        Assert.Equal(memory.Recency, sql.Recency);
        Assert.Equal(memory.Age, sql.Age);
        Assert.Equal(memory.MeanSpend, sql.MeanSpend);
        Assert.Equal(memory.MeanRepeatSpend, sql.MeanRepeatSpend);
    }

    private static void AssertSame(FeatureTable expected, FeatureTable actual)
    {
        Assert.Equal(expected.CustomerIds, actual.CustomerIds);
        Assert.Equal(expected.Features, actual.Features);
        for (var c = 0; c < expected.Columns.Count; c++)
            for (var row = 0; row < expected.Rows; row++)
                if (BitConverter.DoubleToInt64Bits(expected.Columns[c][row]) != BitConverter.DoubleToInt64Bits(actual.Columns[c][row]))
                    Assert.Fail($"{expected.Features[c].Name} of {expected.CustomerIds[row]}: {expected.Columns[c][row]:R} and {actual.Columns[c][row]:R}");
    }
}
