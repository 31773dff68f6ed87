namespace CustomerValue.Ingestion;

/// <summary>One customer's part in one campaign; those held out carry the treatment <c>control</c>.</summary>
/// <param name="CustomerId">Pseudonymous customer id.</param>
/// <param name="CampaignId">The campaign.</param>
/// <param name="At">When the contact was made (for the held out: when it would have been), in the shop's local time.</param>
/// <param name="Treatment">What was offered, such as coupon10; control for the held out.</param>
/// <param name="Channel">How: email, sms, app, ...</param>
/// <param name="Cost">What the contact cost the shop.</param>
/// <param name="RespondedAt">When the customer responded; null when they didn't, or haven't yet.</param>
public sealed record CampaignContact(
    string CustomerId, string CampaignId, DateTime At, string Treatment, string Channel, Money Cost, DateTime? RespondedAt);
