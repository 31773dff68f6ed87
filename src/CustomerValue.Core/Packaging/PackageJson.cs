using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomerValue.Packaging;

/// <summary>How a package's JSON files are written (snake_case, indented, '\n', the same bytes for the same values) and read (nothing unknown, missing or twice).</summary>
internal static class PackageJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    };

    public static byte[] Write<T>(T document) => [.. JsonSerializer.SerializeToUtf8Bytes(document, Options), (byte)'\n'];

    /// <exception cref="PackageException">The file is missing or isn't what is expected.</exception>
    public static T Read<T>(PackageFiles files, string path) where T : class
    {
        using (var document = Parse(files, path)) RequireNoGaps(document.RootElement, path);
        try
        {
            return JsonSerializer.Deserialize<T>(files[path], Options) ?? throw new PackageException($"{path} holds null. {PackageException.Damaged}");
        }
        catch (JsonException error)
        {
            throw new PackageException($"{path} isn't the JSON that is expected: {error.Message} {PackageException.Damaged}", error);
        }
    }

    // The serialiser refuses null where a record is expected, but not in a list of them.
    private static void RequireNoGaps(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Object) foreach (var property in element.EnumerateObject()) RequireNoGaps(property.Value, path);
        if (element.ValueKind != JsonValueKind.Array) return;
        foreach (var one in element.EnumerateArray())
        {
            if (one.ValueKind == JsonValueKind.Null) throw new PackageException($"{path} has null in a list, where every element is expected to be there. {PackageException.Damaged}");
            RequireNoGaps(one, path);
        }
    }

    /// <exception cref="PackageException">The file is missing or is no JSON.</exception>
    public static JsonDocument Parse(PackageFiles files, string path)
    {
        _ = files.Text(path);
        try
        {
            return JsonDocument.Parse(files[path], new() { MaxDepth = 64, AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            throw new PackageException($"{path} is no JSON: {error.Message} {PackageException.Damaged}", error);
        }
    }
}
