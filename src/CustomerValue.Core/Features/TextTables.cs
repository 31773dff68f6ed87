namespace CustomerValue.Features;

/// <summary>Tables whose texts tell nothing, or belong to other customers: what a comparison with and without text is made on. Where the table has records, so do their reviews and chats.</summary>
public static class TextTables
{
    /// <summary>Whether any column comes of what customers wrote.</summary>
    public static bool HasText(FeatureTable table) => table.Features.Any(TextSets.Has);

    /// <summary>The same customers and the same columns, those of texts 0 for everybody, and one and the same text in everybody's records.</summary>
    /// <remarks>A candidate that names a text column finds it there. One that takes what columns there are answers as it would without them: a column that never varies teaches nothing.</remarks>
    public static FeatureTable Blank(FeatureTable table)
    {
        var nothing = new double[table.Rows];
        return WithTexts(table, _ => nothing, records => new BlankTexts(records));
    }

    /// <summary>The same customers, each with the text columns of one customer of the table, drawn without putting back; columns of one customer stay together, all other columns where they were.
    /// So text columns keep their distribution and what they say of one another, and say nothing of the customer whose row they stand in.</summary>
    /// <param name="table">Customers at a cutoff.</param>
    /// <param name="seed">The same seed and cutoff give the same order; another cutoff gives another.</param>
    public static FeatureTable Shuffled(FeatureTable table, int seed)
    {
        var from = Order(table.Rows, seed, table.Cutoff);
        return WithTexts(table, column => [.. from.Select(row => column[row])], records =>
            new ShuffledTexts(records, Enumerable.Range(0, table.Rows).ToDictionary(row => table.CustomerIds[row], row => table.CustomerIds[from[row]], StringComparer.Ordinal)));
    }

    private static FeatureTable WithTexts(FeatureTable table, Func<double[], double[]> column, Func<ICustomerRecords, ICustomerRecords> records) =>
        new(table.Cutoff, table.CustomerIds, table.Features, [.. table.Columns.Select((own, c) => TextSets.Has(table.Features[c]) ? column(own) : own)], table.OwnCutoffs)
        {
            Records = table.Records is { } read ? records(read) : null,
        };

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
