using System.CommandLine;
using System.Globalization;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Training;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>How a trained model's numbers can be stored.</summary>
internal enum StoredNumbers { Float32, Float16, BFloat16 }

/// <summary>The options that every command that trains has; what they are by default is the command's.</summary>
/// <param name="defaults">What holds where an option isn't given; the step size is asked for apart, since it depends on what learns.</param>
internal sealed class TrainingSettings(TrainingOptions defaults)
{
    private readonly Option<int> _epochs = new("--epochs") { Description = "Passes over the texts.", DefaultValueFactory = _ => defaults.Epochs };
    private readonly Option<int?> _steps = new("--steps") { Description = "End after so many steps, if the epochs have more." };
    private readonly Option<double?> _rate = new("--rate", "--learning-rate") { Description = "Highest step size: about 1e-3 from scratch, 5e-5 for imported weights, 1e-3 for an adapter. Halve it first when the loss rises." };
    private readonly Option<double> _nGramRate = new("--ngram-rate") { Description = "Encoders that read runs of tokens: the step size of the runs' vectors over that of the rest. Each is read so seldom that small steps never bring it far.", DefaultValueFactory = _ => defaults.NGramRate, HelpName = "FACTOR" };
    private readonly Option<double> _warmup = new("--warmup") { Description = "Share of the steps over which the step size grows.", DefaultValueFactory = _ => defaults.Warmup };
    private readonly Option<int> _batchTokens = new("--batch-tokens") { Description = "Most tokens of a batch. Small ones learn faster from little text.", DefaultValueFactory = _ => defaults.TokensPerBatch };
    private readonly Option<int> _accumulation = new("--accumulate") { Description = "Batches whose gradients make one step.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _evaluateEvery = new("--evaluate-every") { Description = "Steps between evaluations; 0: after each epoch.", DefaultValueFactory = _ => 0 };
    private readonly Option<int> _patience = new("--patience") { Description = "Evaluations without a better score after which the run ends; 0: never.", DefaultValueFactory = _ => 0 };
    private readonly Option<KeptWeights?> _keep = new("--keep") { Description = Terminal.Text($"Which weights to end with: those after the last step, those that did best on the texts measured on, or an average over the steps, the late ones counting most (default: {defaults.Keep.ToString().ToLowerInvariant()}).") };
    private readonly Option<bool> _bfloat16 = new("--bfloat16") { Description = "Multiply in 16 bits, for about half as much speed again; for processors that can (AVX512_BF16, AMX), refused on others." };
    private readonly Option<bool> _checkpointing = new("--gradient-checkpointing") { Description = "Keep only what goes into each layer and compute the rest again on the way back: little memory for long texts and large models, for about a third more time." };
    private readonly Option<int> _checkpointEvery = new("--checkpoint-every") { Description = "Steps between checkpoints.", DefaultValueFactory = _ => defaults.CheckpointEvery };

    private readonly Option<StoredNumbers> _dtype = new("--dtype") { Description = "How the model's numbers are stored: float32, or half as large float16 or bfloat16, rounded to the nearest. It is trained in single precision all the same.", DefaultValueFactory = _ => StoredNumbers.Float32 };
    private readonly Option<string> _shardSize = new("--shard-size") { Description = "Most bytes of one file of weights, such as 500MB or 5GB; a larger model is cut into several, with an index.", DefaultValueFactory = _ => "5GB", HelpName = "SIZE" };

    /// <summary>Longest text, in tokens.</summary>
    public Option<int> MaxTokens { get; } = new("--max-tokens", "--tokens") { Description = "Longest text, in tokens; what is beyond is cut off.", DefaultValueFactory = _ => defaults.MaxTokens };

    /// <summary>Seed of everything random.</summary>
    public Option<int> Seed { get; } = new("--seed") { Description = "Seed of everything random.", DefaultValueFactory = _ => 1 };

    private Option<int> Threads { get; } = new("--threads") { Description = "Threads of libtorch; more than 1 only on a quiet machine. The same bits for the same number only.", DefaultValueFactory = _ => 1 };

    /// <summary>The output folder, as every command that trains has it.</summary>
    public static Option<string> Output() => new("--output", "--out")
        { Description = "The model's folder; checkpoints stand in it while the run lasts, and the same command goes on from them.", Required = true, HelpName = "DIR" };

    /// <summary>Adds all to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_dtype, _shardSize, _epochs, _steps, _rate, _nGramRate, _warmup, _batchTokens, MaxTokens, _accumulation, _evaluateEvery, _patience, _keep, Seed, Threads, _bfloat16, _checkpointing, _checkpointEvery])
            command.Add(option);
    }

    /// <summary>The options as asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="rate">The step size where none is given.</param>
    /// <exception cref="UsageException">One is out of its range; the message names it.</exception>
    public TrainingOptions Of(ParseResult parsed, double rate)
    {
        try
        {
            return defaults with
            {
                Epochs = parsed.GetValue(_epochs), Steps = parsed.GetValue(_steps), LearningRate = parsed.GetValue(_rate) ?? rate, NGramRate = parsed.GetValue(_nGramRate), Warmup = parsed.GetValue(_warmup),
                TokensPerBatch = parsed.GetValue(_batchTokens), MaxTokens = parsed.GetValue(MaxTokens), Accumulation = parsed.GetValue(_accumulation),
                EvaluateEvery = parsed.GetValue(_evaluateEvery), Patience = parsed.GetValue(_patience), Keep = parsed.GetValue(_keep) ?? defaults.Keep, Seed = parsed.GetValue(Seed),
                Threads = parsed.GetValue(Threads), Autocast = parsed.GetValue(_bfloat16), GradientCheckpointing = parsed.GetValue(_checkpointing), CheckpointEvery = parsed.GetValue(_checkpointEvery),
            };
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new UsageException(error.Message);
        }
    }

    /// <summary>How the model is stored.</summary>
    /// <exception cref="UsageException">The size is none.</exception>
    public WeightStorage Storage(ParseResult parsed)
    {
        var size = parsed.GetValue(_shardSize)!.Trim().ToUpperInvariant();
        var (unit, digits) = size switch
        {
            [.. var number, 'G', 'B'] => (1_000_000_000.0, number),
            [.. var number, 'M', 'B'] => (1_000_000.0, number),
            [.. var number, 'K', 'B'] => (1_000.0, number),
            _ => (1.0, size),
        };
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) || count * unit is not (>= 1 and < 9e18)) throw new UsageException($"--shard-size {parsed.GetValue(_shardSize)}: a number of bytes, KB, MB or GB is expected, such as 500MB.");
        return new() { Type = parsed.GetValue(_dtype) switch { StoredNumbers.Float16 => WeightType.Float16, StoredNumbers.BFloat16 => WeightType.BFloat16, _ => WeightType.Float32 }, ShardBytes = (long)(count * unit) };
    }

    /// <summary>What was asked for, as a run records it; how the model is stored decides no training, so a run goes on though it is asked for otherwise.</summary>
    public Dictionary<string, string> Told(ParseResult parsed) => parsed.CommandResult.Command.Options
        .Where(o => o != _dtype && o != _shardSize && parsed.GetResult(o) is { Implicit: false }).ToDictionary(o => o.Name.TrimStart('-'), o => string.Join(' ', parsed.GetResult(o)!.Tokens.Select(t => t.Value)))
        .Concat([new("threads_used", parsed.GetValue(Threads).ToString(CultureInfo.InvariantCulture))]).ToDictionary(s => s.Key, s => s.Value);
}
