using System.Globalization;

namespace CustomerValue.DuckDb;

/// <summary>Held by the one process that loads. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class WarehouseLock : IDisposable
{
    private readonly FileStream _file;

    private WarehouseLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="WarehouseException">Another load holds it.</exception>
    public static WarehouseLock Take(string folder)
    {
        var holder = Path.Combine(folder, "load.process");            // beside the lock: nobody else can read a file that is locked
        try
        {
            var file = new FileStream(Path.Combine(folder, "load.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(file);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException))
        {
            var process = File.Exists(holder) ? File.ReadAllText(holder) : "unknown";
            throw new WarehouseException($"Another load is writing to {folder} (process {process}). Wait until it is done, or load into another warehouse.", error);
        }
    }

    public void Dispose() => _file.Dispose();
}
