using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustomerValue.Packaging;

/// <summary>Columns that go in and come out, as MLflow writes them: JSON inside the YAML of <c>MLmodel</c>.</summary>
/// <param name="Inputs">Names of the feature columns, all doubles and required.</param>
/// <param name="Outputs">Names of the answers, all doubles.</param>
public sealed record ModelSignature(IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>Names of the columns that scores are written in.</summary>
    public const string CustomerId = "customer_id", Value = "value", ValueLow = "value_low", ValueHigh = "value_high", Churn = "churn_probability";

    // Relaxed escaping keeps meanings in any language readable.
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The inputs as MLflow's schema.</summary>
    public string InputsJson => Json([Column("string", CustomerId, required: false), .. Inputs.Select(name => Column("double", name, required: true))]);

    /// <summary>The outputs as MLflow's schema.</summary>
    public string OutputsJson => Json([.. Outputs.Select(name => Column("double", name, required: true))]);

    /// <summary>Names of the columns that texts come in and labels are told in; the probability of one is <c>label:NAME</c>.</summary>
    public const string Text = "text", Label = "label";

    /// <summary>The column of a label's probability.</summary>
    public static string Probability(string label) => $"{Label}:{label}";

    /// <summary>A text, as MLflow's schema.</summary>
    internal static string TextInputsJson => Json([Column("string", Text, required: true)]);

    /// <summary>The likeliest label and each label's probability, as MLflow's schema.</summary>
    internal static string TextOutputsJson(IEnumerable<string> labels) => Json([Column("string", Label, required: true), .. labels.Select(label => Column("double", Probability(label), required: true))]);

    private static string Json(IEnumerable<JsonNode> columns) => new JsonArray([.. columns]).ToJsonString(s_json);

    private static JsonObject Column(string type, string name, bool required) => new() { ["type"] = type, ["name"] = name, ["required"] = required };
}
