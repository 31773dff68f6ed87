using System.Runtime.CompilerServices;

namespace CustomerValue.Testing;

/// <summary>A folder for one test, under artifacts/test-folders, emptied before and removed after.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder([CallerMemberName] string test = "", [CallerFilePath] string file = "")
    {
        Path = System.IO.Path.Combine(RealData.Root, "artifacts", "test-folders", System.IO.Path.GetFileNameWithoutExtension(file), test);
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>Writes a text file into the folder and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
