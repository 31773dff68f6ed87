using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Torch.Generation;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Torch.Tests.Generation;

public class TextGeneratorTests
{
    public static readonly TheoryData<string> Models = ["gpt2-tiny-random", "llama-tiny-random", "qwen2-tiny-random", "qwen3-tiny-random"];

    private static (HuggingFaceFolder, CausalLanguageModel, ITokenizer, Expected) Open(string model)
    {
        var (path, expected) = Expected.Of(model);
        var folder = HuggingFaceFolder.Open(path);
        return (folder, folder.Decoder(), HuggingFaceTokenizer.Open(path), expected);
    }

    [Theory, InlineData("llama-tiny-random"), InlineData("qwen2-tiny-random"), InlineData("qwen3-tiny-random")]
    public void Greedy_tokens_are_those_that_transformers_gave(string name)
    {
        var (folder, model, tokenizer, expected) = Open(name);
        using var _ = folder;
        using var __ = model;
        var generator = new TextGenerator(model, tokenizer);
        foreach (var @case in expected.Cases)
        {
            var found = generator.Generate(@case.GetProperty("text").GetString()!, new() { MaxTokens = 12, StopAtEndToken = false });
            Assert.Equal(Expected.Ids(@case, "input_ids"), found.Ids);
            Assert.Equal(Expected.Ids(@case, "greedy_12"), found.NewIds);
            Expected.Near(Expected.Reals(@case, "last_logits_first8"), found.LastLogits, expected.Tolerance, Expected.Name(@case));
            Assert.Equal(GenerationEnd.MaxTokens, found.End);
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void A_batch_of_unequal_lengths_gives_what_each_text_gives_alone(string name)
    {
        var (folder, model, tokenizer, expected) = Open(name);
        using var _ = folder;
        using var __ = model;
        var generator = new TextGenerator(model, tokenizer);
        int[][] prompts = [.. expected.Cases.Select(c => Expected.Ids(c, "input_ids"))];
        foreach (var options in new[] { new GenerationOptions { MaxTokens = 12 }, new GenerationOptions { MaxTokens = 20, Temperature = 1, TopK = 40, TopP = 0.9, Seed = 11 } })
        {
            var together = generator.Generate(prompts, options);
            for (var row = 0; row < prompts.Length; row++)
            {
                var alone = generator.Generate([prompts[row]], options)[0];
                Assert.Equal(alone.NewIds, together[row].NewIds);
                Assert.Equal(alone.Text, together[row].Text);
            }
        }
    }

    [Fact]
    public void Rows_that_end_early_leave_the_others_as_they_were()
    {
        var (folder, model, tokenizer, expected) = Open("llama-tiny-random");
        using var _ = folder;
        using var __ = model;
        var generator = new TextGenerator(model, tokenizer);
        int[][] prompts = [.. expected.Cases.Select(c => Expected.Ids(c, "input_ids"))];
        var plain = generator.Generate(prompts, new() { MaxTokens = 12, StopAtEndToken = false });
        var stop = plain[0].Text[2..4];
        var stopped = generator.Generate(prompts, new() { MaxTokens = 12, StopAtEndToken = false, Stop = [stop] });
        Assert.Contains(stopped, s => s.End == GenerationEnd.StopText);
        for (var row = 0; row < prompts.Length; row++)
        {
            Assert.Equal(plain[row].NewIds.Take(stopped[row].NewIds.Length), stopped[row].NewIds);
            Assert.DoesNotContain(stop, stopped[row].Text, StringComparison.Ordinal);
            Assert.StartsWith(stopped[row].Text, plain[row].Text, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Pieces_put_together_are_the_answer_and_none_ends_within_a_character(string name)
    {
        var (folder, model, tokenizer, expected) = Open(name);
        using var _ = folder;
        using var __ = model;
        var generator = new TextGenerator(model, tokenizer);
        foreach (var @case in expected.Cases)
        {
            var text = @case.GetProperty("text").GetString()!;
            var options = new GenerationOptions { MaxTokens = 40, Temperature = 0.8, Seed = 3 };
            var pieces = generator.Stream(text, options).ToList();
            Assert.Equal(generator.Generate(text, options).Text, string.Concat(pieces));
            Assert.All(pieces, p => Assert.False(p.Length == 0 || char.IsHighSurrogate(p[^1])));
        }
    }

    [Fact]
    public void Characters_of_several_tokens_come_whole_and_stop_texts_are_held_back()
    {
        var (_, _, tokenizer, _) = Open("llama-tiny-random");
        var pieces = new TextPieces(tokenizer, ["END"]);
        var shown = tokenizer.EncodePlain("龘😡 the EN of END and more").Select(pieces.Add).ToList();
        Assert.DoesNotContain(shown, s => s.Contains('\uFFFD'));
        Assert.Equal("龘😡 the EN of ", string.Concat(shown) + pieces.Rest());
        Assert.True(pieces.Stopped);
    }

    [Fact]
    public void Draws_follow_the_seed_and_the_shares()
    {
        float[] logits = [1, 3, 2, 0, -5];
        int Draw(TokenSampler s) => s.Next(logits, null);
        var options = new GenerationOptions { Temperature = 1, Seed = 5 };
        var (a, b) = (new TokenSampler(options, 1), new TokenSampler(options, 1));
        Assert.Equal(Enumerable.Range(0, 100).Select(_ => Draw(a)), Enumerable.Range(0, 100).Select(_ => Draw(b)));
        var sampler = new TokenSampler(options, 2);
        var counts = Enumerable.Range(0, 20_000).Select(_ => Draw(sampler)).CountBy(id => id).ToDictionary();
        var total = logits.Sum(l => Math.Exp(l));
        for (var id = 0; id < 5; id++) Assert.Equal(Math.Exp(logits[id]) / total, counts.GetValueOrDefault(id) / 20_000.0, 0.012);
        var two = new TokenSampler(options with { TopK = 2 }, 2);
        Assert.Equal([1, 2], Enumerable.Range(0, 500).Select(_ => Draw(two)).Distinct().Order());
        var most = new TokenSampler(options with { TopP = 0.6 }, 2);                         // the likeliest has .64
        Assert.Equal([1], Enumerable.Range(0, 500).Select(_ => Draw(most)).Distinct());
        Assert.Equal(4, new TokenSampler(new(), 0).Next(logits, [4]));
        Assert.Equal(0, new TokenSampler(new(), 0).Next([2f, 2f, 1f], null));                // of equals, the first
    }

    [Theory, InlineData(0), InlineData(-0.3), InlineData(-1), InlineData(-20), InlineData(-300)]
    public void Our_exponential_is_the_exponential(double x) => Assert.Equal(1, TokenSampler.Exp(x) / Math.Exp(x), 1e-14);

    [Fact]
    public void A_choice_gives_one_of_the_choices()
    {
        var (folder, model, tokenizer, _) = Open("qwen3-tiny-random");
        using var _ = folder;
        using var __ = model;
        var generator = new TextGenerator(model, tokenizer);
        string[] labels = ["positive", "negative", "neutral, or mixed", "退货"];
        var seen = new HashSet<string>();
        for (var seed = 0; seed < 30; seed++)
            seen.Add(generator.Generate("the parcel came late", new() { Temperature = 2, Seed = seed, Constraint = TokenConstraint.OneOf(tokenizer, labels) }).Text);
        Assert.Subset(labels.ToHashSet(), seen);
        Assert.True(seen.Count > 1);
    }

    [Fact]
    public void A_decoder_labels_by_the_schema_and_its_probabilities_are_those_of_whole_texts()
    {
        var (folder, model, tokenizer, _) = Open("qwen2-tiny-random");
        using var _ = folder;
        using var __ = model;
        LabelQuestion[] questions = [new("sentiment", ["good", "good enough", "bad"]), new("loyal", ["yes", "no"])];
        var answers = new DecoderLabeller(model, tokenizer, questions).Label("the size runs small\n");
        Assert.Equal(["sentiment", "loyal"], answers.Select(a => a.Name));
        Assert.All(answers, a => Assert.Equal(1, a.Probabilities.Sum(), 1e-9));
        // The same by passing each whole text through the model.
        double Whole(string label)
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            using var quiet = TorchSharp.torch.inference_mode();
            int[] start = [.. tokenizer.Encode("the size runs small\n"), .. tokenizer.EncodePlain("{\"sentiment\": \"")], end = tokenizer.EncodePlain(label + "\"");
            var logs = model.forward(Expected.Row([.. start, .. end]), null)[0].log_softmax(-1);
            return Math.Exp(end.Select((id, i) => (double)logs[start.Length - 1 + i, id].item<float>()).Sum());
        }
        var whole = questions[0].Labels.Select(Whole).ToArray();
        for (var i = 0; i < 3; i++) Assert.Equal(whole[i] / whole.Sum(), answers[0].Probabilities[i], 1e-4);
    }

    [Fact]
    public void Of_several_labels_each_is_true_or_false()
    {
        var (folder, model, tokenizer, _) = Open("qwen2-tiny-random");
        using var _ = folder;
        using var __ = model;
        Torch.Generation.LabelQuestion reasons = new("reasons", ["price", "fit", "looks"], Several: true), sentiment = new("sentiment", ["bad", "good"]);
        var answers = new DecoderLabeller(model, tokenizer, [reasons, sentiment]).Label("the size runs small\n");
        var given = answers[0].Probabilities;
        Assert.Equal(reasons.Labels.Where((_, at) => given[at] > 0.5), answers[0].Labels);

        // The same by passing each whole text through the model, what was answered before in front of it.
        double Chosen(string before, string one, string other)
        {
            double Whole(string end)
            {
                using var scope = TorchSharp.torch.NewDisposeScope();
                using var quiet = TorchSharp.torch.inference_mode();
                int[] start = [.. tokenizer.Encode("the size runs small\n"), .. Pieces(before).SelectMany(tokenizer.EncodePlain)], ends = tokenizer.EncodePlain(end);
                var logs = model.forward(Expected.Row([.. start, .. ends]), null)[0].log_softmax(-1);
                return Math.Exp(ends.Select((id, i) => (double)logs[start.Length - 1 + i, id].item<float>()).Sum());
            }
            return Whole(one) / (Whole(one) + Whole(other));
        }
        // Where the labeller cuts what it writes into parts, which are tokenized by themselves.
        static string[] Pieces(string text) => text.Split('#', StringSplitOptions.RemoveEmptyEntries);
        var said = "{\"reasons\": {\"price\":";
        for (var at = 0; at < 3; at++)
        {
            Assert.Equal(Chosen(said, " true", " false"), given[at], 1e-4);
            said += $"#{(given[at] > 0.5 ? " true" : " false")}#{(at < 2 ? $", \"{reasons.Labels[at + 1]}\":" : "}#, \"sentiment\": \"")}";
        }
        Assert.Equal(Chosen(said, "good\"", "bad\""), answers[1].Probabilities[1], 1e-4);
    }

    [Fact]
    public void What_can_not_be_continued_is_refused_and_cancelling_ends_it()
    {
        var (folder, model, tokenizer, _) = Open("gpt2-tiny-random");
        using var _ = folder;
        using var __ = model;
        var generator = new TextGenerator(model, tokenizer);
        Assert.Contains("no tokens", Assert.Throws<ArgumentException>(() => generator.Generate([[]])).Message, StringComparison.Ordinal);
        Assert.Contains("128 positions", Assert.Throws<ArgumentException>(() => generator.Generate([new int[128]])).Message, StringComparison.Ordinal);
        Assert.Contains("id 900", Assert.Throws<ArgumentException>(() => generator.Generate([[900]])).Message, StringComparison.Ordinal);
        Assert.Equal(GenerationEnd.MaxPositions, generator.Generate([new int[120]], new() { MaxTokens = 50, StopAtEndToken = false })[0].End);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var piece in generator.Stream("the parcel", new() { MaxTokens = 50 }, cancellation.Token)) cancellation.Cancel();
        });
    }
}
