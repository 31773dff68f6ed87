namespace CustomerValue.Features;

/// <summary>What is made of a customer's texts once an encoder has read them.</summary>
public sealed record TextFeatureOptions
{
    /// <summary>Days after which a text counts half, shortest first: one recency-weighted mean each. Trends compare the first with the mean over all texts.</summary>
    public IReadOnlyList<int> HalfLives
    {
        get;
        init => field = value.Count > 0 && value.All(d => d is >= 1 and <= 3650) && value.Zip(value.Skip(1)).All(p => p.First < p.Second) ? [.. value]
            : throw new ArgumentException($"HalfLives are {string.Join(", ", value)}; expected is at least one, each from 1 to 3650 days, rising.", nameof(HalfLives));
    } = [30, 90];

    /// <summary>Days after which a text counts half in the mean of the vectors.</summary>
    public int VectorHalfLife { get; init => field = Check.Within(value, 1, 3650); } = 90;

    /// <summary>Heads with more labels than this are told in short: two columns a label, not six.</summary>
    public int MostLabels { get; init => field = Check.Within(value, 2, 1000); } = 8;

    /// <summary>The head that says what a text is about, told in short however few its labels are.</summary>
    public string TopicHead { get; init; } = "topic";

    /// <summary>The head that says whether a text complains, or of what: every label but <see cref="NoComplaint"/> is a complaint.</summary>
    public string ComplaintHead { get; init; } = "complaint";

    /// <summary>The head that says whether what a text speaks of was solved, or the label of any head that says so.</summary>
    public string SolvedHead { get; init; } = "solved";

    /// <summary>Labels that say of a text that it doesn't complain, or doesn't speak of what was solved: it only asks, or says nothing of the kind.</summary>
    public IReadOnlyList<string> NoComplaint { get; init => field = [.. value]; } = ["no", "none", "false", "0", "question", "account"];

    /// <summary>Whether the encoder's vectors become columns too (<see cref="TextSets.Vector"/>); scores alone otherwise.</summary>
    public bool Vector { get; init; } = true;
}
