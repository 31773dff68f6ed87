using System.Diagnostics;
using System.Runtime.InteropServices;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

/// <summary>The command line program while it runs; killed when the test is done with it.</summary>
internal sealed class RunningCommand : IDisposable
{
    private const int Interrupted = 2;      // SIGINT
    private readonly Process _process;
    private readonly Task<string> _output, _errors;

    private RunningCommand(Process process) => (_process, _output, _errors) = (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

    public static RunningCommand Start(params string[] arguments) => StartBy([], arguments);

    /// <summary>Starts the command with a store of runs of its own, in the place of the checkout's.</summary>
    public static RunningCommand StartLogging(string store, params string[] arguments) => StartBy([], arguments, store);

    /// <summary>Starts the command with the loader telling, among its errors, which libraries it loads.</summary>
    public static RunningCommand StartTellingLibraries(params string[] arguments) => StartBy(["env", "LD_DEBUG=files"], arguments);

    /// <summary>Starts the command with variables of the environment.</summary>
    public static RunningCommand StartWith(IReadOnlyDictionary<string, string> environment, params string[] arguments) => StartWords(Program(arguments), environment);

    /// <summary>Starts what the words say, such as what installs the program for others; it heeds interrupts, which whoever runs the tests may have turned off.</summary>
    public static RunningCommand StartWords(string[] words, IReadOnlyDictionary<string, string> environment) => Start(OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. words] : words, environment);

    private static RunningCommand StartBy(string[] wrapper, string[] arguments, string? store = null) =>
        Start([.. wrapper, .. Program(arguments)], store is null ? new() : new Dictionary<string, string> { ["MLFLOW_TRACKING_URI"] = $"sqlite:///{store}" });

    private static string[] Program(string[] arguments) => ["dotnet", Path.Combine(AppContext.BaseDirectory, "customervalue.dll"), .. arguments];

    private static RunningCommand Start(string[] words, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = RealData.Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Starts the command, waits until it makes a file or folder of this name anywhere below a folder, and interrupts it and what it started, as Ctrl-C does.</summary>
    public static CommandRun InterruptedAt(string below, string made, params string[] arguments) => InterruptedAt(null, below, made, arguments);

    /// <inheritdoc cref="InterruptedAt(string, string, string[])"/>
    /// <param name="store">A store of runs of its own; null for the checkout's.</param>
    /// <param name="below">The folder.</param>
    /// <param name="made">The name.</param>
    /// <param name="arguments">The command.</param>
    public static CommandRun InterruptedAt(string? store, string below, string made, string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "interrupts a group of processes by a signal, as Linux does");
        Directory.CreateDirectory(below);
        using var begun = new ManualResetEventSlim();
        using var watcher = new FileSystemWatcher(below, made) { IncludeSubdirectories = true };
        watcher.Created += (_, _) => begun.Set();
        watcher.EnableRaisingEvents = true;
        // A group of its own, as a shell gives each command; and one that heeds interrupts, which whoever runs the tests may have turned off.
        using var running = StartBy(["env", "--default-signal=INT", "setsid"], arguments, store);
        Assert.True(begun.Wait(TimeSpan.FromMinutes(2)), $"customervalue {string.Join(' ', arguments)} made no {made} in {below}.");
        Assert.Equal(0, Kill(-running._process.Id, Interrupted));
        return running.Ended();
    }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>Interrupts it alone.</summary>
    public void Interrupt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "interrupts a process by a signal, as Linux does");
        Assert.Equal(0, Kill(_process.Id, Interrupted));
    }

    /// <summary>Waits for its end.</summary>
    public CommandRun Ended()
    {
        var (output, errors) = (_output.Result, _errors.Result);
        _process.WaitForExit();
        return new(_process.ExitCode, output, errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
