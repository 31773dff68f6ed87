using System.Diagnostics;

namespace CustomerValue.Cli;

/// <summary>The checkout that a command works in.</summary>
internal static class Checkout
{
    /// <summary>The nearest folder above the current one that holds CustomerValue.sln; the current folder where there is none.</summary>
    public static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "CustomerValue.sln"))) return folder.FullName;
            return Environment.CurrentDirectory;
        }
    }

    /// <summary>The commit checked out, with <c>+changes</c> behind it when the working tree differs; <c>unknown</c> where git can't tell.</summary>
    public static string Commit()
    {
        if (Git("rev-parse HEAD") is not { Length: > 0 } commit) return "unknown";
        return Git("status --porcelain") is { Length: 0 } ? commit : commit + "+changes";
    }

    private static string? Git(string arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true });
            if (git is null) return null;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var text = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception) { return null; }    // no git on this machine
    }
}
