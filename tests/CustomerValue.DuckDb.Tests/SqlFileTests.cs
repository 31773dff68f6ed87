using CustomerValue.DuckDb;

namespace CustomerValue.Tests;

public sealed class SqlFileTests
{
    [Fact]
    public void Every_column_of_every_set_is_described_in_its_order()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        using var session = new Session(256, Path.GetTempPath(), CancellationToken.None);
        session.Run(SourceTable.Views(warehouse.Open(), [0, 1, 2, 3], "GBP"));
        session.Run("CREATE TEMP TABLE shop AS SELECT CAST(1 AS DOUBLE) AS mean_price");
        var made = new HashSet<string>();
        foreach (var set in FeatureQuery.KnownSets.Select(FeatureSet.Load))
        {
            foreach (var stage in set.Stages.Where(s => made.Add(s.Name)))
                session.Run($"CREATE TEMP TABLE {stage.Name} AS {stage.Text.Replace("$cutoff", "DATE '2025-07-01'", StringComparison.Ordinal)}");
            Assert.Equal(["customer", .. set.Columns.Select(c => c.Name)], session.Rows($"DESCRIBE {set.File.Text}", r => r.GetString(0)));
        }
    }

    [Fact]
    public void Only_the_population_and_the_shop_know_the_cutoff_and_nothing_else_has_a_clock()
    {
        var files = FeatureQuery.KnownSets.Select(FeatureSet.Load).SelectMany(s => s.Stages.Append(s.File)).DistinctBy(f => f.Name).ToArray();
        Assert.Equal(["population"], files.Where(f => f.Text.Contains("$cutoff", StringComparison.Ordinal)).Select(f => f.Name));
        foreach (var word in new[] { "now()", "today()", "current_date", "current_timestamp", "random()", "SAMPLE" })
            Assert.DoesNotContain(files, f => f.Text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Names_are_unique_and_meanings_are_sentences_with_a_unit()
    {
        var catalogue = new FeatureQuery(FeatureQuery.KnownSets).Catalogue;
        Assert.InRange(catalogue.Count, 100, 200);
        Assert.Equal(catalogue.Count, catalogue.Select(f => f.Name).Distinct().Count());
        Assert.All(catalogue, f => Assert.True(f.Unit.Length > 0 && f.Meaning.Length > 12 && f.Set.Length > 0, f.Name));
    }

    [Fact]
    public void A_file_without_a_header_is_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => SqlFile.Parse("loose", "SELECT 1 AS one -- [count] Always one"));
        Assert.Contains("-- in:", error.Message, StringComparison.Ordinal);
    }
}
