using System.Text.Json.Nodes;
using System.Xml.Linq;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>What comes along with the program is named, with the licence that its package names.</summary>
public class ThirdPartyTests
{
    private const string Approve = "CUSTOMERVALUE_APPROVE_NOTICES";

    private static readonly string s_file = Path.Combine(RealData.Root, "THIRD-PARTY-NOTICES.md");

    [Fact]
    public void Every_package_that_comes_along_is_named_with_its_licence()
    {
        string[] table = ["| package | version | licence | copyright | project |", "| --- | --- | --- | --- | --- |", .. Packages().Select(Row)];
        var words = File.ReadLines(s_file).TakeWhile(line => !line.StartsWith('|')).ToList();
        if (Environment.GetEnvironmentVariable(Approve) == "1") File.WriteAllText(s_file, string.Join('\n', [.. words, .. table, ""]));
        var known = File.ReadLines(s_file).Where(line => line.StartsWith('|')).ToList();
        Assert.True(known.SequenceEqual(table), $"""
            THIRD-PARTY-NOTICES.md isn't what the packages say of themselves:
            {string.Join('\n', known.Except(table).Select(line => $"- {line}").Concat(table.Except(known).Select(line => $"+ {line}")))}
            Look whether each licence lets the program be handed on, run this test with {Approve}=1 and commit the file.
            """);
        Assert.Contains(known, line => line.StartsWith("| NetMQ |", StringComparison.Ordinal));
    }

    /// <summary>What the program's lock file names, less what only the build uses: nothing of that is in its folder.</summary>
    private static IEnumerable<(string Name, string Version, string Folder)> Packages()
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var locked = JsonNode.Parse(File.ReadAllText(Path.Combine(RealData.Root, "src", "CustomerValue.Cli", "packages.lock.json")))!["dependencies"]!["net10.0"]!.AsObject();
        return from package in locked
               where package.Value!["resolved"] is not null
               let version = package.Value["resolved"]!.GetValue<string>()
               let folder = Path.Combine(cache, package.Key.ToLowerInvariant(), version.ToLowerInvariant())
               where Directory.Exists(folder) ? Directory.Exists(Path.Combine(folder, "lib")) || Directory.Exists(Path.Combine(folder, "runtimes")) : throw new DirectoryNotFoundException($"{folder} isn't there: restore the solution first.")
               orderby package.Key.ToLowerInvariant()
               select (package.Key, version, folder);
    }

    private static string Row((string Name, string Version, string Folder) package)
    {
        var metadata = XDocument.Load(Directory.GetFiles(package.Folder, "*.nuspec").Single()).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
        var project = Said("projectUrl") ?? metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "repository")?.Attribute("url")?.Value ?? "";
        return $"| {package.Name} | {package.Version} | {Licence()} | {(Said("copyright") ?? "").Replace("|", "/", StringComparison.Ordinal)} | {project} |";

        string? Said(string name) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value.Trim() is { Length: > 0 } text ? string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : null;

        string Licence()
        {
            var named = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "license");
            if (named?.Attribute("type")?.Value == "expression") return named.Value.Trim();
            var file = named?.Value.Trim() ?? "LICENSE.txt";
            return File.Exists(Path.Combine(package.Folder, file)) ? $"{Known(File.ReadAllText(Path.Combine(package.Folder, file)))} (its {file})" : Said("licenseUrl") ?? "names none";
        }
    }

    private static string Known(string text) =>
        text.Contains("Permission is hereby granted, free of charge", StringComparison.Ordinal) ? "MIT"
        : text.Contains("Apache License", StringComparison.Ordinal) ? "Apache-2.0" : throw new InvalidDataException($"The licence that begins with '{text.Trim().Split('\n')[0]}' isn't known here: read it, and name it.");
}
