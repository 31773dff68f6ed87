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
        _ = files.Text(path);
        try
        {
            return JsonSerializer.Deserialize<T>(files[path], Options) ?? throw new PackageException($"{path} holds null. {PackageException.Damaged}");
        }
        catch (JsonException error)
        {
            throw new PackageException($"{path} isn't the JSON that is expected: {error.Message} {PackageException.Damaged}", error);
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
