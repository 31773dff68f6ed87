using System.Globalization;
using CustomerValue.DuckDb;
using CustomerValue.Features;

namespace CustomerValue.Tests;

public sealed class LeftOutTextsTests
{
    private static IFeatureSource Source(TestWarehouse warehouse, FakeEncoders? encoders, FeatureOptions? options = null)
    {
        var query = new FeatureQuery("rfm", TextSets.Writing) { Options = options ?? new() };
        return encoders is null ? query.Over(warehouse.Open()) : new TextFeatures(query, encoders).Over(warehouse.Open());
    }

    private static Dictionary<string, List<(CustomerText Text, double[] Columns)>> LeaveOut(ITextColumns columns)
    {
        var all = new Dictionary<string, List<(CustomerText Text, double[] Columns)>>(StringComparer.Ordinal);
        columns.LeaveOut(SmallShop.Cutoff, left =>
        {
            lock (all)
                for (var t = 0; t < left.Texts.Count; t++)
                {
                    if (!all.TryGetValue(left.CustomerIds[t], out var own)) all[left.CustomerIds[t]] = own = [];
                    own.Add((left.Texts[t], [.. left.Columns.Select(c => c[t])]));
                }
        });
        return all;
    }

    // Of each customer the text at one place is taken out of the records.
    private static string Without(IEnumerable<(string Customer, CustomerText Text)> gone) => SmallShop.Script + string.Concat(gone.Select(g =>
    {
        var at = string.Create(CultureInfo.InvariantCulture, $"customer_id = '{g.Customer}' AND epoch_us({{0}}) = {(g.Text.At - DateTime.UnixEpoch).Ticks / 10}");
        return g.Text.AgentSpoke || g.Text.Text.Contains('\n', StringComparison.Ordinal) || !IsReview(g.Text)
            ? $"\nDELETE FROM dialogue_turns WHERE dialogue_id IN (SELECT dialogue_id FROM dialogue_turns WHERE speaker = 'customer' AND {string.Format(CultureInfo.InvariantCulture, at, "spoken_at")});"
            : $"\nDELETE FROM reviews WHERE text = {Literal(g.Text.Text)} AND {string.Format(CultureInfo.InvariantCulture, at, "reviewed_at")};";
    }));

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static bool IsReview(CustomerText text) => new[] { "很好", "物流太慢了，第", "质量 good", "★★★", "Never again", " Lovely" }.Any(s => text.Text.StartsWith(s, StringComparison.Ordinal));

    [Theory, InlineData(true), InlineData(false)]
    public void Columns_without_a_text_are_bit_for_bit_those_of_a_shop_whose_records_lack_it(bool encoder)
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var encoders = encoder ? new FakeEncoders() : null;
        var source = Source(warehouse, encoders);
        var (table, texts) = (source.At(SmallShop.Cutoff), source.Texts!);
        var asked = encoders?.Asked.Count;
        var left = LeaveOut(texts);
        Assert.Equal(asked, encoders?.Asked.Count);
        Assert.Equal(table.Features.Where(TextSets.Has), texts.Features);
        Assert.Equal(table.CustomerIds.Zip(table["texts"]).Where(c => c.Second > 0).Select(c => (c.First, (int)c.Second)), left.Select(c => (c.Key, c.Value.Count)).OrderBy(c => c.Key, StringComparer.Ordinal));
        Assert.All(left.Values, own => Assert.Equal(own.Select(t => t.Text.At).Order(), own.Select(t => t.Text.At)));

        // The oldest, the last, and one between: customers don't look at one another, so that each may lose a text at once.
        foreach (var which in new Func<int, int>[] { n => 0, n => n - 1, n => n / 2 })
        {
            var gone = left.ToDictionary(c => c.Key, c => c.Value[which(c.Value.Count)]);
            using var without = new TestWarehouse(Without(gone.Select(g => (g.Key, g.Value.Text))));
            var rebuilt = Source(without, encoders is null ? null : new FakeEncoders()).At(SmallShop.Cutoff);
            Assert.Equal(table.CustomerIds, rebuilt.CustomerIds);
            var changed = 0;
            for (var row = 0; row < rebuilt.Rows; row++)
            {
                if (!gone.TryGetValue(rebuilt.CustomerIds[row], out var expected)) continue;
                for (var c = 0; c < texts.Features.Count; c++)
                {
                    var found = rebuilt[texts.Features[c].Name][row];
                    Assert.True(found.Equals(expected.Columns[c]), $"{texts.Features[c].Name} of {rebuilt.CustomerIds[row]} without '{expected.Text.Text}': {found:R} by records, {expected.Columns[c]:R}");
                    if (found != table[texts.Features[c].Name][row]) changed++;
                }
            }
            Assert.InRange(changed, 1000, int.MaxValue);
        }
    }

    [Fact]
    public void Partitions_units_and_threads_change_nothing()
    {
        using var plain = new TestWarehouse(SmallShop.Script);
        using var other = new TestWarehouse(SmallShop.Script, partitions: 7, loads: 3);
        var one = LeaveOut(Source(plain, new FakeEncoders()).Texts!);
        var many = LeaveOut(Source(other, new FakeEncoders(), new() { Threads = 3, RecordsPerUnit = 1 }).Texts!);
        Assert.Equal(one.Keys.Order(StringComparer.Ordinal), many.Keys.Order(StringComparer.Ordinal));
        Assert.All(one, c => Assert.Equal(c.Value.Select(t => t.Text), many[c.Key].Select(t => t.Text)));
        Assert.All(one, c => Assert.All(c.Value.Zip(many[c.Key]), t => Assert.Equal(t.First.Columns, t.Second.Columns)));
    }

    [Fact]
    public void A_shop_without_texts_has_none_and_sets_without_text_columns_cannot_tell()
    {
        using var silent = new TestWarehouse(SmallShop.Script + "\nDROP TABLE reviews; DROP TABLE dialogue_turns;");
        Assert.Empty(LeaveOut(Source(silent, new FakeEncoders()).Texts!));
        Assert.Null(new FeatureQuery("rfm").Over(silent.Open()).Texts);
        Assert.DoesNotContain(TextSets.Writing, ((IFeatureSource)new TextFeatures(new FeatureQuery("rfm"), new FakeEncoders()).Over(silent.Open())).Texts!.Features.Select(f => f.Set));
    }
}
