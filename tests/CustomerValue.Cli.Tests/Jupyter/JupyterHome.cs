using System.Diagnostics;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Jupyter;

/// <summary>Jupyter's own programs, as Debian packages them, with a home of their own in which our kernel is installed. Tests that need them skip, by name, where they are absent.</summary>
public sealed class JupyterHome : IDisposable
{
    private const string Modules = "import jupyter_client, nbconvert, nbformat";
    private static readonly Lazy<string?> s_python = new(() => new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(python => Run(Start(python, "-c", Modules)) is { ExitCode: 0 }));

    private readonly TemporaryFolder _folder = new();
    private readonly string _prefix;

    public JupyterHome()
    {
        _prefix = _folder.In("prefix");
        if (s_python.Value is null) return;
        var installed = CommandRun.Of("notebook", "install-kernel", "--prefix", _prefix);
        Assert.True(installed.ExitCode == 0, installed.Errors);
    }

    /// <summary>A folder for what a test writes.</summary>
    internal TemporaryFolder Folder => _folder;

    /// <summary>Runs Python with Jupyter's modules until it ends.</summary>
    internal CommandRun Python(params string[] arguments) => Run(Begin(arguments))!;

    /// <summary>Starts Python with Jupyter's modules.</summary>
    internal Process PythonProcess(params string[] arguments) => Process.Start(Begin(arguments))!;

    public void Dispose() => _folder.Dispose();

    private ProcessStartInfo Begin(string[] arguments)
    {
        const string Absent = "Jupyter's clients are absent: apt-get install python3-jupyter-client jupyter-nbconvert";
        if (s_python.Value is null && Environment.GetEnvironmentVariable("CUSTOMERVALUE_REQUIRE_JUPYTER") == "1") Assert.Fail(Absent);
        Assert.SkipWhen(s_python.Value is null, Absent);
        var start = Start(s_python.Value!, arguments);
        start.WorkingDirectory = _folder.Path;
        foreach (var name in new[] { "JUPYTER_PATH", "JUPYTER_PREFER_ENV_PATH" }) start.Environment.Remove(name);
        start.Environment["JUPYTER_DATA_DIR"] = Path.Combine(_prefix, "share", "jupyter");
        start.Environment["JUPYTER_CONFIG_DIR"] = _folder.In("config");
        start.Environment["JUPYTER_RUNTIME_DIR"] = _folder.In("runtime");
        start.Environment["IPYTHONDIR"] = _folder.In("ipython");
        return start;
    }

    private static ProcessStartInfo Start(string program, params string[] arguments) =>
        new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

    private static CommandRun? Run(ProcessStartInfo start)
    {
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.WaitForExit();
            return new(process.ExitCode, output.Result, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception)                    // there is no such program
        {
            return null;
        }
    }
}
