using CustomerValue.Text;
using CustomerValue.Text.Chat;
using CustomerValue.Torch.Language;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Generation;

/// <summary>Continues texts with a decoder.</summary>
/// <param name="model">The decoder.</param>
/// <param name="tokenizer">Its tokenizer.</param>
public sealed class TextGenerator(CausalLanguageModel model, ITokenizer tokenizer)
{
    /// <summary>Continues one text.</summary>
    /// <param name="text">The prompt.</param>
    /// <param name="options">How; null for the likeliest tokens.</param>
    /// <param name="piece">Told of each piece of the answer as it comes, as <see cref="Stream(string, GenerationOptions?, CancellationToken)"/> gives it; null for nobody.</param>
    /// <param name="cancellation">Ends it between two tokens.</param>
    /// <exception cref="ArgumentException">The prompt has no tokens, or more than the model has positions.</exception>
    public GeneratedText Generate(string text, GenerationOptions? options = null, Action<string>? piece = null, CancellationToken cancellation = default) =>
        Generate(tokenizer.Encode(text), options ?? new(), piece, cancellation);

    /// <summary>Answers a conversation, as a model that was taught to converse expects it.</summary>
    /// <param name="messages">The conversation so far.</param>
    /// <param name="template">The folder's template. What it writes is all that the model reads: no start token is put before it, since the template brings its own; special tokens in it are tokens.</param>
    /// <param name="options">How; null for the likeliest tokens. The answer ends with the tokenizer's end token too.</param>
    /// <param name="piece">Told of each piece of the answer as it comes; null for nobody.</param>
    /// <param name="cancellation">Ends it between two tokens.</param>
    /// <exception cref="ChatTemplateException">The template refuses the messages.</exception>
    /// <exception cref="ArgumentException">The conversation has no tokens, or more than the model has positions.</exception>
    public GeneratedText Generate(IReadOnlyList<ChatMessage> messages, ChatTemplate template, GenerationOptions? options = null, Action<string>? piece = null, CancellationToken cancellation = default) =>
        Generate(tokenizer.EncodePlain(template.Render(messages)), Turn(options), piece, cancellation);

    /// <summary>Continues several texts at once, of any lengths; each as it would be continued alone.</summary>
    /// <param name="prompts">Ids of each.</param>
    /// <param name="options">How; null for the likeliest tokens.</param>
    /// <param name="cancellation">Ends it between two tokens.</param>
    /// <exception cref="ArgumentException">A prompt has no tokens, or more than the model has positions.</exception>
    public IReadOnlyList<GeneratedText> Generate(IReadOnlyList<int[]> prompts, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        var rows = Rows(prompts, options ??= new());
        foreach (var _ in Steps(rows, options, cancellation)) { }
        foreach (var row in rows) row.Text.Append(row.Pieces.Rest());
        return [.. rows.Select(row => row.Answer())];
    }

    /// <summary>Continues a text, piece by piece: put together they are the whole answer, and no piece ends within a character.</summary>
    /// <param name="text">The prompt.</param>
    /// <param name="options">How; null for the likeliest tokens.</param>
    /// <param name="cancellation">Ends it between two tokens.</param>
    public IEnumerable<string> Stream(string text, GenerationOptions? options = null, CancellationToken cancellation = default) =>
        Pieces(Rows([tokenizer.Encode(text)], options ??= new()), options, cancellation);

    /// <summary>Answers a conversation, piece by piece.</summary>
    /// <param name="messages">The conversation so far.</param>
    /// <param name="template">The folder's template.</param>
    /// <param name="options">How; null for the likeliest tokens. The answer ends with the tokenizer's end token too.</param>
    /// <param name="cancellation">Ends it between two tokens.</param>
    /// <exception cref="ChatTemplateException">The template refuses the messages.</exception>
    public IEnumerable<string> Stream(IReadOnlyList<ChatMessage> messages, ChatTemplate template, GenerationOptions? options = null, CancellationToken cancellation = default) =>
        Pieces(Rows([tokenizer.EncodePlain(template.Render(messages))], options = Turn(options)), options, cancellation);

    private GeneratedText Generate(int[] prompt, GenerationOptions options, Action<string>? piece, CancellationToken cancellation)
    {
        var rows = Rows([prompt], options);
        foreach (var one in Pieces(rows, options, cancellation)) piece?.Invoke(one);
        return rows[0].Answer();
    }

    private GenerationOptions Turn(GenerationOptions? options)
    {
        options ??= new();
        return tokenizer.Special.End is { } end ? options with { EndTokenIds = [.. options.EndTokenIds, end] } : options;
    }

    private IEnumerable<string> Pieces(List<Row> rows, GenerationOptions options, CancellationToken cancellation)
    {
        var shown = 0;
        foreach (var _ in Steps(rows, options, cancellation))
        {
            if (rows[0].Text.Length == shown) continue;
            yield return rows[0].Text.ToString(shown, rows[0].Text.Length - shown);
            shown = rows[0].Text.Length;
        }
        if (rows[0].Pieces.Rest() is not { Length: > 0 } rest) yield break;
        rows[0].Text.Append(rest);
        yield return rest;
    }

    private List<Row> Rows(IReadOnlyList<int[]> prompts, GenerationOptions options)
    {
        var seen = new Dictionary<long, int>();
        return [.. prompts.Select(prompt =>
        {
            if (prompt.Length == 0) throw new ArgumentException("A prompt has no tokens, and a decoder continues at least one. Give it a text.", nameof(prompts));
            if (prompt.Length >= model.MaxPositions) throw new ArgumentException($"A prompt has {prompt.Length} tokens; the model has {model.MaxPositions} positions, and at least one must be left. Shorten it.", nameof(prompts));
            if (prompt.FirstOrDefault(id => id < 0 || id >= model.VocabSize, -1) is >= 0 and var strange) throw new ArgumentException($"A prompt holds id {strange}; the model knows ids below {model.VocabSize}. Tokenizer and weights aren't of the same model.", nameof(prompts));
            // Draws follow the prompt, and the second of two equal prompts draws anew.
            var stream = prompt.Aggregate(14695981039346656037UL, (hash, id) => unchecked((hash ^ (uint)id) * 1099511628211UL));
            var copies = seen[(long)stream] = seen.GetValueOrDefault((long)stream) + 1;
            return new Row(prompt, new(options, unchecked((long)stream + copies)), new(tokenizer, options.Stop));
        })];
    }

    // One step a token: the enumerator is the generation, and the caller looks at the rows after each.
    private IEnumerable<int> Steps(List<Row> rows, GenerationOptions options, CancellationToken cancellation)
    {
        using var cache = new KeyValueCache();
        var open = rows.ToList();
        int[] places = [.. Enumerable.Range(0, open.Count)];                    // of the open rows in the last pass
        long[]? mask = null;
        for (var step = 0; open.Count > 0; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var logits = step == 0 ? First(open, cache, out mask) : Next(open, places, cache, ref mask);
            for (var i = 0; i < open.Count; i++) open[i].Take(logits[i], options, model, step == 0);
            yield return step;
            places = [.. Enumerable.Range(0, open.Count).Where(i => open[i].End is null)];
            open = [.. places.Select(i => open[i])];
        }
    }

    // Prompts filled up on the left, so that every row's next token stands in the same column.
    private float[][] First(List<Row> rows, KeyValueCache cache, out long[]? mask)
    {
        var length = rows.Max(r => r.Prompt.Length);
        var (ids, filled) = (new long[rows.Count * length], new long[rows.Count * length]);
        for (var row = 0; row < rows.Count; row++)
            for (var at = 0; at < rows[row].Prompt.Length; at++)
            {
                var place = row * length + length - rows[row].Prompt.Length + at;
                (ids[place], filled[place]) = (rows[row].Prompt[at], 1);
            }
        mask = filled.All(m => m == 1) ? null : filled;
        return Logits(ids, mask, rows.Count, cache);
    }

    private float[][] Next(List<Row> rows, int[] places, KeyValueCache cache, ref long[]? mask)
    {
        var before = (int)cache.Length;
        if (places.Length < cache.Rows)
        {
            using var quiet = inference_mode();
            using var kept = tensor(places.Select(p => (long)p).ToArray());
            cache.Keep(kept);
        }
        if (mask is { } old)
        {
            var grown = new long[rows.Count * (before + 1)];
            for (var row = 0; row < rows.Count; row++)
            {
                old.AsSpan(places[row] * before, before).CopyTo(grown.AsSpan(row * (before + 1)));
                grown[row * (before + 1) + before] = 1;
            }
            mask = grown;
        }
        return Logits([.. rows.Select(r => (long)r.NewIds[^1])], mask, rows.Count, cache);
    }

    private float[][] Logits(long[] ids, long[]? mask, int count, KeyValueCache cache)
    {
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var known = mask is null ? null : tensor(mask).view(count, -1);
        var states = model.States(tensor(ids).view(count, -1), known, cache);                               // [B, T, H]
        var logits = model.Logits(states.select(1, states.shape[1] - 1)).cpu().contiguous().data<float>().ToArray();   // [B, V]
        return [.. logits.Chunk(logits.Length / count)];
    }

    private sealed class Row(int[] prompt, TokenSampler sampler, TextPieces pieces)
    {
        internal int[] Prompt => prompt;

        internal TextPieces Pieces => pieces;

        internal List<int> NewIds { get; } = [];

        internal System.Text.StringBuilder Text { get; } = new();

        internal float[] LastLogits { get; private set; } = [];

        internal GenerationEnd? End { get; private set; }

        internal GeneratedText Answer() => new(prompt, [.. NewIds], Text.ToString(), LastLogits, End!.Value);

        internal void Take(float[] logits, GenerationOptions options, CausalLanguageModel model, bool first)
        {
            if (first) LastLogits = logits;
            var allowed = options.Constraint?.Next(NewIds);
            if (allowed is { Count: 0 })
            {
                End = GenerationEnd.Constraint;
                return;
            }
            var id = sampler.Next(logits, allowed);
            if (options.StopAtEndToken && (model.EndTokenIds.Contains(id) || options.EndTokenIds.Contains(id)))
            {
                End = GenerationEnd.EndToken;
                return;
            }
            NewIds.Add(id);
            Text.Append(pieces.Add(id));
            End = pieces.Stopped ? GenerationEnd.StopText
                : options.Constraint?.Next(NewIds) is { Count: 0 } ? GenerationEnd.Constraint
                : NewIds.Count >= options.MaxTokens ? GenerationEnd.MaxTokens
                : prompt.Length + NewIds.Count >= model.MaxPositions ? GenerationEnd.MaxPositions : null;
        }
    }
}
