using System.Diagnostics;
using System.Globalization;

namespace CustomerValue;

/// <summary>The highest resident memory of this process since a moment.</summary>
public static class PeakMemory
{
    /// <summary>Starts anew, where the system can (Linux); elsewhere the figure stays that of the whole process.</summary>
    public static void Reset()
    {
        if (!OperatingSystem.IsLinux()) return;
        try { File.WriteAllText("/proc/self/clear_refs", "5"); }
        catch (UnauthorizedAccessException) { }     // a locked-down container: the figure is that of the whole process
        catch (IOException) { }
    }

    /// <summary>The highest resident memory since <see cref="Reset"/>, in MB (10^6 bytes).</summary>
    public static double Megabytes
    {
        get
        {
            if (OperatingSystem.IsLinux())
                foreach (var line in File.ReadLines("/proc/self/status"))
                    if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                        return double.Parse(line.AsSpan(6, line.Length - 9), NumberStyles.Float, CultureInfo.InvariantCulture) * 1024 / 1e6;
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 / 1e6;
        }
    }
}
