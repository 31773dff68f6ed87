namespace CustomerValue.Ingestion;

/// <summary>Campaign contacts.</summary>
internal sealed class CampaignParser(DataFile file, int number, TableLayout layout, Pseudonyms pseudonyms) : RecordParser<CampaignContact>(file, number, layout, pseudonyms)
{
    private const int CampaignId = 1, At = 2, Treatment = 3, Channel = 4, Cost = 5, Currency = 6, RespondedAt = 7;
    private readonly TextCache _campaigns = new(), _treatments = new(), _channels = new(), _currencies = new();

    protected override bool TryParse(DelimitedReader row)
    {
        if (!TryCustomer(row, out var customer) || !TryCode(row, CampaignId, _campaigns, out var campaign) || !TryTime(row, At, out var at)
            || !TryCode(row, Treatment, _treatments, out var treatment)) return false;
        var (cost, currency) = (0m, "");
        if (Has(Cost) && !Code(row, Cost).IsEmpty)
        {
            if (!TryNumber(row, Cost, 4, Mapping.LargestPrice, out cost) || !TryCurrency(row, Currency, _currencies, out currency)) return false;
            if (cost < 0) return Refuse(Reject.AbsurdNumber, FormattableString.Invariant($"cost is {cost}; a contact can't cost less than nothing"));
        }
        DateTime? responded = null;
        if (Has(RespondedAt) && !Code(row, RespondedAt).IsEmpty)
        {
            if (!TryTime(row, RespondedAt, out var answer)) return false;
            if (answer < at) return Refuse(Reject.AbsurdTime, FormattableString.Invariant($"responded_at is {answer:yyyy-MM-dd HH:mm:ss}, before the contact at {at:yyyy-MM-dd HH:mm:ss}"));
            responded = answer;
        }
        return Add(new(customer, campaign, at, treatment, _channels.Of(Code(row, Channel)), new(cost, currency), responded), row.Line);
    }
}
