namespace CustomerValue.Simulation.Texts;

/// <summary>What a text says, written down while it is written: not what its writer feels, but what a careful reader finds in it.</summary>
internal sealed class Said
{
    private double _sum;
    private int _count, _lowest;
    private Topic? _blamed;

    /// <summary>What the writer chose to tell of how they feel, however it was then put.</summary>
    public Told Told { get; set; }

    /// <summary>Whether the writer's mood is good (1), poor (-1), or not told (0).</summary>
    public int Mood { get; private set; }

    /// <summary>Whether the writer's loyalty is high (1), low (-1), or not told (0).</summary>
    public int Loyalty { get; private set; }

    /// <summary>What the writer means to do; null where nothing is said of it.</summary>
    public Intent? Intent { get; private set; }

    /// <summary>Whether a chat's question was solved; null where the customer says nothing of it.</summary>
    public bool? Solved { get; private set; }

    /// <summary>Whether the frame of the last statement says what its words say; null where it was ironic, or judges neither way.</summary>
    public bool? Straight { get; private set; }

    /// <summary>What a chat was opened for; null for a review.</summary>
    public ChatReason? Reason { get; set; }

    /// <summary>1 (very negative) to 5 (very positive): the mean of all that is judged, 3 where nothing is.</summary>
    public int Sentiment => _count == 0 ? 3 : (_sum / _count) switch { < -1.25 => 1, < -0.25 => 2, <= 0.25 => 3, <= 1.25 => 4, _ => 5 };

    /// <summary>What is complained of, or asked: of a review the side of the order that is blamed most, of a chat what it was opened for.</summary>
    public string Complaint => Reason switch
    {
        ChatReason.Where => "delivery",
        ChatReason.Fault => "quality",
        ChatReason.Return => "refund",
        ChatReason.Price => "price",
        ChatReason.Product => "question",
        ChatReason.Account => "account",
        _ => _blamed is { } topic ? Grammar.Name(topic) : "none",
    };

    /// <summary>Notes a statement.</summary>
    /// <param name="topic">What it is about.</param>
    /// <param name="sense">1 for good, high or staying, -1 for the opposite, 0 for neither.</param>
    /// <param name="strong">Whether it is said with weight.</param>
    /// <param name="straight">Whether its frame says what its words say; null where that can't be told.</param>
    public void Note(Topic topic, int sense, bool strong, bool? straight = null)
    {
        Straight = sense == 0 ? null : straight;
        switch (topic)
        {
            case Topic.Mood: Mood = sense; break;
            case Topic.Loyalty: Loyalty = sense; break;
            case Topic.Intent: Intent = sense > 0 ? Texts.Intent.Restock : sense < 0 ? Texts.Intent.Leave : Texts.Intent.Open; break;
            case Topic.Outcome: Solved = sense > 0; break;
        }
        if (topic is Topic.Loyalty or Topic.Intent or Topic.Agent) return;
        var value = strong ? 2 * sense : sense;
        _sum += value;
        _count++;
        if (topic > Topic.Service || value >= _lowest) return;
        (_lowest, _blamed) = (value, topic);
    }
}
