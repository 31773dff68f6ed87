namespace CustomerValue.Ingestion;

/// <summary>The five kinds of records.</summary>
public enum RecordKind
{
    /// <summary>Lines of orders, refunds and cancellations: <see cref="Purchase"/>.</summary>
    Purchases,

    /// <summary>What customers did on the site: <see cref="BrowsingEvent"/>.</summary>
    BrowsingEvents,

    /// <summary>What customers wrote about products: <see cref="Review"/>.</summary>
    Reviews,

    /// <summary>Turns of service chats: <see cref="DialogueTurn"/>.</summary>
    DialogueTurns,

    /// <summary>Campaign contacts: <see cref="CampaignContact"/>.</summary>
    CampaignContacts,
}
