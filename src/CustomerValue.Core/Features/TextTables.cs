namespace CustomerValue.Features;

/// <summary>Tables with their text columns left out, or given to other customers: what a comparison with and without text is made on.</summary>
public static class TextTables
{
    /// <summary>Whether any column comes of what customers wrote.</summary>
    public static bool HasText(FeatureTable table) => table.Features.Any(TextSets.Has);

    /// <summary>The same customers without any text column.</summary>
    public static FeatureTable Without(FeatureTable table) => table.Select([.. table.Features.Where(f => !TextSets.Has(f)).Select(f => f.Name)]);

    /// <summary>The same customers, each with the text columns of one customer of the table, drawn without putting back; columns of one customer stay together, all other columns where they were.
    /// So text columns keep their distribution and what they say of one another, and say nothing of the customer whose row they stand in.</summary>
    /// <param name="table">Customers at a cutoff.</param>
    /// <param name="seed">The same seed and cutoff give the same order; another cutoff gives another.</param>
    public static FeatureTable Shuffled(FeatureTable table, int seed)
    {
        var from = Order(table.Rows, seed, table.Cutoff);
        return new(table.Cutoff, table.CustomerIds, table.Features,
            [.. table.Columns.Select((column, c) => !TextSets.Has(table.Features[c]) ? column : [.. from.Select(row => column[row])])]);
    }

    // Fisher and Yates.
    private static int[] Order(int rows, int seed, DateOnly cutoff)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        var chance = SplitMix64.Stream(seed, cutoff.DayNumber);
        for (var last = rows - 1; last > 0; last--)
        {
            var other = chance.Below(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
        return order;
    }
}
