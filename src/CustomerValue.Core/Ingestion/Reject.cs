namespace CustomerValue.Ingestion;

/// <summary>Why rows are rejected: short, fixed words to count by. What exactly was found stands in the detail beside it.</summary>
internal static class Reject
{
    public const string
        BrokenQuotes = "broken quotes", TooFewFields = "too few fields", TooManyFields = "too many fields", NulByte = "NUL byte", NotUtf8 = "bytes that aren't text",
        NoCustomer = "no customer", Missing = "missing value", BadTime = "bad time", AbsurdTime = "time out of range", BadNumber = "bad number",
        AbsurdNumber = "number out of range", TooManyDecimals = "too many decimals", NegativeLine = "negative line that is no return", BadCurrency = "bad currency", UnknownValue = "unknown value";
}
