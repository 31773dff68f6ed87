namespace CustomerValue.Text;

/// <summary>What a head answers.</summary>
public enum HeadKind
{
    /// <summary>One of several labels; softmax over [B, K] logits.</summary>
    Classification,

    /// <summary>A number; one output, standardised by <see cref="TextHead.Mean"/> and <see cref="TextHead.Scale"/>.</summary>
    Regression,

    /// <summary>One of several labels in order; K - 1 cumulative logits: P(label > k) = sigmoid(score - threshold k).</summary>
    Ordinal,
}

/// <summary>How a text's hidden states become one vector.</summary>
public enum Pooling
{
    /// <summary>Mean over all tokens that aren't padding, special ones included.</summary>
    Mean,

    /// <summary>The first token's state ([CLS]).</summary>
    First,

    /// <summary>The last token's state; what decoders use.</summary>
    Last,
}

/// <summary>One question that a text model answers, such as sentiment.</summary>
/// <param name="Name">Short name; its weights are NAME.weight and NAME.bias (and NAME.thresholds, [K - 1], where it is ordinal: weight is [1, H] there).</param>
/// <param name="Kind">What it answers.</param>
/// <param name="Labels">The labels, in the order of the logits; empty for regression.</param>
/// <param name="Mean">Regression: added to the scaled output, in the target's unit.</param>
/// <param name="Scale">Regression: multiplies the output, in the target's unit.</param>
public sealed record TextHead(string Name, HeadKind Kind, IReadOnlyList<string> Labels, double Mean = 0, double Scale = 1);

/// <summary>The heads of a text model, as heads.json beside its weights tells them; their weights stand in heads.safetensors.</summary>
/// <param name="Pooling">What the heads see of a text.</param>
/// <param name="MaxTokens">Longest text that the model was trained on, in tokens; longer ones are cut off there.</param>
/// <param name="Heads">The questions; names differ.</param>
public sealed record TextHeads(Pooling Pooling, int MaxTokens, IReadOnlyList<TextHead> Heads);
