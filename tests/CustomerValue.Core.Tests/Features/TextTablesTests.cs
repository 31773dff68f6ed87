using CustomerValue.Features;

namespace CustomerValue.Tests.Features;

public class TextTablesTests
{
    private const int Rows = 50;

    private static readonly double[] s_numbers = [.. Enumerable.Range(0, Rows).Select(row => (double)row)];

    private static FeatureTable Table(DateOnly? cutoff = null) => new(cutoff ?? new(2024, 7, 1), [.. s_numbers.Select(n => $"c{n:00}")],
        [new("frequency", "orders", "", "purchase_history"), new("texts", "count", "", TextSets.Writing), new("mood", "share", "", TextSets.Meaning), new("v0", "", "", TextSets.Vector), new("visits", "count", "", "browsing")],
        [[.. s_numbers], [.. s_numbers], [.. s_numbers.Select(n => -n)], [.. s_numbers.Select(n => 100 + n)], [.. s_numbers]]);

    [Fact]
    public void Without_text_the_other_columns_stay_as_they_were()
    {
        var table = TextTables.Without(Table());
        Assert.Equal(["frequency", "visits"], table.Features.Select(f => f.Name));
        Assert.Equal(s_numbers, table["frequency"]);
        Assert.Equal(s_numbers, table["visits"]);
        Assert.True(TextTables.HasText(Table()));
        Assert.False(TextTables.HasText(table));
    }

    [Fact]
    public void Shuffled_texts_stay_together_and_belong_to_somebody_else()
    {
        var table = TextTables.Shuffled(Table(), seed: 7);
        Assert.Equal(s_numbers, table["frequency"]);
        Assert.Equal(s_numbers, table["visits"]);
        Assert.Equal(s_numbers, table["texts"].Order());                                           // nobody's texts are lost or doubled
        Assert.Equal(table["texts"].Select(n => -n), table["mood"]);
        Assert.Equal(table["texts"].Select(n => 100 + n), table["v0"]);
        Assert.InRange(table["texts"].Zip(s_numbers).Count(p => p.First == p.Second), 0, 5);       // 1 expected
    }

    [Fact]
    public void The_same_seed_shuffles_alike_and_another_seed_or_cutoff_otherwise()
    {
        var once = TextTables.Shuffled(Table(), 7)["texts"];
        Assert.Equal(once, TextTables.Shuffled(Table(), 7)["texts"]);
        Assert.NotEqual(once, TextTables.Shuffled(Table(), 8)["texts"]);
        Assert.NotEqual(once, TextTables.Shuffled(Table(new(2024, 7, 2)), 7)["texts"]);
    }

    [Fact]
    public void The_table_given_stays_untouched()
    {
        var table = Table();
        TextTables.Shuffled(table, 7);
        Assert.Equal(s_numbers, table["texts"]);
    }
}
