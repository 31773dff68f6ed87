using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks.Jupyter;

/// <summary>The file by which Jupyter, and what speaks its protocol, finds the kernel.</summary>
public static class KernelSpec
{
    private static readonly JsonSerializerOptions s_layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where Jupyter looks for kernels: the user's, or those of an installation.</summary>
    /// <param name="prefix">The installation's folder, as Python's sys.prefix; null for the user's.</param>
    public static string Folder(string? prefix) =>
        Path.Combine(prefix is null ? UserData() : Path.Combine(Path.GetFullPath(prefix), "share", "jupyter"), "kernels", NotebookFile.KernelName);

    /// <summary>Writes it, in place of one there.</summary>
    /// <param name="program">What starts this program, as words.</param>
    /// <param name="prefix">As in <see cref="Folder"/>.</param>
    /// <returns>The file.</returns>
    public static string Install(IEnumerable<string> program, string? prefix)
    {
        var file = Path.Combine(Folder(prefix), "kernel.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray([.. program.Concat(["notebook", "kernel", "--connection", "{connection_file}"]).Select(word => (JsonNode)word)]),
            ["display_name"] = NotebookFile.KernelTitle,
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
        };
        File.WriteAllText(file, spec.ToJsonString(s_layout) + "\n");
        return file;
    }

    /// <summary>Takes it away.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Uninstall(string? prefix)
    {
        var folder = Folder(prefix);
        if (!Directory.Exists(folder)) return false;
        Directory.Delete(folder, recursive: true);
        return true;
    }

    private static string UserData()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } told) return told;
        if (OperatingSystem.IsWindows()) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
        return Path.Combine(Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data : Path.Combine(home, ".local", "share"), "jupyter");
    }
}
