using System.CommandLine;
using System.Reflection;
using CustomerValue.Notebooks;
using CustomerValue.Notebooks.Jupyter;
using DuckDB.NET.Data;

namespace CustomerValue.Cli.Commands;

/// <summary>This program as a Jupyter kernel.</summary>
internal static class NotebookKernelCommands
{
    private static readonly Option<FileInfo> s_connection = new Option<FileInfo>("--connection") { Description = "The file in which the client says where to listen.", HelpName = "FILE", Required = true }.AcceptExistingOnly();
    private static readonly Option<DirectoryInfo?> s_prefix = new("--prefix") { Description = "An installation of Jupyter's, as Python's sys.prefix.", HelpName = "DIR" };
    private static readonly Option<bool> s_user = new("--user") { Description = "The user's own folder for Jupyter; so without --prefix too." };

    /// <summary>Takes signals by itself: SIGINT interrupts a cell, not the program.</summary>
    public static readonly Command Kernel = new Command("kernel",
        """
        Be a Jupyter kernel for C#. Clients start it; it ends with them. It listens on this machine's loopback only, to messages signed with the client's key.

        Example:
          customervalue notebook kernel --connection kernel-1.json
        """) { s_connection }.Does((parsed, _, _) => Task.Run<object>(() =>
    {
        KernelProcess.Run(ConnectionFile.Read(parsed.GetValue(s_connection)!.FullName), new SessionOptions { Database = () => new DuckDBConnection("DataSource=:memory:") });
        return new { };
    }, CancellationToken.None));

    public static Command Install() => new Command("install-kernel",
        $"""
        Let Jupyter, and editors that look where it does, find this program as the kernel '{NotebookFile.KernelName}'. Anew after the program has moved.

        Examples:
          customervalue notebook install-kernel
          customervalue notebook install-kernel --prefix .venv
        """) { s_prefix, s_user }.Does((parsed, terminal, _) => Task.Run<object>(() =>
    {
        var file = KernelSpec.Install(ThisProgram(), Prefix(parsed));
        terminal.Line($"Written: {file}");
        return new { File = file };
    }, CancellationToken.None));

    public static Command Uninstall() => new Command("uninstall-kernel",
        """
        Take away what install-kernel wrote.

        Example:
          customervalue notebook uninstall-kernel --prefix .venv
        """) { s_prefix, s_user }.Does((parsed, terminal, _) => Task.Run<object>(() =>
    {
        var (folder, found) = (KernelSpec.Folder(Prefix(parsed)), KernelSpec.Uninstall(Prefix(parsed)));
        terminal.Line(found ? $"Removed: {folder}" : $"There was none: {folder}");
        return new { Folder = folder, Removed = found };
    }, CancellationToken.None));

    private static string? Prefix(ParseResult parsed)
    {
        var prefix = parsed.GetValue(s_prefix)?.FullName;
        return prefix is not null && parsed.GetValue(s_user) ? throw new UsageException("Give --prefix or --user, not both.") : prefix;
    }

    private static string[] ThisProgram()
    {
        var process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, Assembly.GetEntryAssembly()!.Location] : [process];
    }
}
