using System.Net;
using System.Text;
using System.Text.Json;

namespace CustomerValue.Notebooks.Jupyter;

/// <summary>Where a Jupyter client wants the kernel to listen, and the key that both sign with.</summary>
/// <param name="Address">An address of this machine's loopback.</param>
/// <param name="Key">Never empty.</param>
/// <param name="Shell">The port for requests.</param>
/// <param name="Control">The port for interrupts and shutdown.</param>
/// <param name="Stdin">The port for questions to the user; the kernel asks none.</param>
/// <param name="Heartbeat">The port that sends everything back.</param>
/// <param name="IOPub">The port that outputs are published on.</param>
public sealed record ConnectionFile(IPAddress Address, ReadOnlyMemory<byte> Key, int Shell, int Control, int Stdin, int Heartbeat, int IOPub)
{
    /// <summary>Reads what a client wrote.</summary>
    /// <exception cref="InvalidDataException">It is none, or asks for what this kernel won't do: listen to other machines, or trust messages that aren't signed.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var file = document.RootElement;
            var (transport, ip, scheme, key) = (Text("transport", "tcp"), Text("ip", ""), Text("signature_scheme", "hmac-sha256"), Text("key", ""));
            if (transport != "tcp") throw new InvalidDataException($"{path} asks for the transport '{transport}'; this kernel knows tcp.");
            if (!IPAddress.TryParse(ip == "localhost" ? "127.0.0.1" : ip, out var address) || !IPAddress.IsLoopback(address))
                throw new InvalidDataException($"{path} asks to listen at '{ip}'. Whoever reaches a kernel runs code in it: it listens on the loopback (127.0.0.1) only.");
            if (scheme != "hmac-sha256") throw new InvalidDataException($"{path} asks for signatures by '{scheme}'; this kernel knows hmac-sha256.");
            if (key.Length == 0) throw new InvalidDataException($"{path} has no key: anyone on this machine could run code in the kernel.");
            return new(address, Encoding.UTF8.GetBytes(key), Port("shell_port"), Port("control_port"), Port("stdin_port"), Port("hb_port"), Port("iopub_port"));

            string Text(string name, string otherwise) => file.TryGetProperty(name, out var value) ? value.GetString() ?? "" : otherwise;
            int Port(string name) => file.GetProperty(name).GetInt32() is var port and > 0 and < 65536 ? port : throw new InvalidDataException($"{path}: {name} must be a port from 1 to 65535.");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} is no connection file of Jupyter: {error.Message}", error);
        }
    }

    internal string Endpoint(int port) => $"tcp://{new IPEndPoint(Address, port)}";
}
