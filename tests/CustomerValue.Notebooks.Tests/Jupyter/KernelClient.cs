using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CustomerValue.Notebooks.Jupyter;
using NetMQ;
using NetMQ.Sockets;

namespace CustomerValue.Notebooks.Tests.Jupyter;

/// <summary>A client that talks to a kernel as Jupyter's do. Whoever waits longer than a minute fails.</summary>
internal sealed class KernelClient : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private const string Key = "a key";

    private readonly ConnectionFile _connection;
    private readonly DealerSocket _shell = new(), _control = new();
    private readonly SubscriberSocket _published = new();
    private int _sent;

    /// <summary>Waits for a kernel that listens, or will.</summary>
    public KernelClient(ConnectionFile connection)
    {
        _connection = connection;
        _published.SubscribeToAnyTopic();
        foreach (var (socket, port) in new (NetMQSocket, int)[] { (_shell, connection.Shell), (_control, connection.Control), (_published, connection.IOPub) }) socket.Connect(connection.Endpoint(port));
        NetMQMessage? any = null;
        var since = Stopwatch.StartNew();
        var last = Send("kernel_info_request", []);                     // what is published before the subscription has arrived is lost
        while (!_published.TryReceiveMultipartMessage(TimeSpan.FromMilliseconds(500), ref any))
        {
            Assert.True(since.Elapsed < Limit, "The kernel doesn't answer.");
            last = Send("kernel_info_request", []);
        }
        last = Send("kernel_info_request", []);
        while (WireMessage.Text(Receive(_shell).Parent, "msg_id") != last) { }
        Until(last);
    }

    /// <summary>Ports that are free now, and the key that clients here sign with.</summary>
    public static ConnectionFile FreeConnection()
    {
        var ports = FreePorts(5);
        return new(IPAddress.Loopback, Encoding.UTF8.GetBytes(Key), ports[0], ports[1], ports[2], ports[3], ports[4]);
    }

    /// <summary>What a client writes for the kernel that it starts.</summary>
    public static string Text(ConnectionFile connection) => new JsonObject
    {
        ["transport"] = "tcp", ["ip"] = "127.0.0.1", ["signature_scheme"] = "hmac-sha256", ["key"] = Key, ["shell_port"] = connection.Shell,
        ["control_port"] = connection.Control, ["stdin_port"] = connection.Stdin, ["hb_port"] = connection.Heartbeat, ["iopub_port"] = connection.IOPub,
    }.ToJsonString();

    public ConnectionFile Connection => _connection;

    /// <returns>The request's id.</returns>
    public string Send(string type, JsonObject content, bool onControl = false, string key = Key)
    {
        var id = $"request-{++_sent}";
        var header = new JsonObject { ["msg_id"] = id, ["msg_type"] = type, ["session"] = "client", ["username"] = "test", ["version"] = "5.3" };
        (onControl ? _control : _shell).SendMultipartMessage(new WireMessage([], header, [], content).ToFrames(Encoding.UTF8.GetBytes(key)));
        return id;
    }

    public string SendCode(string code) => Send("execute_request", new() { ["code"] = code });

    /// <summary>Sends a request and waits for its reply and all that is published for it.</summary>
    public (JsonObject Reply, IReadOnlyList<WireMessage> Published) Ask(string type, JsonObject content, bool onControl = false) => Answer(Send(type, content, onControl), onControl);

    public (JsonObject Reply, IReadOnlyList<WireMessage> Published) Run(string code) => Answer(SendCode(code));

    public (JsonObject Reply, IReadOnlyList<WireMessage> Published) Answer(string id, bool onControl = false) => (Reply(id, onControl), Until(id));

    /// <summary>Waits for a reply; what is published is left.</summary>
    public JsonObject Reply(string id, bool onControl = false)
    {
        var reply = Receive(onControl ? _control : _shell);
        Assert.Equal(id, WireMessage.Text(reply.Parent, "msg_id"));
        return reply.Content;
    }

    /// <summary>What is published for a request until the kernel is idle again; busy first.</summary>
    public IReadOnlyList<WireMessage> Until(string id)
    {
        var all = new List<WireMessage>();
        while (all.Count == 0 || all[^1].Type != "status" || WireMessage.Text(all[^1].Content, "execution_state") != "idle")
        {
            var next = Receive(_published);
            if (WireMessage.Text(next.Parent, "msg_id") == id) all.Add(next);
        }
        Assert.Equal("busy", WireMessage.Text(all[0].Content, "execution_state"));
        return all[1..^1];
    }

    /// <summary>Waits for the first text that is published.</summary>
    public void UntilText()
    {
        while (Receive(_published).Type != "stream") { }
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }

    public void Dispose()
    {
        foreach (var socket in new NetMQSocket[] { _shell, _control, _published }) socket.Dispose();
    }

    private static WireMessage Receive(NetMQSocket socket)
    {
        NetMQMessage? message = null;
        var since = Stopwatch.StartNew();
        Assert.True(socket.TryReceiveMultipartMessage(Limit, ref message), $"Nothing came in {since.Elapsed}.");
        return WireMessage.Of([.. message!.Select(frame => frame.ToByteArray())], Encoding.UTF8.GetBytes(Key)) ?? throw new InvalidDataException("A message isn't signed.");
    }
}
