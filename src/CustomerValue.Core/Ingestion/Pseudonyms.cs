using System.Security.Cryptography;
using System.Text;

namespace CustomerValue.Ingestion;

/// <summary>Replaces customer ids on the way in by a keyed hash (HMAC-SHA256), so that records can be joined but not traced back without the key.</summary>
/// <remarks>The same id and key give the same pseudonym in every kind of record and every load. Whoever holds the key can test a guessed id, so keep it apart from the data.</remarks>
public sealed class Pseudonyms
{
    /// <summary>The environment variable that may hold the key.</summary>
    public const string EnvironmentVariable = "CUSTOMERVALUE_PSEUDONYM_KEY";

    /// <summary>Fewest bytes of a key.</summary>
    public const int ShortestKey = 16;

    private readonly byte[]? _key;

    private Pseudonyms(byte[]? key, string source)
    {
        (_key, Source) = (key, source);
        Fingerprint = key is null ? "published-ids" : Hash(key, "fingerprint of the key"u8);
    }

    /// <summary>Keeps ids as they are: only for data whose publisher has replaced them already.</summary>
    public static Pseudonyms Published { get; } = new(null, "ids kept as published, by explicit choice");

    /// <summary>Where the key comes from, in words; never the key itself.</summary>
    public string Source { get; }

    /// <summary>Tells keys apart without giving them away; the same for the same key.</summary>
    public string Fingerprint { get; }

    /// <summary>Takes the key given.</summary>
    /// <param name="key">At least <see cref="ShortestKey"/> bytes.</param>
    /// <param name="source">Where it comes from, in words, for reports.</param>
    /// <exception cref="ArgumentException">The key is too short.</exception>
    public static Pseudonyms Keyed(ReadOnlySpan<byte> key, string source) => key.Length >= ShortestKey ? new(key.ToArray(), source)
        : throw new ArgumentException($"The pseudonym key ({source}) has {key.Length} bytes; at least {ShortestKey} are needed. Make one with: openssl rand -hex 32");

    /// <summary>Takes the key from a file: its text, without line end.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">The key is too short.</exception>
    public static Pseudonyms FromFile(string path) => File.Exists(path)
        ? Keyed(Encoding.UTF8.GetBytes(File.ReadAllText(path).Trim()), $"key file {path}")
        : throw new FileNotFoundException($"The pseudonym key file {path} doesn't exist. Make one with: openssl rand -hex 32 > {path}");

    /// <summary>The key that a load should use: of the file given, else of the environment variable, else the one beside the warehouse, which is made at random when absent.</summary>
    /// <param name="keyFile">A key file, or null.</param>
    /// <param name="warehouseFolder">The warehouse's folder; its own key lies beside it as &lt;folder&gt;.key, readable by its owner only.</param>
    public static Pseudonyms For(string? keyFile, string warehouseFolder)
    {
        if (keyFile is not null) return FromFile(keyFile);
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } text)
            return Keyed(Encoding.UTF8.GetBytes(text.Trim()), $"environment variable {EnvironmentVariable}");
        var own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(warehouseFolder)) + ".key";
        if (!File.Exists(own)) WriteRandomKey(own);
        return FromFile(own);
    }

    /// <summary>The pseudonym of a customer id: 32 hex digits, or the id itself for <see cref="Published"/>.</summary>
    public string Of(string customerId) => Of(Encoding.UTF8.GetBytes(customerId));

    internal string Of(ReadOnlySpan<byte> customerId) => _key is null ? Encoding.UTF8.GetString(customerId) : Hash(_key, customerId);

    private static string Hash(byte[] key, ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    private static void WriteRandomKey(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, options);
        file.Write(RandomNumberGenerator.GetHexString(64, lowercase: true));
    }
}
