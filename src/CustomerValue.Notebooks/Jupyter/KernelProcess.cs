using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using NetMQ;

namespace CustomerValue.Notebooks.Jupyter;

/// <summary>A process that is a kernel: it ends with it, and with the client that started it.</summary>
public static class KernelProcess
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1), s_send = TimeSpan.FromSeconds(3), s_end = TimeSpan.FromSeconds(10);

    /// <summary>Runs the kernel, and then ends the process, whatever threads of cells still do. SIGINT interrupts the cell that runs.</summary>
    /// <param name="connection">Where to listen.</param>
    /// <param name="options">What the session has at hand.</param>
    [DoesNotReturn]
    public static void Run(ConnectionFile connection, SessionOptions options)
    {
        var kernel = new JupyterKernel(connection, options);
        Console.SetIn(TextReader.Null);                                 // what a cell reads isn't the client's to give
        using var interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            kernel.Interrupt();
        });
        if (!OperatingSystem.IsWindows() && int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), CultureInfo.InvariantCulture, out var client) && client > 1)
            Background(() => EndWith(client, kernel));
        kernel.Run();
        Background(EndAnyway);
        kernel.Dispose();
        Task.Run(() => NetMQConfig.Cleanup(block: true)).Wait(s_send);  // the last replies are on their way
        Environment.Exit(0);
    }

    /// <summary>When a process started; null where none runs, a dead one that nobody has asked about among them.</summary>
    internal static DateTime? Started(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            var about = $"/proc/{process}/stat";
            if (File.Exists(about) && File.ReadAllText(about) is var text && text[text.LastIndexOf(')') + 2] is 'Z' or 'X') return null;
            return found.StartTime;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception or IOException)
        {
            return null;
        }
    }

    private static void EndWith(int client, JupyterKernel kernel)
    {
        var started = Started(client);
        while (started is not null && Started(client) == started) Thread.Sleep(s_look);
        Background(EndAnyway);
        while (true)
        {
            kernel.Stop();
            Thread.Sleep(s_look);
        }
    }

    private static void EndAnyway()
    {
        Thread.Sleep(s_end);
        Process.GetCurrentProcess().Kill();
    }

    private static void Background(ThreadStart work) => new Thread(work) { IsBackground = true }.Start();
}
