using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What pre-training did.</summary>
/// <param name="Texts">Texts learned from.</param>
/// <param name="HeldOut">Texts measured on.</param>
/// <param name="Report">How the run ended.</param>
/// <param name="Before">Figures on the held-out texts before; null without such texts.</param>
/// <param name="After">The same, after.</param>
/// <param name="Output">The model's folder.</param>
/// <param name="RunId">The run in the store.</param>
internal sealed record PretrainResult(
    int Texts, int HeldOut, TrainingReport Report, IReadOnlyDictionary<string, double>? Before, IReadOnlyDictionary<string, double>? After, string Output, string RunId);

/// <summary>Bare texts to a language model.</summary>
internal static class PretrainCommand
{
    private const int Buckets = 262_139;                                 // a prime, so that runs spread over all; 64 numbers each
    private static readonly Argument<string> s_file = new("FILE") { Description = "Texts: .csv, .tsv, .jsonl, .parquet, or .txt with a text a line; .gz too." };
    private static readonly Option<string?> s_column = new("--column") { Description = "The column of the file that holds the text." };
    private static readonly Option<string> s_output = TrainingSettings.Output();
    private static readonly Option<string?> s_model = new("--model") { Description = "Go on from this model's weights: an encoder (hidden words) or a decoder (next token).", HelpName = "DIR" };
    private static readonly Option<string?> s_vocab = new("--vocab") { Description = "In place of --model: from scratch, an encoder over this folder's vocabulary.", HelpName = "DIR" };
    private static readonly Option<int> s_layers = new("--layers") { Description = "From scratch: layers.", DefaultValueFactory = _ => 4 };
    private static readonly Option<int> s_hidden = new("--hidden") { Description = "From scratch: width; feed-forward blocks are four times as wide.", DefaultValueFactory = _ => 256 };
    private static readonly Option<int> s_heads = new("--heads") { Description = "From scratch: attention heads; they divide the width.", DefaultValueFactory = _ => 4 };
    private static readonly Option<int> s_runs = new("--runs") { Description = Terminal.Text($"From scratch: besides single tokens, read runs of 2 to so many tokens (at most {NGramHash.LongestRun}), each run with a vector of its own. Chinese words are runs of characters: a small encoder then knows them without having to build them. The file grows by 67 MB; 0: single tokens alone."), DefaultValueFactory = _ => 0, HelpName = "TOKENS" };
    private static readonly Option<double> s_dropout = new("--dropout") { Description = "From scratch: share of hidden values dropped; it costs time, and little text read few times needs none.", DefaultValueFactory = _ => 0 };
    private static readonly Option<double> s_maskRate = new("--mask-rate") { Description = "Encoders: share of the tokens to guess.", DefaultValueFactory = _ => 0.15 };
    private static readonly Option<bool> s_characters = new("--single-characters") { Description = "Encoders: hide single Chinese characters. Without it whole words are hidden, as a segmenter cuts them: a character is easily guessed from the rest of its word, which teaches less." };
    private static readonly Option<bool> s_packed = new("--packed") { Description = "Encoders: fill rows with several texts, for long context from short texts. Decoders always do." };
    private static readonly Option<int> s_heldOut = new("--held-out") { Description = "Percent of the texts, chosen by content, to measure on; 0: none.", DefaultValueFactory = _ => 2 };
    private static readonly Option<int> s_lora = new("--lora") { Description = "Decoders: train an adapter of this rank alone; it is written to adapter/ and worked into the weights.", DefaultValueFactory = _ => 0, HelpName = "RANK" };
    private static readonly TrainingSettings s_training = new(new() { CheckpointEvery = 500 });

    public static Command Create()
    {
        var command = new Command("pretrain",
            """
            Teach a language model from bare texts: an encoder guesses hidden words, a decoder the next token.

            From scratch (--vocab, see text train-vocab) or from a published model's weights (--model), to adapt it to a shop's words. Small batches and many
            steps learn most from little text; the held-out loss says when more epochs stop helping. The run can be stopped or killed at any time: the same
            command goes on from its last checkpoint, to the same bits. Each step's loss goes to the store of runs: customervalue runs show ID.

            Example:
              customervalue text pretrain reviews.csv --column review --vocab vocab --output encoder --epochs 5 --rate 1e-3
              customervalue text pretrain chats.jsonl --column text --model models/qwen2-small --output adapted --lora 8 --rate 1e-3
            """)
        { s_file, s_column, s_output, s_model, s_vocab, s_layers, s_hidden, s_heads, s_runs, s_dropout, s_maskRate, s_characters, s_packed, s_heldOut, s_lora };
        s_training.AddTo(command);
        return command.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Pretrain(parsed, terminal, cancellation), CancellationToken.None));
    }

    private static PretrainResult Pretrain(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (model, vocab, output) = (parsed.GetValue(s_model), parsed.GetValue(s_vocab), parsed.GetValue(s_output)!);
        if (model is null == vocab is null) throw new UsageException("Say what to begin with: --model DIR for its weights, or --vocab DIR to begin from scratch.");
        if (parsed.GetValue(s_runs) is not 0 and (< 2 or > NGramHash.LongestRun) and var runs) throw new UsageException($"--runs {runs}: a run has 2 to {NGramHash.LongestRun} tokens; 0 is for none.");
        _ = s_training.Storage(parsed);                    // refused now, not after hours
        if (parsed.GetValue(s_heldOut) is < 0 or > 50) throw new UsageException("--held-out: give a percentage from 0 to 50.");
        string[] texts = [.. TextColumn.Read(parsed.GetValue(s_file)!, parsed.GetValue(s_column)).Select(t => t.Text.Trim()).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)];
        var held = texts.ToLookup(t => Part(t) < parsed.GetValue(s_heldOut));
        using var run = new TrainingRun("pre-training", output, s_training.Told(parsed), terminal, cancellation);
        if (run.Whole<PretrainResult>() is { } whole) return run.Finish(whole, whole.Report);
        var decoder = model is not null && !IsEncoder(model);
        var (report, before, after) = decoder ? Causal(parsed, model!, held, run, terminal, cancellation) : Masked(parsed, model, vocab, held, run, terminal, cancellation);
        if (before is not null) terminal.Line(Terminal.Text($"Held-out perplexity: {before["perplexity"]:0.00} before, {after!["perplexity"]:0.00} after."));
        terminal.Line(Terminal.Text($"{report.Steps:#,0} steps, {report.Tokens:#,0} tokens in {report.Seconds:0} s ({report.Tokens / Math.Max(report.Seconds, 1e-9):#,0} a second) -> {output}"));
        return run.Finish(new PretrainResult(held[false].Count(), held[true].Count(), report, before, after, output, run.Id), report);
    }

    private static (TrainingReport, IReadOnlyDictionary<string, double>?, IReadOnlyDictionary<string, double>?) Masked(
        ParseResult parsed, string? folder, string? vocab, ILookup<bool, string> texts, TrainingRun run, Terminal terminal, CancellationToken cancellation)
    {
        var tokenizer = HuggingFaceTokenizer.Open(folder ?? vocab!);
        using var model = folder is null ? BertForMaskedLM.Create(Config(parsed, tokenizer), parsed.GetValue(s_training.Seed)) : OpenEncoder(folder, parsed.GetValue(s_training.Seed));
        var options = new MaskedOptions
        {
            Training = s_training.Of(parsed, folder is null ? 1e-3 : 1e-4), MaskRate = parsed.GetValue(s_maskRate),
            Layout = parsed.GetValue(s_packed) ? RowLayout.Packed : RowLayout.Single,
        };
        var (train, held) = (Tokens(texts[false], terminal), Tokens(texts[true], null));
        Func<IReadOnlyDictionary<string, double>?> figures = () => held.Length == 0 ? null : MaskedLanguageModelling.Figures(model, held, tokenizer.Special, options.MaskRate, options.Training.MaxTokens);
        var before = figures();
        var report = MaskedLanguageModelling.Train(model, options, train, held, tokenizer.Special, run.Checkpoints, run, TimeProvider.System, cancellation);
        using var encoder = TextBackbone.Of(model.Encoder, folder ?? vocab!);
        var after = figures();
        encoder.Save(parsed.GetValue(s_output)!, s_training.Storage(parsed));
        return (report, before, after);

        WordTokens[] Tokens(IEnumerable<string> some, IProgress<StageProgress>? progress)
        {
            Func<string, IReadOnlyList<int>>? words = parsed.GetValue(s_characters) ? null : text => [.. WordSegmenter.Segment(text).Select(w => w.Start + w.Length)];
            string[] all = [.. some];
            var tokens = new WordTokens[all.Length];
            for (var at = 0; at < all.Length; at++)
            {
                cancellation.ThrowIfCancellationRequested();
                tokens[at] = WordTokens.Of(all[at], tokenizer, words);
                if (at % 500 == 499 || at + 1 == all.Length) progress?.Report(new("tokenizing", at + 1, all.Length, "texts"));
            }
            return tokens;
        }
    }

    private static (TrainingReport, IReadOnlyDictionary<string, double>?, IReadOnlyDictionary<string, double>?) Causal(
        ParseResult parsed, string folder, ILookup<bool, string> texts, TrainingRun run, Terminal terminal, CancellationToken cancellation)
    {
        using var backbone = TextBackbone.Open(folder, WeightUse.Train);
        var (model, special) = ((CausalLanguageModel)backbone.Network, backbone.Tokenizer.Special);
        var rank = parsed.GetValue(s_lora);
        var options = new CausalOptions { Training = s_training.Of(parsed, rank > 0 ? 1e-3 : 1e-4) };
        int[][] train = [.. texts[false].Select(backbone.Tokenizer.EncodePlain)], held = [.. texts[true].Select(backbone.Tokenizer.EncodePlain)];
        IReadOnlyDictionary<string, double>? Figures() => held.Length == 0 ? null : CausalLanguageModelling.Figures(model, held, special, options.Training.MaxTokens);
        var before = Figures();
        var adapter = rank > 0 ? LoraAdapter.Attach(model, new() { Rank = rank, Alpha = 2 * rank, BaseModel = folder }, options.Training.Seed) : null;
        var report = CausalLanguageModelling.Train(model, options, train, held, special, run.Checkpoints, run, TimeProvider.System, cancellation);
        if (adapter is not null)
        {
            adapter.Write(Path.Combine(parsed.GetValue(s_output)!, "adapter"));
            adapter.Merge();
        }
        var after = Figures();
        backbone.Save(parsed.GetValue(s_output)!, s_training.Storage(parsed));
        return (report, before, after);
    }

    private static BertConfig Config(ParseResult parsed, ITokenizer tokenizer)
    {
        var (hidden, heads, runs) = (parsed.GetValue(s_hidden), parsed.GetValue(s_heads), parsed.GetValue(s_runs));
        if (heads < 1 || hidden % heads != 0) throw new UsageException($"--heads {heads}: give a divisor of the width, {hidden}.");
        return new()
        {
            VocabSize = tokenizer.Vocabulary.Count, HiddenSize = hidden, Layers = parsed.GetValue(s_layers), Heads = heads, IntermediateSize = 4 * hidden,
            MaxPositions = Math.Max(512, parsed.GetValue(s_training.MaxTokens)), HiddenDropout = parsed.GetValue(s_dropout), PadTokenId = tokenizer.Special.Pad ?? 0,
            NGramBuckets = runs > 0 ? Buckets : 0, NGramOrder = Math.Max(2, runs),
        };
    }

    private static BertForMaskedLM OpenEncoder(string folder, int seed)
    {
        using var opened = HuggingFaceFolder.Open(folder);
        return opened.BertForMaskedLM(WeightUse.Train, seed);
    }

    private static bool IsEncoder(string folder)
    {
        using var opened = HuggingFaceFolder.Open(folder);
        return opened.IsEncoder;
    }

    // By content, so that the same text is held out whatever else the file holds.
    private static int Part(string text) => (int)(Convert.ToUInt32(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8], 16) % 100);
}
