using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.Tests.Features;

public class TextTablesTests
{
    private const int Rows = 50;

    private static readonly double[] s_numbers = [.. Enumerable.Range(0, Rows).Select(row => (double)row)];

    private static FeatureTable Table(DateOnly? cutoff = null) => new(cutoff ?? new(2024, 7, 1), [.. s_numbers.Select(n => $"c{n:00}")],
        [new("frequency", "orders", "", "purchase_history"), new("texts", "count", "", TextSets.Writing), new("mood", "share", "", TextSets.Meaning), new("v0", "", "", TextSets.Vector), new("visits", "count", "", "browsing")],
        [[.. s_numbers], [.. s_numbers], [.. s_numbers.Select(n => -n)], [.. s_numbers.Select(n => 100 + n)], [.. s_numbers]]);

    [Fact]
    public void Blank_texts_keep_their_columns_and_tell_nothing()
    {
        var table = TextTables.Blank(Table());
        Assert.Equal(Table().Features, table.Features);
        Assert.Equal(s_numbers, table["frequency"]);
        Assert.Equal(s_numbers, table["visits"]);
        Assert.All(new[] { "texts", "mood", "v0" }, name => Assert.All(table[name], value => Assert.Equal(0, value)));
        Assert.True(TextTables.HasText(table));
        Assert.False(TextTables.HasText(table.Select(["frequency", "visits"])));
    }

    [Fact]
    public void Customers_keep_their_own_cutoffs()
    {
        DateOnly[] own = [.. s_numbers.Select(n => new DateOnly(2024, 5, 1).AddDays((int)n))];
        var table = new FeatureTable(new(2024, 7, 1), Table().CustomerIds, Table().Features, Table().Columns, own);
        Assert.Equal(own, TextTables.Blank(table).OwnCutoffs);
        Assert.Equal(own, TextTables.Shuffled(table, 7).OwnCutoffs);
    }

    [Fact]
    public void Records_come_along_with_nothing_in_their_texts()
    {
        var histories = CustomerHistories.Of(TextTables.Blank(Table().With(Records())), "a test");
        Assert.All(histories, (h, row) => Assert.Equal(row, h.Purchases[0].UnitPrice));
        Assert.All(histories, h => Assert.Empty(h.Dialogues));
        Assert.Single(histories.Select(h => h.Reviews.Single() with { CustomerId = "" }).Distinct());          // the same for everybody
    }

    [Fact]
    public void Records_come_along_with_the_texts_of_whose_columns_they_stand_beside()
    {
        var table = TextTables.Shuffled(Table().With(Records()), 7);
        var histories = CustomerHistories.Of(table.At([3, 8, 21]), "a test");                                  // of a few customers too
        foreach (var (history, row) in histories.Zip([3, 8, 21]))
        {
            Assert.Equal(row, history.Purchases[0].UnitPrice);
            Assert.Equal($"review {table["texts"][row]}", history.Reviews.Single().Text);
            Assert.Equal($"chat {table["texts"][row]}", history.Dialogues.Single().Text);
        }
    }

    [Fact]
    public void A_table_without_records_has_none_afterwards()
    {
        Assert.Null(TextTables.Blank(Table()).Records);
        Assert.Null(TextTables.Shuffled(Table(), 7).Records);
    }

    private static RecordsInMemory Records()
    {
        var day = new DateTime(2024, 3, 1);
        var ids = Table().CustomerIds.Index().ToArray();
        return new(
            ids.Select(c => new Purchase(c.Item, c.Item, day, "p", "", "", 1, c.Index, "GBP", false)),
            reviews: ids.Select(c => new Review(c.Item, day, "p", 5, $"review {c.Index}")),
            dialogues: ids.Select(c => new DialogueTurn(c.Item, $"d{c.Index}", 1, day, "customer", $"chat {c.Index}")));
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
