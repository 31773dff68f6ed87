namespace CustomerValue.Features;

/// <summary>The records of a table's customers as they stood at its cutoff: the one way by which candidates come to records.</summary>
public static class CustomerHistories
{
    /// <summary>Row for row, what was known of the customers before the table's cutoff.</summary>
    /// <param name="table">Customers and their cutoff.</param>
    /// <param name="reader">Who asks, for the message.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InvalidOperationException">The table came without records, or its source broke the contract: other customers, or something dated on or after the cutoff.</exception>
    public static IReadOnlyList<CustomerHistory> Of(FeatureTable table, string reader, CancellationToken cancellation = default)
    {
        if (table.Records is not { } records)
            throw new InvalidOperationException(
                $"'{reader}' reads the customers' records, and the table at {table.Cutoff:yyyy-MM-dd} came without them: a file or a package holds numbers only. " +
                "Take the table from a warehouse (an experiment does), or give it records: table.With(records).");
        var histories = records.Before(table.Cutoff, table.CustomerIds, cancellation);
        if (histories.Count != table.Rows) throw Broken(records, $"{histories.Count} histories for {table.Rows} customers");
        var end = table.Cutoff.ToDateTime(TimeOnly.MinValue);
        for (var row = 0; row < histories.Count; row++)
        {
            if (histories[row].CustomerId != table.CustomerIds[row]) throw Broken(records, $"'{histories[row].CustomerId}' on row {row}, where '{table.CustomerIds[row]}' was asked for");
            if (histories[row].Latest() is { } latest && latest >= end)
                throw Broken(records, $"a record of {latest:yyyy-MM-dd} for customer '{table.CustomerIds[row]}', which at the cutoff {table.Cutoff:yyyy-MM-dd} was still to come");
        }
        return histories;
    }

    private static InvalidOperationException Broken(ICustomerRecords records, string found) =>
        new($"{records.GetType().Name} gave {found}. A source of records gives one history a customer, in the order asked, from before the cutoff (CustomerHistory.At does).");
}
