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

    private static string Json(IEnumerable<JsonNode> columns) => new JsonArray([.. columns]).ToJsonString(s_json);

    private static JsonObject Column(string type, string name, bool required) => new() { ["type"] = type, ["name"] = name, ["required"] = required };
}
