namespace CustomerValue.Ingestion;

/// <summary>A field that a record is read from.</summary>
/// <param name="Name">Its name in mapping files, and the column it is looked for in when a mapping names none.</param>
/// <param name="Alias">A second name; empty when there is none.</param>
/// <param name="Required">Whether a table without it is refused.</param>
internal sealed record RecordField(string Name, string Alias = "", bool Required = false)
{
    public bool IsCalled(string name) => name.Equals(Name, StringComparison.OrdinalIgnoreCase) || Alias.Length > 0 && name.Equals(Alias, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The fields of each kind of record, the section of a mapping file that describes them, and the warehouse table that keeps them.</summary>
internal static class RecordFields
{
    private static readonly RecordField s_customer = new("customer_id", Required: true);

    private static readonly RecordField[] s_purchases =
    [
        s_customer, new("order_id"), new("at", "purchased_at", Required: true), new("product_id"), new("description"), new("category"),
        new("quantity", Required: true), new("unit_price"), new("amount"), new("currency"), new("is_return"),
    ];

    private static readonly RecordField[] s_browsing =
    [
        s_customer, new("session_id", Required: true), new("at", "occurred_at", Required: true), new("kind", Required: true),
        new("product_id"), new("query"), new("dwell_seconds"),
    ];

    private static readonly RecordField[] s_reviews =
        [s_customer, new("at", "reviewed_at", Required: true), new("product_id"), new("stars"), new("text", Required: true)];

    private static readonly RecordField[] s_dialogues =
    [
        s_customer, new("dialogue_id", Required: true), new("turn", Required: true), new("at", "spoken_at", Required: true),
        new("speaker", Required: true), new("text", Required: true),
    ];

    private static readonly RecordField[] s_campaigns =
    [
        s_customer, new("campaign_id", Required: true), new("at", "contacted_at", Required: true), new("treatment", Required: true),
        new("channel"), new("cost"), new("currency"), new("responded_at"),
    ];

    public static IReadOnlyList<RecordField> Of(RecordKind kind) => kind switch
    {
        RecordKind.Purchases => s_purchases,
        RecordKind.BrowsingEvents => s_browsing,
        RecordKind.Reviews => s_reviews,
        RecordKind.DialogueTurns => s_dialogues,
        _ => s_campaigns,
    };

    /// <summary>The kind's section in a mapping file, which is also the name of its file where a mapping names none.</summary>
    public static string Section(RecordKind kind) => kind switch
    {
        RecordKind.Purchases => "purchases",
        RecordKind.BrowsingEvents => "browsing",
        RecordKind.Reviews => "reviews",
        RecordKind.DialogueTurns => "dialogues",
        _ => "campaigns",
    };
}
