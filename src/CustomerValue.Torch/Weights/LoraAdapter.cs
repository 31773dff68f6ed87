using System.Text.RegularExpressions;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Language;
using Linear = CustomerValue.Torch.Language.Linear;
using Parameter = TorchSharp.Modules.Parameter;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Weights;

/// <summary>A low-rank change of a model's linear layers: trained in place of the model, kept in a folder of its own, merged for serving.</summary>
/// <remarks>Hu and others (2021), "LoRA: Low-Rank Adaptation of Large Language Models". Folders are PEFT's: adapter_config.json and adapter_model.safetensors.</remarks>
public sealed class LoraAdapter
{
    private const string ConfigName = "adapter_config.json", WeightsName = "adapter_model.safetensors", Prefix = "base_model.model.";
    private readonly List<(string Name, Linear Layer, LoraPair Pair)> _changed;
    private readonly Dictionary<Linear, Parameter> _originals = [];

    private LoraAdapter(LoraConfig config, List<(string, Linear, LoraPair)> changed) => (Config, _changed) = (config, changed);

    /// <summary>What it changes, and how strongly.</summary>
    public LoraConfig Config { get; }

    /// <summary>Names of the layers that it changes.</summary>
    public IReadOnlyList<string> Layers => [.. _changed.Select(c => c.Name)];

    /// <summary>What is trained: two factors a layer.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters =>
        [.. _changed.SelectMany(c => new[] { ($"{c.Name}.lora_A.weight", c.Pair.A), ($"{c.Name}.lora_B.weight", c.Pair.B) })];

    /// <summary>Whether the change has been worked into the weights.</summary>
    public bool Merged => _originals.Count > 0;

    /// <summary>Attaches a new adapter, which changes nothing until it is trained; every other parameter of the model is frozen.</summary>
    /// <param name="model">The model.</param>
    /// <param name="config">Which layers, and how strongly.</param>
    /// <param name="seed">Of the first factor's numbers.</param>
    /// <exception cref="ArgumentException">No layer is meant, or one has an adapter already.</exception>
    public static LoraAdapter Attach(nn.Module model, LoraConfig config, long seed)
    {
        foreach (var (_, parameter) in model.named_parameters()) parameter.requires_grad_(false);
        return Attach(model, config, (name, layer) => New(name, layer, config, seed));
    }

    /// <summary>Attaches an adapter from its folder, for reading.</summary>
    /// <param name="folder">PEFT's adapter folder.</param>
    /// <param name="model">The model that it was made for.</param>
    /// <param name="trainable">Whether its training is to go on.</param>
    /// <exception cref="InvalidDataException">It is another kind of adapter, or doesn't fit the model; every name that doesn't is told.</exception>
    /// <exception cref="WeightException">Its weights can't be trusted.</exception>
    public static LoraAdapter Read(string folder, nn.Module model, bool trainable = false)
    {
        var config = LoraConfig.Read(Path.Combine(folder, ConfigName));
        using var weights = WeightFolder.OpenFile(Path.Combine(folder, WeightsName));
        var left = weights.Weights.Select(w => w.Name).ToHashSet();
        var wrong = new List<string>();
        Parameter Factor(string layer, string factor, params long[] shape)
        {
            var found = weights.Weights.FirstOrDefault(w => w.Name.EndsWith($".{factor}.weight", StringComparison.Ordinal) && Same(w.Name[..^$".{factor}.weight".Length], layer));
            if (found is null || !found.Shape.AsSpan().SequenceEqual(shape))
            {
                wrong.Add(found is null ? $"{layer}.{factor} is missing" : $"{found.Name} is [{string.Join(", ", found.Shape)}], expected [{string.Join(", ", shape)}]");
                return Owned(zeros(shape), trainable);
            }
            left.Remove(found.Name);
            return Owned(tensor(weights.ReadSingles(found.Name)).reshape(shape), trainable);
        }
        if (trainable) foreach (var (_, parameter) in model.named_parameters()) parameter.requires_grad_(false);
        LoraAdapter adapter;
        try { adapter = Attach(model, config, (name, layer) => new(Factor(name, "lora_A", config.Rank, layer.Inputs), Factor(name, "lora_B", layer.Outputs, config.Rank), config.Scale, config.Dropout)); }
        catch (ArgumentException error) { throw new InvalidDataException($"{folder}: the adapter doesn't fit the model. {error.Message}", error); }
        wrong.AddRange(left.Select(name => $"{name} belongs to no layer that adapter_config.json names"));
        if (wrong.Count == 0) return adapter;
        adapter.Detach();
        throw new InvalidDataException($"{folder}: the adapter doesn't fit the model: {string.Join("; ", wrong)}. Take the adapter that was made for this model.");
    }

    /// <summary>Writes the adapter's folder, as PEFT reads it.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        SafeTensorsWriter.Write(Path.Combine(folder, WeightsName), Parameters.Select(p => TensorWeights.Of(Prefix + p.Name, p.Parameter)));
        Config.Write(Path.Combine(folder, ConfigName), _changed.Any(c => c.Layer.InputsFirst));
    }

    /// <summary>Works the change into the weights, in single precision: the model answers the same, at the cost of the model alone.</summary>
    public void Merge()
    {
        if (Merged) throw new InvalidOperationException("The adapter is merged already.");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        foreach (var (_, layer, pair) in _changed)
        {
            var change = pair.B.matmul(pair.A).Times(pair.Scale);                                 // [O, I]
            var weight = layer.Weight.to(ScalarType.Float32).Plus(layer.InputsFirst ? change.t() : change);
            _originals[layer] = layer.Replace(Owned(weight, trainable: false));
            layer.Detach();
        }
    }

    /// <summary>Takes the change out again: the weights are what they were, to the bit.</summary>
    public void Unmerge()
    {
        if (!Merged) throw new InvalidOperationException("The adapter isn't merged.");
        foreach (var (_, layer, pair) in _changed)
        {
            layer.Replace(_originals[layer]).Dispose();
            layer.Attach(pair);
        }
        _originals.Clear();
    }

    /// <summary>Takes the adapter off the model; the change is gone unless it was merged or written.</summary>
    public void Detach()
    {
        if (Merged) Unmerge();
        foreach (var (_, layer, _) in _changed) layer.Detach();
    }

    private static LoraAdapter Attach(nn.Module model, LoraConfig config, Func<string, Linear, LoraPair> pair)
    {
        List<(string Name, Linear Layer)> linear = [.. model.named_modules().Select(m => (m.name, m.module as Linear)).Where(m => m.Item2 is not null).Select(m => (m.name, m.Item2!))];
        List<(string Name, Linear Layer)> meant;
        try { meant = [.. linear.Where(l => config.Matches(l.Name))]; }
        catch (RegexMatchTimeoutException error) { throw new ArgumentException($"target_modules '{config.TargetPattern}' takes longer than a second to match. Name the layers instead.", error); }
        if (meant.Count == 0)
            throw new ArgumentException($"No linear layer is named {config.TargetPattern ?? string.Join(" or ", config.Targets)}. The model has: {string.Join(", ", linear.Select(l => l.Name[(l.Name.LastIndexOf('.') + 1)..]).Distinct())}.");
        var changed = meant.ConvertAll(m => (m.Name, m.Layer, pair(m.Name, m.Layer)));
        foreach (var (_, layer, lora) in changed) layer.Attach(lora);
        return new(config, changed);
    }

    // A as PEFT starts it: uniform within 1 / sqrt(I). B is zero.
    private static LoraPair New(string name, Linear layer, LoraConfig config, long seed)
    {
        var (chance, bound) = (SplitMix64.Stream(seed, NewParameters.Stream(name)), 1 / Math.Sqrt(layer.Inputs));
        var values = new float[config.Rank * layer.Inputs];
        for (var i = 0; i < values.Length; i++) values[i] = (float)(bound * (2 * chance.Unit() - 1));
        return new(Owned(tensor(values).reshape(config.Rank, layer.Inputs), true), Owned(zeros(layer.Outputs, config.Rank), true), config.Scale, config.Dropout);
    }

    private static Parameter Owned(Tensor tensor, bool trainable)
    {
        var parameter = new Parameter(tensor, trainable);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    // PEFT names start with base_model.model.; below that the base model's own prefix (model., bert.) is there or not, according to the class that was adapted.
    private static bool Same(string file, string layer)
    {
        var name = file.StartsWith(Prefix, StringComparison.Ordinal) ? file[Prefix.Length..] : file;
        return name == layer || name.EndsWith("." + layer, StringComparison.Ordinal) || layer.EndsWith("." + name, StringComparison.Ordinal);
    }
}
