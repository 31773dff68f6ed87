using CustomerValue.Cli.Conformance;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

public class ConformanceCommandTests
{
    [Fact]
    public void Every_published_number_is_met_or_differs_for_a_reason_that_is_told()
    {
        RealData.Need("cdnow/CDNOW_sample.txt.gz");
        RealData.Need("online_retail_ii/Online_Retail_2010-2011.csv.gz");
        var run = CommandRun.Of("conformance", "--data", RealData.Folder, "--json");
        var rows = run.Json.EnumerateArray().ToList();
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(ConformanceCatalogue.Subjects.SelectMany(s => s.Numbers).Select(n => n.Name), rows.Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(["name", "source", "published", "ours", "tolerance", "met"], rows[0].EnumerateObject().Select(p => p.Name));

        string[] differ = ["orii180.share_of_zeros", "orii180.pareto_nbd.auc", "orii180.pareto_nbd.log_loss", "orii180.pareto_nbd.ece", "orii180.bg_nbd_x_gg.spearman", "orii180.bg_nbd_x_gg_all.spearman"];
        Assert.Equal(differ, rows.Where(row => !row.GetProperty("met").GetBoolean()).Select(row => row.GetProperty("name").GetString()));
        var zeros = rows.Single(row => row.GetProperty("name").GetString() == "orii180.share_of_zeros");
        Assert.Equal((.4863, .4866), (zeros.GetProperty("published").GetDouble(), Math.Round(zeros.GetProperty("ours").GetDouble(), 4)));
        Assert.StartsWith("customer 17460 gives back all that was bought", zeros.GetProperty("explained").GetString(), StringComparison.Ordinal);
        Assert.Contains($"{rows.Count - differ.Length} of {rows.Count} published numbers are met, {differ.Length} differ for a known reason.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_data_the_formulas_are_checked_and_the_other_numbers_are_listed_as_not_checked()
    {
        using var empty = new TemporaryFolder();
        var run = CommandRun.Of("conformance", "--data", empty.Path, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(9, run.Json.GetArrayLength());
        Assert.Contains("Not checked: cdnow, as cdnow/CDNOW_sample.txt.gz isn't in", run.Errors, StringComparison.Ordinal);
        Assert.Contains("All 9 published numbers are met; ", run.Errors, StringComparison.Ordinal);
        foreach (var number in ConformanceCatalogue.Subjects.Where(s => s.Data.Count > 0).SelectMany(s => s.Numbers))
            Assert.Contains(run.Errors.Split('\n'), line => line.Contains($" {number.Name} ", StringComparison.Ordinal) && line.Contains("not checked", StringComparison.Ordinal));
    }

    [Fact]
    public void A_known_difference_excuses_the_one_value_that_was_looked_into()
    {
        var number = PublishedNumber.ToDecimals("share", "someone", .4863, 4) with { Known = new(.4866, "one customer") };
        Assert.Equal((true, false, null), Seen(.48632));
        Assert.Equal((false, false, "one customer"), Seen(.48655));
        Assert.Equal((false, true, null), Seen(.4870));
        Assert.True(ConformanceRow.Of(number with { Known = null }, .48655).Failed);

        (bool Met, bool Failed, string? Explained) Seen(double ours) => ConformanceRow.Of(number, ours) is var row ? (row.Met, row.Failed, row.Explained) : default;
    }

    [Fact]
    public void No_number_stands_twice()
    {
        var names = ConformanceCatalogue.Subjects.SelectMany(s => s.Numbers).Select(n => n.Name).ToList();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void A_data_folder_that_does_not_exist_is_wrong_usage()
    {
        var run = CommandRun.Of("conformance", "--data", "/nowhere");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'/nowhere' (--data) doesn't exist", run.Errors, StringComparison.Ordinal);
    }
}
