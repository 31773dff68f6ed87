using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;

namespace CustomerValue.Torch.Training;

/// <summary>Which weights a run ends with.</summary>
public enum KeptWeights
{
    /// <summary>Those after the last step.</summary>
    Last,

    /// <summary>Those that scored best on the evaluation texts.</summary>
    Best,

    /// <summary>A running mean over the steps, the late ones counting most (<see cref="TrainingOptions.AverageDecay"/>).</summary>
    Average,
}

/// <summary>How a network learns, whatever it learns. All of it decides the result; the thread count does so in the last bits.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the data; fractions aren't needed, since <see cref="Steps"/> can end a run earlier.</summary>
    public int Epochs { get; init => field = Check.Within(value, 1, 100_000); } = 3;

    /// <summary>The most steps taken; null for all that the epochs have.</summary>
    public int? Steps { get; init => field = value is { } steps ? Check.Within(steps, 1, 100_000_000) : null; }

    /// <summary>Highest step size. From scratch 1e-3, imported weights 5e-5, heads alone 1e-2; halve it first when the loss rises.</summary>
    public double LearningRate { get; init => field = Check.Within(value, 1e-8, 1.0); } = 5e-4;

    /// <summary>Step size of the vectors of runs (<see cref="NGramEmbeddings"/>) over that of the rest: each is read so seldom that small steps never bring it far.</summary>
    public double NGramRate { get; init => field = Check.Within(value, 0.01, 1000); } = 5;

    /// <summary>What <see cref="LearningRate"/> is multiplied by for a weight, by its name.</summary>
    internal double RateScale(string name) => name.Contains(NGramEmbeddings.TableName, StringComparison.Ordinal) ? NGramRate : 1;

    /// <summary>Share of the steps over which the step size grows from 0.</summary>
    public double Warmup { get; init => field = Check.Within(value, 0, 1); } = 0.06;

    /// <summary>Share of the highest step size that is left at the end; the way down is a straight line.</summary>
    public double FinalRate { get; init => field = Check.Within(value, 0, 1); }

    /// <summary>Pull of matrices towards 0, a step, times the step size; vectors (biases, normalisations) feel none.</summary>
    public double WeightDecay { get; init => field = Check.Within(value, 0, 10); } = 0.01;

    /// <summary>Decay of the gradients' running mean.</summary>
    public double Beta1 { get; init => field = Check.Within(value, 0, 0.9999); } = 0.9;

    /// <summary>Decay of the squared gradients' running mean.</summary>
    public double Beta2 { get; init => field = Check.Within(value, 0, 0.999999); } = 0.98;

    /// <summary>Longest gradient, over all weights together; longer ones are shortened to it. 0: as they come.</summary>
    public double ClipNorm { get; init => field = Check.Within(value, 0, 1e9); } = 1;

    /// <summary>Batches whose gradients make one step.</summary>
    public int Accumulation { get; init => field = Check.Within(value, 1, 10_000); } = 1;

    /// <summary>Most tokens of a batch, padding included. Small ones learn faster from little text.</summary>
    public int TokensPerBatch { get; init => field = Check.Within(value, 8, 10_000_000); } = 1024;

    /// <summary>Longest text, in tokens; what is beyond is cut off.</summary>
    public int MaxTokens { get; init => field = Check.Within(value, 4, 1_000_000); } = 128;

    /// <summary>Seed of the batches, the masks, the dropout and the fresh weights.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads of libtorch. Two help on a quiet machine only, and results are the same bits for one count only.</summary>
    public int Threads { get; init => field = Check.Within(value, 1, 1024); } = 1;

    /// <summary>Steps between evaluations; 0: after each epoch.</summary>
    public int EvaluateEvery { get; init => field = Check.Within(value, 0, 100_000_000); }

    /// <summary>Evaluations without a better score after which a run ends; 0: it never ends for that.</summary>
    public int Patience { get; init => field = Check.Within(value, 0, 10_000); }

    /// <summary>Which weights a run ends with.</summary>
    public KeptWeights Keep { get; init; } = KeptWeights.Last;

    /// <summary>Decay, a step, of the running mean that <see cref="KeptWeights.Average"/> ends with.</summary>
    public double AverageDecay { get; init => field = Check.Within(value, 0, 0.999999); } = 0.995;

    /// <summary>Steps between checkpoints, where the run has a folder for them.</summary>
    public int CheckpointEvery { get; init => field = Check.Within(value, 1, 100_000_000); } = 500;

    /// <summary>Keeps only what goes into each layer, and computes what is inside again on the way back: little memory for long texts, for about a third more time.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Multiplies matrices in bfloat16 and adds up in single precision; weights and the optimiser stay in single precision. About twice the speed on
    /// processors that have such products (AVX512_BF16, AMX), and refused on others, where it is several times slower.</summary>
    public bool Autocast { get; init; }

    /// <summary>Whether this processor, or the GPU of a build for one, multiplies bfloat16 itself, so that <see cref="Autocast"/> is taken.</summary>
    public static bool CanAutocast => Bfloat16.IsFast || !TorchDevice.IsProcessor;

    /// <summary>Refuses what the processor doesn't do well.</summary>
    /// <exception cref="NotSupportedException">Autocast is asked for on a processor without bfloat16 products.</exception>
    internal void RequireProcessor()
    {
        if (Autocast && !Bfloat16.IsFast)
            throw new NotSupportedException($"{nameof(Autocast)} is on, and this processor has no bfloat16 products (AVX512_BF16 or AMX_BF16), without which they are several times slower. Leave it off.");
    }

    /// <summary>All that decides the result, one setting a line; a resumed run compares it.</summary>
    internal IReadOnlyDictionary<string, string> Settings() => typeof(TrainingOptions).GetProperties().Where(p => p.Name is not nameof(CheckpointEvery) and not nameof(CanAutocast) and not "EqualityContract")
        .OrderBy(p => p.Name, StringComparer.Ordinal).ToDictionary(p => p.Name, p => FormattableString.Invariant($"{p.GetValue(this)}"));
}
