namespace CustomerValue.DuckDb;

/// <summary>Whose features are built at a cutoff.</summary>
public enum Population
{
    /// <summary>Customers with an order before the cutoff.</summary>
    Buyers,

    /// <summary>Everybody of whom anything is recorded before the cutoff: an order or a return, a visit, a review, a chat or a campaign contact. Behind the sets stands
    /// acquaintance, whose has_ordered tells who has bought: of the others, what tells of orders is the sentinel that the catalogue names.</summary>
    Known,
}
