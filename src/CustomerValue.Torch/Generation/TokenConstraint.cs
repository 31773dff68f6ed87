using CustomerValue.Text;

namespace CustomerValue.Torch.Generation;

/// <summary>Which tokens may come next.</summary>
public abstract class TokenConstraint
{
    /// <summary>Ids that may follow what was generated so far; none where the answer is complete, null where any may.</summary>
    public abstract IReadOnlyList<int>? Next(IReadOnlyList<int> generated);

    /// <summary>The answer is one of several texts.</summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="choices">The texts; one that another begins with is chosen only where the model would end there.</param>
    /// <exception cref="ArgumentException">There is no text, or an empty one.</exception>
    public static TokenConstraint OneOf(ITokenizer tokenizer, IReadOnlyList<string> choices) => new Choices(tokenizer, choices);

    private sealed class Choices : TokenConstraint
    {
        private readonly List<int[]> _sequences;
        private readonly int? _end;

        internal Choices(ITokenizer tokenizer, IReadOnlyList<string> choices)
        {
            _sequences = [.. choices.Select(tokenizer.EncodePlain)];
            _end = tokenizer.Special.End;
            if (_sequences.Count == 0 || _sequences.Any(s => s.Length == 0)) throw new ArgumentException("Give at least one text to choose from, and none that is empty.", nameof(choices));
        }

        public override IReadOnlyList<int>? Next(IReadOnlyList<int> generated)
        {
            var open = _sequences.Where(s => s.Length >= generated.Count && s.AsSpan(0, generated.Count).SequenceEqual(generated.ToArray())).ToList();
            var next = open.Where(s => s.Length > generated.Count).Select(s => s[generated.Count]).Distinct().Order().ToList();
            if (next.Count > 0 && open.Any(s => s.Length == generated.Count) && _end is { } end) next.Add(end);
            return next;
        }
    }
}
