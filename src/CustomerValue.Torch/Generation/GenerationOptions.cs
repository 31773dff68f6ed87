namespace CustomerValue.Torch.Generation;

/// <summary>How a text is continued.</summary>
public sealed record GenerationOptions
{
    /// <summary>The most tokens that are added.</summary>
    public int MaxTokens { get; init => field = Check.Within(value, 1, 1_000_000); } = 128;

    /// <summary>0 takes the likeliest token every time; 1 draws by the model's probabilities, more flattens them.</summary>
    public double Temperature { get; init => field = Check.Within(value, 0, 100); }

    /// <summary>Draw from so many of the likeliest tokens; 0 for all.</summary>
    public int TopK { get; init => field = Check.Within(value, 0, 10_000_000); }

    /// <summary>Draw from the likeliest tokens that together have this probability.</summary>
    public double TopP { get; init => field = Check.Within(value, 1e-9, 1); } = 1;

    /// <summary>Seed of what is drawn. A prompt's draws depend on seed and prompt, not on what else is in the batch.</summary>
    public long Seed { get; init; }

    /// <summary>Texts that end the answer; they aren't part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Which tokens may come next; null for any.</summary>
    public TokenConstraint? Constraint { get; init; }

    /// <summary>Ids that end the answer, beside those that the model names.</summary>
    public IReadOnlyList<int> EndTokenIds { get; init; } = [];

    /// <summary>Whether an end token ends the answer.</summary>
    public bool StopAtEndToken { get; init; } = true;
}

/// <summary>Why an answer ended.</summary>
public enum GenerationEnd
{
    /// <summary>The model gave an end token.</summary>
    EndToken,

    /// <summary>A stop text came.</summary>
    StopText,

    /// <summary>As many tokens as were asked for.</summary>
    MaxTokens,

    /// <summary>The model has no position for another token.</summary>
    MaxPositions,

    /// <summary>The constraint allows nothing more: the answer is complete.</summary>
    Constraint,
}

/// <summary>A continued text.</summary>
/// <param name="Ids">The prompt's ids.</param>
/// <param name="NewIds">What was added; an end token is not part of it.</param>
/// <param name="Text">What was added, as text, up to a stop text.</param>
/// <param name="LastLogits">[V]: logits at the prompt's end.</param>
/// <param name="End">Why it ended.</param>
public sealed record GeneratedText(int[] Ids, int[] NewIds, string Text, float[] LastLogits, GenerationEnd End);
