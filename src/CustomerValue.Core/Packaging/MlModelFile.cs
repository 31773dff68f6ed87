using System.Globalization;
using System.Text;

namespace CustomerValue.Packaging;

/// <summary><c>MLmodel</c>: how MLflow knows that a folder is a model. A flavor of our own, the signature, and where it comes from; no time and no run, which MLflow keeps itself.</summary>
internal static class MlModelFile
{
    public const string Flavor = "customervalue";

    public static string Write(PackageManifest manifest, ModelSignature signature, string decisive)
    {
        var origin = manifest.Origin;
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["commit"] = Quoted(origin.Commit), ["data_fingerprint"] = Quoted(origin.DataFingerprint), ["experiment"] = Quoted(origin.Experiment),
            ["horizon_days"] = Text(origin.HorizonDays), ["seed"] = Text(origin.Seed),
        };
        if (manifest.Churn is { } churn) metadata["churn_candidate"] = Quoted(churn.Candidate);
        if (manifest.Value is { } value) metadata["value_candidate"] = Quoted(value.Candidate);
        return Write(manifest.SchemaVersion, metadata, signature.InputsJson, signature.OutputsJson, decisive);
    }

    public static string Write(TextManifest manifest, IReadOnlyList<string> labels, string decisive)
    {
        var origin = manifest.Origin;
        return Write(manifest.SchemaVersion, new(StringComparer.Ordinal)
        {
            ["candidate"] = Quoted(manifest.Label.Candidate), ["commit"] = Quoted(origin.Commit), ["data_fingerprint"] = Quoted(origin.DataFingerprint), ["experiment"] = Quoted(origin.Experiment), ["seed"] = Text(origin.Seed),
        }, ModelSignature.TextInputsJson, ModelSignature.TextOutputsJson(labels), decisive);
    }

    private static string Write(int schema, SortedDictionary<string, string> metadata, string inputs, string outputs, string decisive)
    {
        var text = new StringBuilder();
        Line("flavors:");
        Line($"  {Flavor}:");
        Line($"    data: {PackageManifest.Models}");
        Line("    dotnet_version: '10.0'");
        Line($"    manifest: {PackageManifest.Path}");
        Line(SchemaLine(schema));
        Line($"    self_test: {PackageManifest.SelfTest}");
        Line("is_signature_from_type_hint: false");
        Line("metadata:");
        foreach (var (name, value) in metadata) Line($"  {name}: {value}");
        Line($"model_uuid: {decisive[..32]}");
        Line("prompts: null");
        Line("signature:");
        Line($"  inputs: {Quoted(inputs)}");
        Line($"  outputs: {Quoted(outputs)}");
        Line("  params: null");
        Line("type_hint_from_example: false");
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

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
