using System.Diagnostics;
using System.Globalization;

namespace CustomerValue.Cli.Bench;

/// <summary>Highest resident memory of this process since it was last reset, where the system can reset it (Linux); since its start elsewhere.</summary>
internal static class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs", Status = "/proc/self/status";

    /// <summary>Starts counting anew, where the system allows it.</summary>
    public static void Start()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        if (!File.Exists(Reset)) return;
        try { File.WriteAllText(Reset, "5"); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A sandbox may forbid it; the peak then counts from the start of the process, which is still an upper bound.
        }
    }

    /// <summary>The peak, in MB.</summary>
    public static double Megabytes()
    {
        if (File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line
            && double.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes))
            return kilobytes * 1024 / 1e6;
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }
}
