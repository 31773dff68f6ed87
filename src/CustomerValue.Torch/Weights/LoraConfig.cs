using System.Text.Json;
using System.Text.RegularExpressions;

namespace CustomerValue.Torch.Weights;

/// <summary>What a LoRA adapter changes, and how strongly; PEFT's adapter_config.json.</summary>
public sealed record LoraConfig
{
    /// <summary>PEFT's name for every linear layer but the head.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>r: rank of the change.</summary>
    public int Rank { get; init => field = Check.Within(value, 1, 65_536); } = 8;

    /// <summary>lora_alpha: strength; the change is scaled by alpha / r.</summary>
    public double Alpha { get; init => field = Check.Within(value, 0, 1e6); } = 16;

    /// <summary>Share of inputs dropped in training.</summary>
    public double Dropout { get; init => field = Check.Within(value, 0, 0.99); }

    /// <summary>Last parts of the names of the layers that are changed, such as query or q_proj; or 'all-linear'.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [AllLinear];

    /// <summary>A regular expression over whole names in place of <see cref="Targets"/>; null for none.</summary>
    public string? TargetPattern { get; init; }

    /// <summary>Scaled by alpha / sqrt(r): Kalajdzievski (2023), rank-stabilised LoRA.</summary>
    public bool RankStabilised { get; init; }

    /// <summary>Name of the model that it was made for.</summary>
    public string BaseModel { get; init; } = "";

    /// <summary>PEFT's task, such as CAUSAL_LM, SEQ_CLS or FEATURE_EXTRACTION; null for none.</summary>
    public string? Task { get; init; }

    /// <summary>What the product of both factors is multiplied by.</summary>
    public double Scale => Alpha / (RankStabilised ? Math.Sqrt(Rank) : Rank);

    /// <summary>Reads adapter_config.json.</summary>
    /// <exception cref="InvalidDataException">It is another kind of adapter, or asks for what isn't built here.</exception>
    public static LoraConfig Read(string path)
    {
        using var json = ConfigFile.Open(path);
        if (json.Text("peft_type", "missing") is not "LORA" and var type) throw json.Refused("peft_type", type, "LORA");
        foreach (var flag in (string[])["use_dora", "lora_bias", "use_qalora"]) json.RefuseFlag(flag, expected: false);
        if (json.Text("bias", "none") is not "none" and var bias) throw json.Refused("bias", bias, "none");
        foreach (var unbuilt in (string[])["modules_to_save", "layers_to_transform", "layer_replication", "rank_pattern", "alpha_pattern", "exclude_modules", "target_parameters", "trainable_token_indices", "megatron_config", "use_bdlora"])
            if (json.Find(unbuilt) is { } found && found.GetRawText() is not ("{}" or "[]" or "false")) throw json.Refused(unbuilt, found.GetRawText(), "none; what it asks for isn't built here");
        return json.Checked(() => new LoraConfig
        {
            Rank = json.Number("r"), Alpha = json.Real("lora_alpha"), Dropout = json.Real("lora_dropout", 0), RankStabilised = json.Flag("use_rslora", false),
            BaseModel = json.Text("base_model_name_or_path", ""), Task = json.Has("task_type") ? json.Text("task_type") : null,
            Targets = json.Find("target_modules") is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(t => t.ToString())]
                : json.Text("target_modules", AllLinear) == AllLinear ? [AllLinear] : [],
            TargetPattern = json.Find("target_modules") is { ValueKind: JsonValueKind.String } text && text.GetString() != AllLinear ? text.GetString() : null,
        });
    }

    /// <summary>Writes adapter_config.json, as PEFT reads it.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="inputsFirst">Whether the weights lie [in, out] (GPT-2), which PEFT wants told.</param>
    public void Write(string path, bool inputsFirst) => ConfigFile.Write(path, json =>
    {
        json.WriteString("base_model_name_or_path", BaseModel);
        json.WriteString("bias", "none");
        json.WriteBoolean("fan_in_fan_out", inputsFirst);
        json.WriteBoolean("inference_mode", true);
        json.WriteNumber("lora_alpha", Alpha);
        json.WriteNumber("lora_dropout", Dropout);
        json.WriteString("peft_type", "LORA");
        json.WriteNumber("r", Rank);
        if (TargetPattern is not null || Targets is [AllLinear]) json.WriteString("target_modules", TargetPattern ?? AllLinear);
        else
        {
            json.WriteStartArray("target_modules");
            foreach (var target in Targets) json.WriteStringValue(target);
            json.WriteEndArray();
        }
        if (Task is null) json.WriteNull("task_type");
        else json.WriteString("task_type", Task);
        json.WriteBoolean("use_dora", false);
        json.WriteBoolean("use_rslora", RankStabilised);
    });

    /// <summary>Whether a layer of that name is changed.</summary>
    internal bool Matches(string name)
    {
        // A pattern comes from a file that anyone may have made: one that takes long isn't waited for.
        if (TargetPattern is not null) return Regex.IsMatch(name, $"^(?:{TargetPattern})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return Targets is [AllLinear] ? name != "lm_head" && !name.StartsWith("cls.", StringComparison.Ordinal)
            : Targets.Any(t => name == t || name.EndsWith("." + t, StringComparison.Ordinal));
    }
}
