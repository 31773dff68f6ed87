using System.Text.Json;

namespace CustomerValue.Packaging;

/// <summary>What packages of all kinds are held to before anything in them is believed: the form's version, and files that are those of the manifest, byte for byte.</summary>
internal static class PackageForm
{
    private const string Meta = "registered_model_meta";         // MLflow's client adds it to what it downloads from a registry

    /// <summary>Whether the package tells texts apart rather than customers.</summary>
    /// <exception cref="PackageException">There is no manifest, or it is no JSON.</exception>
    public static bool IsOfTexts(PackageFiles files)
    {
        using var document = Document(files);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("answers", out _);
    }

    /// <summary>Reads the manifest. A newer form may have fields that this program doesn't know; so its version is looked at before anything else.</summary>
    /// <param name="files">The package's files.</param>
    /// <param name="schema">The version that is read.</param>
    /// <param name="texts">Whether a package of texts is expected.</param>
    /// <exception cref="PackageException">It is of another form, or isn't what is expected.</exception>
    public static T Manifest<T>(PackageFiles files, int schema, bool texts) where T : class
    {
        if (IsOfTexts(files) != texts)
            throw new PackageException(texts ? "This package tells of customers, not of texts. Score customers with it: customervalue score --package FILE --input FEATURES --output SCORES"
                : "This package tells texts apart, not customers. Ask it of texts: customervalue text classify --package FILE --text TEXT");
        using (var document = Document(files))
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("schema_version", out var version)
                && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && (number < 1 || number > schema))
                throw new PackageException(number > schema
                    ? $"{PackageManifest.Path} has schema version {number}, and this program reads up to {schema}. Use a newer program."
                    : $"{PackageManifest.Path} has schema version {number}, and 1 to {schema} are expected. {PackageException.Damaged}");
        return PackageJson.Read<T>(files, PackageManifest.Path);
    }

    private static JsonDocument Document(PackageFiles files) => files.Has(PackageManifest.Path) ? PackageJson.Parse(files, PackageManifest.Path)
        : throw new PackageException($"There is no {PackageManifest.Path}, so this is no package. It has: {string.Join(", ", files.Paths.Take(20))}. An experiment makes one: artifacts/package/NAME.zip.");

    /// <summary>Refuses files that aren't those listed, byte for byte.</summary>
    /// <exception cref="PackageException">One is missing, changed, extra or listed twice.</exception>
    public static void RequireListed(PackageFiles files, IReadOnlyList<PackagedFile> list)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in list)
        {
            if (!listed.Add(file.Path)) throw new PackageException($"{PackageManifest.Path} lists {Shown(file.Path)} twice. {PackageException.Damaged}");
            if (!files.Has(file.Path)) throw new PackageException($"{Shown(file.Path)} is missing; {PackageManifest.Path} lists it. {PackageException.Damaged}");
            var bytes = files[file.Path];
            if (bytes.Length != file.Bytes) throw new PackageException($"{file.Path} has {bytes.Length} bytes, and {PackageManifest.Path} says {file.Bytes}. {PackageException.Damaged}");
            if (PackageManifest.Sha256(bytes) is var found && found != file.Sha256)
                throw new PackageException($"{file.Path} was changed: its SHA-256 is {found[..12]}…, and {PackageManifest.Path} says {Shown(file.Sha256)}. {PackageException.Damaged}");
        }
        var extra = files.Paths.Where(p => p is not (PackageManifest.Path or Meta) && !listed.Contains(p)).ToArray();
        if (extra.Length > 0) throw new PackageException($"{string.Join(", ", extra.Take(5))} isn't listed in {PackageManifest.Path}, so nobody vouches for it. Take it out, or take the package from its source again.");
    }

    /// <summary>What a package says, short and without what a terminal obeys.</summary>
    public static string Shown(string text) => string.Concat(text.Take(60).Select(c => char.IsControl(c) ? '?' : c));
}
