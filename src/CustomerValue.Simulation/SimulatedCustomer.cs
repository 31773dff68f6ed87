using CustomerValue.Ingestion;

namespace CustomerValue.Simulation;

/// <summary>All that one customer left in the shop's records, each list in order of time, and the truth behind it.</summary>
/// <param name="Purchases">Order lines and returns.</param>
/// <param name="Browsing">What they did on the site, as far as it was seen.</param>
/// <param name="Reviews">What they wrote about products.</param>
/// <param name="Dialogues">Service chats, turn by turn.</param>
/// <param name="Contacts">Campaigns that they were in, the held out included.</param>
/// <param name="Truth">What the records were drawn from.</param>
public sealed record SimulatedCustomer(
    IReadOnlyList<Purchase> Purchases, IReadOnlyList<BrowsingEvent> Browsing, IReadOnlyList<Review> Reviews,
    IReadOnlyList<DialogueTurn> Dialogues, IReadOnlyList<CampaignContact> Contacts, CustomerTruth Truth);

/// <summary>What nobody sees of a customer. Never an input of the pipeline.</summary>
/// <param name="CustomerId">As in the records.</param>
/// <param name="Joined">Day of the first order; of those who join without one, of the first visit.</param>
/// <param name="DroppedOut">From this day on there are no more orders; null while alive at the end.</param>
/// <param name="Cold">Joined without an order.</param>
/// <param name="Visitor">One of these, who never orders.</param>
/// <param name="Language">zh, en, or mixed.</param>
/// <param name="Rate">λ, in orders a day.</param>
/// <param name="Regularity">k, the Erlang shape of the gaps.</param>
/// <param name="Hazard">η, a day.</param>
/// <param name="MeanBudget">p ν: mean order budget in neutral mood, in currency.</param>
/// <param name="Response">ρ, to campaigns.</param>
/// <param name="LoyaltyAtStart">L at the start.</param>
/// <param name="LoyaltyAtEnd">L at the end of the period.</param>
/// <param name="MoodAtEnd">M at the end of the period.</param>
/// <param name="Contacts">True effects of the campaigns.</param>
/// <param name="Texts">What texts were written from.</param>
public sealed record CustomerTruth(
    string CustomerId, DateOnly Joined, DateOnly? DroppedOut, bool Cold, bool Visitor, string Language, double Rate, int Regularity, double Hazard,
    double MeanBudget, double Response, double LoyaltyAtStart, double LoyaltyAtEnd, double MoodAtEnd,
    IReadOnlyList<ContactTruth> Contacts, IReadOnlyList<TextTruth> Texts);

/// <summary>What a campaign contact did, or would have done to one held out.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Effect">δ: what it adds to the log of the order rate.</param>
/// <param name="ChanceWithout">Probability of an order in the days that a campaign works, without the contact, given the customer's state and gap so far.</param>
/// <param name="ChanceWith">The same with it; the difference is the individual uplift.</param>
public sealed record ContactTruth(string CampaignId, double Effect, double ChanceWithout, double ChanceWith);

/// <summary>How a customer felt when they wrote a text, and what of it they chose to tell.</summary>
/// <param name="Kind">review or chat.</param>
/// <param name="At">When the text (a chat: its first turn) was written.</param>
/// <param name="Mood">M at that moment (a chat: after it).</param>
/// <param name="Loyalty">L at that moment.</param>
/// <param name="Intent">J at that moment: open, restock or leave.</param>
/// <param name="ToldMood">What the text is written from, as far as it tells of the mood: -2 (very poor) to 2 (very good); null where it doesn't.</param>
/// <param name="ToldLoyalty">The same of loyalty.</param>
/// <param name="ToldIntent">The same of intent: open, restock or leave; empty where it doesn't.</param>
public sealed record TextTruth(string Kind, DateTime At, double Mood, double Loyalty, string Intent, int? ToldMood, int? ToldLoyalty, string ToldIntent);
