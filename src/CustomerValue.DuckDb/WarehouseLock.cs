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
        var path = Path.Combine(folder, "load.lock");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new(file);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new WarehouseException($"Another load is writing to {folder} (process {Holder(path)}). Wait until it is done, or load into another warehouse.", error);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string Holder(string path)
    {
        try
        {
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return file.ReadToEnd() is { Length: > 0 } id ? id : "unknown";
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}
