using System.Text.RegularExpressions;
using System.Xml.Linq;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>Data flows one way: rooms of the core library use rooms before them, engines know the core and never one another.</summary>
public partial class ArrowTests
{
    private static readonly string[] s_flow =
        ["Ingestion", "Text", "Features", "Models", "Evaluation", "Decisions", "Packaging", "Tracking", "Experiments"];

    // Project -> projects of the library it may reference.
    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["CustomerValue.Core"] = [],
        ["CustomerValue.Charts"] = ["CustomerValue.Core"],
        ["CustomerValue.DuckDb"] = ["CustomerValue.Core"],
        ["CustomerValue.LightGbm"] = ["CustomerValue.Core"],
        ["CustomerValue.Mlflow"] = ["CustomerValue.Core"],
        ["CustomerValue.MLNet"] = ["CustomerValue.Core"],
        ["CustomerValue.Notebooks"] = ["CustomerValue.Core"],
        ["CustomerValue.Onnx"] = ["CustomerValue.Core"],
        ["CustomerValue.ServedModels"] = ["CustomerValue.Core"],
        ["CustomerValue.Simulation"] = ["CustomerValue.Core"],
        ["CustomerValue.Torch"] = ["CustomerValue.Core"],
        ["CustomerValue.Cli"] = ["CustomerValue.Core", "CustomerValue.Charts", "CustomerValue.DuckDb", "CustomerValue.LightGbm", "CustomerValue.Mlflow", "CustomerValue.MLNet", "CustomerValue.Notebooks",
            "CustomerValue.Onnx", "CustomerValue.ServedModels", "CustomerValue.Simulation", "CustomerValue.Torch"],
    };

    private static string Source => Path.Combine(RealData.Root, "src");

    private static IEnumerable<string> SourceFiles(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [Fact]
    public void Rooms_use_only_the_rooms_before_them()
    {
        var core = Path.Combine(Source, "CustomerValue.Core");
        var upstream =
            from file in SourceFiles(core)
            let room = Path.GetRelativePath(core, file).Split('/', '\\')[0]
            where s_flow.Contains(room)
            from Match used in RoomName().Matches(File.ReadAllText(file))
            where Array.IndexOf(s_flow, used.Groups[1].Value) > Array.IndexOf(s_flow, room)
            select $"{Path.GetFileName(file)}: {room} -> {used.Groups[1].Value}";
        Assert.Empty(upstream.Distinct());
    }

    [Fact]
    public void Every_room_of_the_core_stands_in_the_flow()
    {
        var rooms = Directory.GetDirectories(Path.Combine(Source, "CustomerValue.Core")).Select(d => Path.GetFileName(d)!).Where(d => d is not ("obj" or "bin"));
        Assert.Empty(rooms.Except(s_flow));
    }

    [Fact]
    public void Projects_reference_only_what_the_arrows_allow()
    {
        foreach (var project in Directory.GetFiles(Source, "*.csproj", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            var references = XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.True(s_arrows.TryGetValue(name, out var allowed), $"{name} has no place among the arrows: give it one here, with what it may reference.");
            Assert.Empty(references.Except(allowed));
        }
    }

    [Fact]
    public void The_core_is_managed_code_only()
    {
        var native = new[] { "DllImport", "LibraryImport" };
        Assert.DoesNotContain(SourceFiles(Path.Combine(Source, "CustomerValue.Core")), f => native.Any(n => File.ReadAllText(f).Contains(n, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_pipeline_never_reads_the_simulator()
    {
        // The simulated shop knows the truth; whatever learns from it must not.
        var learners = new[] { "Core", "Charts", "DuckDb", "LightGbm", "Mlflow", "MLNet", "Notebooks", "Onnx", "ServedModels", "Torch" }.SelectMany(p => SourceFiles(Path.Combine(Source, $"CustomerValue.{p}")));
        Assert.DoesNotContain(learners, f => File.ReadAllText(f).Contains("CustomerValue.Simulation", StringComparison.Ordinal));
    }

    [Fact]
    public void The_truth_of_a_simulated_shop_is_read_by_nothing_that_learns()
    {
        // Its files by name, and the class that opens one. In the program: what writes them, the command that judges predictions, and what sets the truth beside a finished result.
        string[] names = ["customers.csv", "contacts.csv", "texts.csv", "expectations.csv", "OracleFile"];
        var mayRead = new[] { "SimulateCommand.cs", "MadeShop.cs", "EvaluateCommand.cs" };
        var folders = Directory.GetDirectories(Source).Where(d => !d.EndsWith("CustomerValue.Simulation", StringComparison.Ordinal)).Append(Path.Combine(RealData.Root, "experiments"));
        var files = folders.SelectMany(d => SourceFiles(d).Concat(Directory.EnumerateFiles(d, "*.sql", SearchOption.AllDirectories)));
        var readers = files.Where(f => names.Any(name => Regex.IsMatch(File.ReadAllText(f), $@"(?<!\w){Regex.Escape(name)}\b"))).ToList();
        Assert.Contains(readers, f => Path.GetFileName(f) == "EvaluateCommand.cs");
        Assert.DoesNotContain(readers, f => !f.Contains("CustomerValue.Cli", StringComparison.Ordinal) || !(mayRead.Contains(Path.GetFileName(f)) || Path.GetFileName(f).Contains("Truth", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_file_grows_past_five_hundred_lines() =>
        Assert.Empty(SourceFiles(Source).Concat(SourceFiles(Path.Combine(RealData.Root, "tests"))).Where(f => File.ReadLines(f).Count() > 500).Select(Path.GetFileName));

    [GeneratedRegex(@"\bCustomerValue\.(\w+)")]
    private static partial Regex RoomName();
}
