using System.Globalization;
using System.Text;

namespace CustomerValue.Packaging;

/// <summary><c>MLmodel</c>: how MLflow knows that a folder is a model. A flavor of our own, the signature, and where it comes from; no time and no run, which MLflow keeps itself.</summary>
internal static class MlModelFile
{
    public const string Flavor = "customervalue";

    public static string Write(PackageManifest manifest, ModelSignature signature, string decisive)
    {
        var text = new StringBuilder();
        Line("flavors:");
        Line($"  {Flavor}:");
        Line($"    data: {PackageManifest.Models}");
        Line("    dotnet_version: '10.0'");
        Line($"    manifest: {PackageManifest.Path}");
        Line(SchemaLine(manifest.SchemaVersion));
        Line($"    self_test: {PackageManifest.SelfTest}");
        Line("is_signature_from_type_hint: false");
        Line("metadata:");
        if (manifest.Churn is { } churn) Line($"  churn_candidate: {Quoted(churn.Candidate)}");
        Line($"  commit: {Quoted(manifest.Origin.Commit)}");
        Line($"  data_fingerprint: {Quoted(manifest.Origin.DataFingerprint)}");
        Line($"  experiment: {Quoted(manifest.Origin.Experiment)}");
        Line(string.Create(CultureInfo.InvariantCulture, $"  horizon_days: {manifest.Origin.HorizonDays}"));
        Line(string.Create(CultureInfo.InvariantCulture, $"  seed: {manifest.Origin.Seed}"));
        if (manifest.Value is { } value) Line($"  value_candidate: {Quoted(value.Candidate)}");
        Line($"model_uuid: {decisive[..32]}");
        Line("prompts: null");
        Line("signature:");
        Line($"  inputs: {Quoted(signature.InputsJson)}");
        Line($"  outputs: {Quoted(signature.OutputsJson)}");
        Line("  params: null");
        Line("type_hint_from_example: false");
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>Refuses a file that doesn't declare this program's flavor in the manifest's form.</summary>
    public static void Require(string text, int schema)
    {
        var lines = text.Split('\n');
        if (!lines.Contains("flavors:") || !lines.Contains($"  {Flavor}:") || !lines.Contains(SchemaLine(schema)))
            throw new PackageException(
                $"{PackageManifest.MlModel} doesn't declare the flavor '{Flavor}' with schema_version {schema}, so this is no model of this program. " +
                "A model of another flavor is loaded by the program that wrote it.");
    }

    private static string SchemaLine(int version) => string.Create(CultureInfo.InvariantCulture, $"    schema_version: {version}");

    // In single quotes YAML takes everything as it stands, but for the quote itself, which is doubled, and line breaks.
    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal).ReplaceLineEndings(" ")}'";
}
