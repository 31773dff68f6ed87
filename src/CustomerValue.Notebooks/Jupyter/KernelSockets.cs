using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace CustomerValue.Notebooks.Jupyter;

/// <summary>The kernel's five sockets. One thread, the one that runs them, touches them; answers may be given from any.</summary>
internal sealed class KernelSockets : IDisposable
{
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(1);

    private readonly ReadOnlyMemory<byte> _key;
    private readonly TimeProvider _clock;
    private readonly string _session = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly RouterSocket _shell = new(), _control = new(), _stdin = new(), _heartbeat = new();
    private readonly PublisherSocket _published = new();
    private readonly NetMQQueue<(NetMQSocket Socket, NetMQMessage Message)> _out = new();
    private readonly NetMQPoller _poller;
    private int _sent;

    /// <param name="connection">Where to listen.</param>
    /// <param name="clock">Dates messages.</param>
    /// <param name="shell">Takes requests; called on the thread that runs the sockets, as is <paramref name="control"/>.</param>
    /// <param name="control">Takes interrupts and shutdowns.</param>
    public KernelSockets(ConnectionFile connection, TimeProvider clock, Action<WireMessage> shell, Action<WireMessage> control)
    {
        (_key, _clock) = (connection.Key, clock);
        _poller = new() { _shell, _control, _stdin, _heartbeat, _out };
        try
        {
            foreach (var (socket, port) in new (NetMQSocket, int)[]
                { (_shell, connection.Shell), (_control, connection.Control), (_stdin, connection.Stdin), (_heartbeat, connection.Heartbeat), (_published, connection.IOPub) })
            {
                socket.Options.Linger = s_linger;
                socket.Options.SendHighWatermark = 0;                   // outputs wait for a slow client rather than be lost
                socket.Bind(connection.Endpoint(port));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        _shell.ReceiveReady += (_, ready) => Receive(ready.Socket, shell);
        _control.ReceiveReady += (_, ready) => Receive(ready.Socket, control);
        _stdin.ReceiveReady += (_, ready) => ready.Socket.ReceiveMultipartMessage();
        _heartbeat.ReceiveReady += (_, ready) => ready.Socket.SendMultipartMessage(ready.Socket.ReceiveMultipartMessage());
        _out.ReceiveReady += (_, _) => SendWaiting();
    }

    /// <summary>Takes and sends until <see cref="Stop"/>; what waits to be sent then is sent.</summary>
    public void Run()
    {
        _poller.Run();
        SendWaiting();
    }

    public void Stop()
    {
        if (_poller.IsRunning) _poller.StopAsync();
    }

    public void ReplyOnShell(WireMessage request, string type, JsonObject content) => Send(_shell, request.Route, request, type, content);

    public void ReplyOnControl(WireMessage request, string type, JsonObject content) => Send(_control, request.Route, request, type, content);

    public void Publish(WireMessage? request, string type, JsonObject content) => Send(_published, [Encoding.UTF8.GetBytes($"kernel.{_session}.{type}")], request, type, content);

    public void Dispose()
    {
        _poller.Dispose();
        foreach (var socket in new NetMQSocket[] { _shell, _control, _stdin, _heartbeat, _published }) socket.Dispose();
        _out.Dispose();
    }

    private void Receive(NetMQSocket socket, Action<WireMessage> take)
    {
        var frames = socket.ReceiveMultipartMessage().Select(frame => frame.ToByteArray()).ToList();
        if (WireMessage.Of(frames, _key.Span) is { } message) take(message);
    }

    private void Send(NetMQSocket socket, IReadOnlyList<byte[]> route, WireMessage? request, string type, JsonObject content)
    {
        var header = new JsonObject
        {
            ["msg_id"] = $"{_session}_{Interlocked.Increment(ref _sent)}",
            ["username"] = "kernel",
            ["session"] = _session,
            ["date"] = _clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = JupyterKernel.Protocol,
        };
        var message = new WireMessage(route, header, request?.Header.DeepClone().AsObject() ?? [], content).ToFrames(_key.Span);
        try
        {
            _out.Enqueue((socket, message));
        }
        catch (ObjectDisposedException)                                 // a cell that still shows something after the kernel has ended
        {
        }
    }

    private void SendWaiting()
    {
        while (_out.TryDequeue(out var next, TimeSpan.Zero)) next.Socket.SendMultipartMessage(next.Message);
    }
}
