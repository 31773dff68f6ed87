namespace CustomerValue.Cli;

/// <summary>The folder of real data sets that commands may use.</summary>
internal static class DataFolder
{
    private const string Variable = "CUSTOMERVALUE_DATA";

    /// <summary>The folder asked for; else the one that CUSTOMERVALUE_DATA names; else shared/data beside the checkout that the program is called in, where it exists.</summary>
    /// <exception cref="UsageException">The folder asked for, or named by the variable, doesn't exist.</exception>
    public static string? Find(string? asked)
    {
        if ((asked ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named)
            return Directory.Exists(named) ? Path.GetFullPath(named)
                : throw new UsageException($"The data folder '{named}' ({(asked is null ? Variable : "--data")}) doesn't exist. Name the folder that holds cdnow/, online_retail_ii/, ...");
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "CustomerValue.sln"))) continue;
            var beside = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
            return Directory.Exists(beside) ? beside : null;
        }
        return null;
    }
}
