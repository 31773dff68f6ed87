using System.Text;

namespace CustomerValue.Text.Tokenizers;

/// <summary>The alphabet of byte-level vocabularies: each byte is written as one printable character, so that any text can be spelled.</summary>
/// <remarks>Radford et al. (2019), GPT-2: printable bytes of Latin-1 stand for themselves, the others for U+0100 and on.</remarks>
internal static class ByteLevel
{
    private static readonly char[] s_characters = Characters();
    private static readonly Dictionary<char, byte> s_bytes = s_characters.Select((c, b) => (c, b)).ToDictionary(p => p.c, p => (byte)p.b);

    /// <summary>How a byte is written.</summary>
    public static char CharacterOf(byte value) => s_characters[value];

    /// <summary>The bytes that a token stands for; a token that isn't written in this alphabet stands for itself in UTF-8.</summary>
    public static byte[] BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (var at = 0; at < bytes.Length; at++)
            if (!s_bytes.TryGetValue(token[at], out bytes[at])) return Encoding.UTF8.GetBytes(token);
        return bytes;
    }

    private static char[] Characters()
    {
        var next = (char)256;
        return [.. Enumerable.Range(0, 256).Select(b => b is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 ? (char)b : next++)];
    }
}
