using System.Text;

namespace CustomerValue.Ingestion;

/// <summary>Turns of service chats.</summary>
internal sealed class DialogueParser(DataFile file, int number, TableLayout layout, Pseudonyms pseudonyms) : RecordParser<DialogueTurn>(file, number, layout, pseudonyms)
{
    private const int DialogueId = 1, Turn = 2, At = 3, Speaker = 4, Text = 5;
    private readonly TextCache _dialogues = new(), _speakers = new(utf8 => Encoding.UTF8.GetString(utf8).ToLowerInvariant());

    protected override bool TryParse(DelimitedReader row)
    {
        if (!TryCustomer(row, out var customer) || !TryCode(row, DialogueId, _dialogues, out var dialogue)) return false;
        if (!TryNumber(row, Turn, 0, 100_000, out var turn)) return false;
        if (turn < 1) return Refuse(Reject.AbsurdNumber, FormattableString.Invariant($"turn is {turn}; turns are counted from 1"));
        if (!TryTime(row, At, out var at) || !TryCode(row, Speaker, _speakers, out var speaker)) return false;
        if (speaker is not ("customer" or "agent")) return Refuse(Reject.UnknownValue, $"speaker is '{speaker}'; expected customer or agent (translate others under values)");
        return Add(new(customer, dialogue, (int)turn, at, speaker, Encoding.UTF8.GetString(Value(row, Text))), row.Line);
    }
}
