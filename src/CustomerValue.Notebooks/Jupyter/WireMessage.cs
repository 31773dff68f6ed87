using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;

namespace CustomerValue.Notebooks.Jupyter;

/// <summary>A message of Jupyter's wire protocol 5.3.</summary>
/// <param name="Route">To whom an answer goes; the topic where it is published.</param>
/// <param name="Header">Its id, type, session and date.</param>
/// <param name="Parent">The header of the request that it answers; empty for a request.</param>
/// <param name="Content">What it says.</param>
internal sealed record WireMessage(IReadOnlyList<byte[]> Route, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    private const int Parts = 4;                        // header, parent, metadata, content; binary parts may follow

    private static ReadOnlySpan<byte> Delimiter => "<IDS|MSG>"u8;

    public string Type => Text(Header, "msg_type");

    /// <summary>A member that is text; empty where there is none.</summary>
    public static string Text(JsonObject of, string name) => of[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>A member of the content that is a truth value.</summary>
    public bool Says(string name, bool otherwise) => Content[name] is JsonValue value && value.TryGetValue<bool>(out var says) ? says : otherwise;

    /// <summary>Null where the frames are no message, or aren't signed with the key.</summary>
    public static WireMessage? Of(IReadOnlyList<byte[]> frames, ReadOnlySpan<byte> key)
    {
        var at = 0;
        while (at < frames.Count && !frames[at].AsSpan().SequenceEqual(Delimiter)) at++;
        if (frames.Count < at + 2 + Parts) return null;
        var parts = frames.Skip(at + 2).Take(Parts).ToArray();
        if (!CryptographicOperations.FixedTimeEquals(Signature(parts, key), frames[at + 1])) return null;
        try
        {
            return JsonNode.Parse(parts[0]) is JsonObject header && JsonNode.Parse(parts[1]) is JsonObject parent && JsonNode.Parse(parts[3]) is JsonObject content
                ? new([.. frames.Take(at)], header, parent, content) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public NetMQMessage ToFrames(ReadOnlySpan<byte> key)
    {
        var parts = new[] { Header, Parent, [], Content }.Select(part => Encoding.UTF8.GetBytes(part.ToJsonString())).ToArray();
        var message = new NetMQMessage();
        foreach (var frame in Route.Append(Delimiter.ToArray()).Append(Signature(parts, key)).Concat(parts)) message.Append(frame);
        return message;
    }

    private static byte[] Signature(IEnumerable<byte[]> parts, ReadOnlySpan<byte> key)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (var part in parts) hash.AppendData(part);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
