using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>Small shops written by tests.</summary>
internal static class ShopFolder
{
    /// <summary>Writes files into a folder of their own and returns its path.</summary>
    public static string Shop(this TemporaryFolder folder, string name, params (string Name, string Text)[] files)
    {
        var path = Directory.CreateDirectory(folder.In(name)).FullName;
        foreach (var file in files) File.WriteAllText(Path.Combine(path, file.Name), file.Text);
        return path;
    }
}
