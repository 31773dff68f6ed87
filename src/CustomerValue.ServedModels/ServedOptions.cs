namespace CustomerValue.ServedModels;

/// <summary>Which model is asked, and how.</summary>
public sealed record ServedOptions
{
    /// <summary>Address of an OpenAI-compatible service, up to and with its version, such as http://localhost:8000/v1.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The model's name at that service.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the environment variable that holds the key; the key itself is never written anywhere. Null for a service that wants none.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>The questions.</summary>
    public LabelSchema Schema { get; init; } = LabelSchema.Shop;

    /// <summary>Most that may be spent in one run, in <see cref="Prices"/>' money, or in tokens where there are no prices. Null for no limit.</summary>
    public double? Budget { get; init => field = value is null ? null : Check.Within(value.Value, 0, 1e15); }

    /// <summary>Price of a million tokens in and out, in one currency; null to count tokens.</summary>
    public (double In, double Out)? Prices { get; init; }

    /// <summary>Requests at once.</summary>
    public int Concurrency { get; init => field = Check.Within(value, 1, 256); } = 4;

    /// <summary>Tries of one request that fails for a passing reason: 408, 429, 5xx, a time-out, a broken connection.</summary>
    public int Tries { get; init => field = Check.Within(value, 1, 100); } = 5;

    /// <summary>Tries of one text whose answers don't meet the schema.</summary>
    public int AnswerTries { get; init => field = Check.Within(value, 1, 100); } = 3;

    /// <summary>First wait before another try; doubled each time, and shortened by up to a half at random.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait, whatever the service asks for.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest that a request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Most tokens of an answer.</summary>
    public int MaxAnswerTokens { get; init => field = Check.Within(value, 16, 32_768); } = 200;

    /// <summary>0 for the likeliest answer; above for samples that differ.</summary>
    public float Temperature { get; init => field = (float)Check.Within(value, 0, 2); }

    /// <summary>Answers to each text; several tell by their agreement how sure the model is.</summary>
    public int Samples { get; init => field = Check.Within(value, 1, 100); } = 1;

    /// <summary>Seed of the waits' jitter.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Folder of answers that were given before; the same question isn't paid twice.</summary>
    public required string Cache { get; init; }

    /// <summary>File that every request is recorded in, a JSON line each; null for none.</summary>
    public string? Record { get; init; }
}

/// <summary>What a model said of one text.</summary>
/// <param name="Text">Its place among the texts.</param>
/// <param name="Sample">Which of its samples.</param>
/// <param name="Labels">By question: its labels.</param>
public sealed record TextLabels(int Text, int Sample, IReadOnlyDictionary<string, IReadOnlyList<string>> Labels);

/// <summary>A text that couldn't be labelled, and why.</summary>
public sealed record LabelFailure(int Text, int Sample, string Reason);

/// <summary>What a run did. Labelled + failed + left is all that was asked for.</summary>
/// <param name="Labels">Labels, in the order of texts and samples.</param>
/// <param name="Failed">What failed for good.</param>
/// <param name="Left">Not asked, because the budget wouldn't have held.</param>
/// <param name="Cached">Of the labels, how many were there before.</param>
/// <param name="Requests">Requests sent, tries included.</param>
/// <param name="TokensIn">Tokens sent, as the service counted them.</param>
/// <param name="TokensOut">Tokens answered.</param>
/// <param name="Spent">What was spent of the budget: money, or tokens. A request that timed out counts in full, since it may be billed.</param>
public sealed record LabelRun(IReadOnlyList<TextLabels> Labels, IReadOnlyList<LabelFailure> Failed, int Left, int Cached, int Requests, long TokensIn, long TokensOut, double Spent);

/// <summary>The service refused for a reason that another try won't cure.</summary>
public sealed class ServedModelException(string message, Exception? inner = null) : Exception(message, inner);
