using System.Reflection;
using System.Xml.Linq;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>What others may build on changes on purpose only: the public API of every library is the approved one.</summary>
public class PublicApiTests
{
    private const string Approve = "CUSTOMERVALUE_APPROVE_API";

    public static TheoryData<string> Libraries =>
        [.. Directory.GetFiles(Path.Combine(RealData.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => XDocument.Load(project).Descendants("OutputType").All(o => o.Value != "Exe"))
            .Select(project => Path.GetFileNameWithoutExtension(project)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Libraries))]
    public void The_public_api_is_the_approved_one(string library)
    {
        var file = Path.Combine(RealData.Root, "tests", "golden", $"public-api-{library}.txt");
        var found = PublicApi.Of(Load(library));
        if (Environment.GetEnvironmentVariable(Approve) == "1") File.WriteAllLines(file, found);
        Assert.True(File.Exists(file), $"{library} has no approved API. Approve what it has now by running this test with {Approve}=1, and commit tests/golden/{Path.GetFileName(file)}.");
        var difference = Difference(File.ReadAllLines(file), found);
        Assert.True(difference is null, $"""
            The public API of {library} isn't the approved one:
            {difference}
            Make what others needn't see internal. If the change is meant, run this test with {Approve}=1 and commit tests/golden/{Path.GetFileName(file)}.
            """);
    }

    [Fact]
    public void A_difference_names_the_lines()
    {
        Assert.Null(Difference(["A", "B"], ["A", "B"]));
        Assert.Equal("  - A\n  + C", Difference(["A", "B"], ["B", "C"]));
    }

    [Fact]
    public void A_snapshot_shows_signatures_and_leaves_out_what_records_bring_along()
    {
        var lines = PublicApi.Of(typeof(CustomerValue.Models.Horizon).Assembly);
        Assert.Contains("CustomerValue.Models.Horizon : readonly struct", lines);
        Assert.Contains("CustomerValue.Models.Horizon.static OfWeeks(double weeks) -> Horizon", lines);
        Assert.Contains("CustomerValue.Models.Horizon.Weeks { get; } -> double", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("CustomerValue.Models.Horizon.", StringComparison.Ordinal) && line.Contains("Equals", StringComparison.Ordinal));
        Assert.Contains("CustomerValue.IEstimator<TData, TFitted>.Fit(TData data) -> TFitted", lines);
    }

    private static Assembly Load(string library)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{library}.dll");
        Assert.True(File.Exists(path), $"{library} isn't beside the tests: reference it in CustomerValue.Architecture.Tests.csproj.");
        return Assembly.Load(new AssemblyName(library));
    }

    private static string? Difference(string[] approved, string[] found)
    {
        var lines = approved.Except(found, StringComparer.Ordinal).Select(line => $"  - {line}").Concat(found.Except(approved, StringComparer.Ordinal).Select(line => $"  + {line}")).ToArray();
        return lines.Length == 0 ? null : string.Join('\n', lines);
    }
}
