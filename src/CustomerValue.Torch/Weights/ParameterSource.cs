using CustomerValue.Text.Weights;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Weights;

/// <summary>Where a network's parameters come from: a folder of weights, or chance. A network asks for each by name and shape while it is built.</summary>
internal abstract class ParameterSource
{
    /// <summary>The parameter of that name and shape; the caller owns it.</summary>
    internal abstract Parameter Get(string name, long[] shape);

    /// <summary>Whether there is a parameter of that name, for parts that a network may lack.</summary>
    internal abstract bool Has(string name);

    /// <summary>The parameter, in no dispose scope: its module owns it.</summary>
    protected static Parameter Owned(Parameter parameter)
    {
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <summary>The scope of all names.</summary>
    internal ParameterScope Root => new(this, "");
}

/// <summary>The parameters of one part of a network: names below a prefix.</summary>
internal readonly record struct ParameterScope(ParameterSource Source, string Prefix)
{
    /// <summary>The scope of a part, such as attention.self.</summary>
    internal ParameterScope this[string part] => new(Source, Prefix.Length == 0 ? part : $"{Prefix}.{part}");

    /// <summary>The scope of a layer in a list.</summary>
    internal ParameterScope this[int layer] => this[layer.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>The parameter below this scope.</summary>
    internal Parameter Get(string name, params long[] shape) => Source.Get(this[name].Prefix, shape);

    /// <summary>Whether there is one.</summary>
    internal bool Has(string name) => Source.Has(this[name].Prefix);
}

/// <summary>New parameters, seeded: normal with a standard deviation, but 1 for the scales of norms and 0 for biases. A name's numbers depend on seed, name and shape only.</summary>
/// <param name="seed">Same seed, same numbers, on any machine and for any number of threads.</param>
/// <param name="deviation">Standard deviation; .02 as in BERT and GPT-2.</param>
internal sealed class NewParameters(long seed, double deviation) : ParameterSource
{
    internal override bool Has(string name) => true;

    internal override Parameter Get(string name, long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (n, d) => n * d)];
        if (name.Contains("norm", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".weight", StringComparison.Ordinal) || name.Contains("ln_", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal))
            Array.Fill(values, 1);
        // What runs of tokens bring begins as large as what the tokens bring.
        else if (name.EndsWith(NGramEmbeddings.ProjectionName, StringComparison.Ordinal)) Normal(values, SplitMix64.Stream(seed, Stream(name)), 1 / Math.Sqrt(shape[1]));
        else if (!name.EndsWith("bias", StringComparison.Ordinal)) Normal(values, SplitMix64.Stream(seed, Stream(name)), deviation);
        using var _ = NewDisposeScope();
        return Owned(new(tensor(values).reshape(shape)));
    }

    /// <summary>Fills with normal numbers, by Box and Muller.</summary>
    internal static void Normal(Span<float> values, SplitMix64 chance, double deviation)
    {
        for (var i = 0; i < values.Length; i += 2)
        {
            var (radius, angle) = (deviation * Math.Sqrt(-2 * Math.Log(1 - chance.Unit())), 2 * Math.PI * chance.Unit());
            values[i] = (float)(radius * Math.Cos(angle));
            if (i + 1 < values.Length) values[i + 1] = (float)(radius * Math.Sin(angle));
        }
    }

    /// <summary>A name's number: FNV-1a, 64 bits.</summary>
    internal static long Stream(string name) => unchecked((long)name.Aggregate(14695981039346656037UL, (hash, c) => (hash ^ c) * 1099511628211UL));
}

/// <summary>Parameters from a folder of weights, and what didn't fit.</summary>
/// <param name="weights">The folder.</param>
/// <param name="use">Whether they stay as stored, in mapped memory, or become single precision of their own.</param>
/// <param name="fileName">A parameter's name in the files.</param>
internal sealed class FolderParameters(WeightFolder weights, WeightUse use, Func<string, string> fileName) : ParameterSource
{
    private readonly HashSet<string> _used = [];
    private readonly List<string> _missing = [], _misshapen = [], _absent = [];

    internal override bool Has(string name)
    {
        var has = weights.Find(fileName(name)) is not null;
        if (!has) _absent.Add(fileName(name));
        return has;
    }

    internal override Parameter Get(string name, long[] shape)
    {
        if (weights.Find(fileName(name)) is not { } weight)
        {
            _missing.Add(fileName(name));
            return Placeholder();
        }
        _used.Add(weight.Name);
        if (!weight.Shape.AsSpan().SequenceEqual(shape))
        {
            _misshapen.Add($"{weight.Name} is [{string.Join(", ", weight.Shape)}], expected [{string.Join(", ", shape)}]");
            return Placeholder();
        }
        using var _ = NewDisposeScope();
        var tensor = MappedTensors.Of(weights, weight);
        if (use == WeightUse.Train) tensor = tensor.to(ScalarType.Float32, copy: true);
        else if (use == WeightUse.Single || weight.Type is not (WeightType.Float32 or WeightType.Float16 or WeightType.BFloat16)) tensor = tensor.to(ScalarType.Float32);
        if (!TorchDevice.IsProcessor) tensor = tensor.to(TorchDevice.Current);
        return Owned(new(tensor, requires_grad: use == WeightUse.Train));
    }

    /// <summary>Names in the files that nobody asked for.</summary>
    internal IReadOnlyList<string> Extra => [.. weights.Weights.Select(w => w.Name).Where(name => !_used.Contains(name))];

    /// <summary>Names of parts that a network may lack, and that the files lack.</summary>
    internal IReadOnlyList<string> Absent => _absent;

    /// <summary>Names that were asked for and aren't in the files.</summary>
    internal IReadOnlyList<string> Missing => _missing;

    /// <summary>Weights whose shape isn't the one that the configuration implies.</summary>
    internal IReadOnlyList<string> Misshapen => _misshapen;

    private static Parameter Placeholder() => Owned(new(empty(0)));
}
