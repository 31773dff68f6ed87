using System.ComponentModel;
using System.Diagnostics;

namespace CustomerValue.Cli;

/// <summary>An experiment's file run by the SDK, as <c>dotnet run</c> does.</summary>
internal static class ExperimentProcess
{
    /// <summary>Compiles and runs it; what it prints goes where this program's output goes.</summary>
    /// <param name="file">The experiment's file.</param>
    /// <param name="options">Options that it takes.</param>
    /// <param name="tracking">Value of <c>MLFLOW_TRACKING_URI</c>; null for the one that is set.</param>
    /// <param name="cancellation">An interrupt reaches the child by itself, which finishes what it writes; it is waited for.</param>
    /// <returns>Its exit code; 130 when it was interrupted.</returns>
    /// <exception cref="InvalidOperationException">There is no SDK.</exception>
    public static async Task<int> Run(string file, IEnumerable<string> options, string? tracking, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Environment.CurrentDirectory };
        foreach (var argument in (string[])["run", "--configuration", "Release", "--file", file, "--", .. options]) start.ArgumentList.Add(argument);
        if (tracking is not null) start.Environment["MLFLOW_TRACKING_URI"] = tracking;
        try
        {
            using var child = Process.Start(start)!;
            try { await child.WaitForExitAsync(cancellation); }
            catch (OperationCanceledException)
            {
                // The interrupt reached the child too; it finishes what it writes and says so itself.
                await child.WaitForExitAsync(CancellationToken.None);
                return ExitCode.Cancelled;
            }
            return child.ExitCode;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException(
                "An experiment is compiled from its file, which needs the .NET SDK; 'dotnet' isn't on the PATH. Install .NET 10: https://dotnet.microsoft.com/download", error);
        }
    }
}
