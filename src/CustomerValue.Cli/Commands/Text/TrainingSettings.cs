using System.CommandLine;
using System.Globalization;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Training;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>How a trained model's numbers can be stored.</summary>
internal enum StoredNumbers { Float32, Float16, BFloat16 }

/// <summary>The options that every command that trains has.</summary>
internal static class TrainingSettings
{
    public static readonly Option<int> Epochs = new("--epochs") { Description = "Passes over the texts.", DefaultValueFactory = _ => 3 };
    public static readonly Option<int?> Steps = new("--steps") { Description = "End after so many steps, if the epochs have more." };
    public static readonly Option<double?> Rate = new("--rate") { Description = "Highest step size: about 1e-3 from scratch, 5e-5 for imported weights, 1e-3 for an adapter. Halve it first when the loss rises." };
    public static readonly Option<double> Warmup = new("--warmup") { Description = "Share of the steps over which the step size grows.", DefaultValueFactory = _ => 0.06 };
    public static readonly Option<int> BatchTokens = new("--batch-tokens") { Description = "Most tokens of a batch. Small ones learn faster from little text.", DefaultValueFactory = _ => 1024 };
    public static readonly Option<int> MaxTokens = new("--max-tokens") { Description = "Longest text, in tokens; what is beyond is cut off.", DefaultValueFactory = _ => 128 };
    public static readonly Option<int> Accumulation = new("--accumulate") { Description = "Batches whose gradients make one step.", DefaultValueFactory = _ => 1 };
    public static readonly Option<int> EvaluateEvery = new("--evaluate-every") { Description = "Steps between evaluations; 0: after each epoch.", DefaultValueFactory = _ => 0 };
    public static readonly Option<int> Patience = new("--patience") { Description = "Evaluations without a better score after which the run ends; 0: never.", DefaultValueFactory = _ => 0 };
    public static readonly Option<KeptWeights?> Keep = new("--keep") { Description = "Which weights to end with: last, best on the dev texts, or average over the steps." };
    public static readonly Option<int> Seed = new("--seed") { Description = "Seed of everything random.", DefaultValueFactory = _ => 1 };
    public static readonly Option<int> Threads = new("--threads") { Description = "Threads of libtorch; more than 1 only on a quiet machine. The same bits for the same number only.", DefaultValueFactory = _ => 1 };
    public static readonly Option<bool> Bfloat16 = new("--bfloat16") { Description = "Multiply in 16 bits, for about half as much speed again; for processors that can (AVX512_BF16, AMX), refused on others." };
    public static readonly Option<int> CheckpointEvery = new("--checkpoint-every") { Description = "Steps between checkpoints.", DefaultValueFactory = _ => 500 };

    private static readonly Option<StoredNumbers> s_dtype = new("--dtype") { Description = "How the model's numbers are stored: float32, or half as large float16 or bfloat16, rounded to the nearest. It is trained in single precision all the same.", DefaultValueFactory = _ => StoredNumbers.Float32 };
    private static readonly Option<string> s_shardSize = new("--shard-size") { Description = "Most bytes of one file of weights, such as 500MB or 5GB; a larger model is cut into several, with an index.", DefaultValueFactory = _ => "5GB", HelpName = "SIZE" };

    public static IEnumerable<Option> All() =>
        [s_dtype, s_shardSize, Epochs, Steps, Rate, Warmup, BatchTokens, MaxTokens, Accumulation, EvaluateEvery, Patience, Keep, Seed, Threads, Bfloat16, CheckpointEvery];

    /// <summary>The options as asked for.</summary>
    /// <exception cref="UsageException">One is out of its range; the message names it.</exception>
    public static TrainingOptions Of(ParseResult parsed, double rate, KeptWeights keep)
    {
        try
        {
            return new()
            {
                Epochs = parsed.GetValue(Epochs), Steps = parsed.GetValue(Steps), LearningRate = parsed.GetValue(Rate) ?? rate, Warmup = parsed.GetValue(Warmup),
                TokensPerBatch = parsed.GetValue(BatchTokens), MaxTokens = parsed.GetValue(MaxTokens), Accumulation = parsed.GetValue(Accumulation),
                EvaluateEvery = parsed.GetValue(EvaluateEvery), Patience = parsed.GetValue(Patience), Keep = parsed.GetValue(Keep) ?? keep, Seed = parsed.GetValue(Seed),
                Threads = parsed.GetValue(Threads), Autocast = parsed.GetValue(Bfloat16), CheckpointEvery = parsed.GetValue(CheckpointEvery),
            };
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new UsageException(error.Message);
        }
    }

    /// <summary>How the model is stored.</summary>
    /// <exception cref="UsageException">The size is none.</exception>
    public static WeightStorage Storage(ParseResult parsed)
    {
        var size = parsed.GetValue(s_shardSize)!.Trim().ToUpperInvariant();
        var (unit, digits) = size switch
        {
            [.. var number, 'G', 'B'] => (1_000_000_000.0, number),
            [.. var number, 'M', 'B'] => (1_000_000.0, number),
            [.. var number, 'K', 'B'] => (1_000.0, number),
            _ => (1.0, size),
        };
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) || count * unit is not (>= 1 and < 9e18)) throw new UsageException($"--shard-size {parsed.GetValue(s_shardSize)}: a number of bytes, KB, MB or GB is expected, such as 500MB.");
        return new() { Type = parsed.GetValue(s_dtype) switch { StoredNumbers.Float16 => WeightType.Float16, StoredNumbers.BFloat16 => WeightType.BFloat16, _ => WeightType.Float32 }, ShardBytes = (long)(count * unit) };
    }

    /// <summary>What was asked for, as a run records it; how the model is stored decides no training, so a run goes on though it is asked for otherwise.</summary>
    public static Dictionary<string, string> Told(ParseResult parsed) => parsed.CommandResult.Command.Options
        .Where(o => o != s_dtype && o != s_shardSize && parsed.GetResult(o) is { Implicit: false }).ToDictionary(o => o.Name.TrimStart('-'), o => string.Join(' ', parsed.GetResult(o)!.Tokens.Select(t => t.Value)))
        .Concat([new("threads_used", parsed.GetValue(Threads).ToString(CultureInfo.InvariantCulture))]).ToDictionary(s => s.Key, s => s.Value);
}
