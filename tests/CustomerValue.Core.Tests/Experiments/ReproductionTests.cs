using System.Text.Json;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;

namespace CustomerValue.Core.Tests.Experiments;

public class ReproductionTests
{
    private static readonly RunEnvironment s_environment = new("10.0.1", "linux-x64", "a processor, X64, 256 bit vectors",
        new Dictionary<string, string> { ["LightGBM"] = "4.6.0" });

    private static readonly ExperimentResult s_result = new("0001-shop", "who?", "3f", "abc", "d1", 7, 2,
        new([new(2024, 1, 1)], new(2024, 7, 1), 180, 180), new(100, 50), new(0.4, 12.5, 625),
        [new("trees", 1.5, 0.1, new Dictionary<string, double> { ["auc"] = 0.81, ["log_loss"] = double.NaN },
             new Dictionary<string, double> { ["auc"] = 0.8 }, new Dictionary<string, string> { ["rounds"] = "30" })],
        [new("auc", "trees", "mean", 0.1, 0.05, 0.15)], new(null, "trees", "auc"), [new("ingest", 2, 100, false)], new("aa", 1000, 9));

    private static readonly RepeatableRun s_logged = new(s_result, s_environment, new Dictionary<string, string> { ["gains.svg"] = "cc" });

    [Fact]
    public void A_run_repeats_when_all_but_times_memory_and_id_is_the_same()
    {
        var again = s_logged with { Result = s_result with { RunId = "90", Stages = [new("ingest", 9, 1, true)] } };
        var reproduction = Reproduction.Of(s_logged, again);
        Assert.True(reproduction.Holds);
        Assert.Contains(reproduction.Points, p => p.Name == "trees auc" && p.Logged == "0.81");
        Assert.Contains(reproduction.Points, p => p.Name == "package");
    }

    public static TheoryData<string, Func<RepeatableRun, RepeatableRun>> Reasons => new()
    {
        { "commit", r => With(r, x => x with { Commit = "def" }) },
        { "data_fingerprint", r => With(r, x => x with { DataFingerprint = "d2" }) },
        { "seed", r => With(r, x => x with { Seed = 8 }) },
        { "split", r => With(r, x => x with { Split = x.Split with { HorizonDays = 90 } }) },
        { "rows", r => With(r, x => x with { Rows = new(100, 51) }) },
        { "labels spend_sum", r => With(r, x => x with { Labels = x.Labels with { SpendSum = 626 } }) },
        { "version .NET", r => r with { Environment = s_environment with { Runtime = "10.0.2" } } },
        { "version LightGBM", r => r with { Environment = s_environment with { Packages = new Dictionary<string, string> { ["LightGBM"] = "4.7.0" } } } },
        { "trees auc", r => With(r, x => x with { Candidates = [x.Candidates[0] with { Metrics = new Dictionary<string, double> { ["auc"] = Math.BitIncrement(0.81), ["log_loss"] = double.NaN } }] }) },
        { "trees validation auc", r => With(r, x => x with { Candidates = [x.Candidates[0] with { Validation = new Dictionary<string, double> { ["auc"] = 0.7 } }] }) },
        { "trees setting rounds", r => With(r, x => x with { Candidates = [x.Candidates[0] with { Settings = new Dictionary<string, string> { ["rounds"] = "31" } }] }) },
        { "trees against mean, auc", r => With(r, x => x with { Comparisons = [new("auc", "trees", "mean", 0.1, 0.05, 0.16)] }) },
        { "winner at churn", r => With(r, x => x with { Winners = x.Winners with { Churn = null } }) },
        { "plot gains.svg", r => r with { Plots = new Dictionary<string, string>() } },
        { "package", r => With(r, x => x with { Package = new("bb", 1000, 9) }) },
    };

    [Theory, MemberData(nameof(Reasons))]
    public void What_differs_is_told_by_name_and_nothing_else_is(string reason, Func<RepeatableRun, RepeatableRun> change)
    {
        var reproduction = Reproduction.Of(s_logged, change(s_logged));
        Assert.False(reproduction.Holds);
        var point = Assert.Single(reproduction.Points, p => p.Agreement != Agreement.Same);
        Assert.Equal((reason, Agreement.Differs), (point.Name, point.Agreement));
    }

    [Fact]
    public void A_figure_after_another_processor_or_thread_count_is_unsure_and_the_thread_count_itself_is_not()
    {
        static RepeatableRun Figure(RepeatableRun run) => With(run, x => x with { Candidates = [x.Candidates[0] with { Validation = new Dictionary<string, double> { ["auc"] = 0.7 } }] });

        var processor = Reproduction.Of(s_logged, Figure(s_logged with { Environment = s_environment with { Processor = "another" } }));
        Assert.Equal([("trees validation auc", Agreement.Unsure)], Differing(processor));

        var threads = Reproduction.Of(s_logged, Figure(With(s_logged, x => x with { Threads = 1 })));
        Assert.Equal([("threads", Agreement.Differs), ("trees validation auc", Agreement.Unsure)], Differing(threads));

        Assert.True(Reproduction.Of(s_logged, s_logged with { Environment = s_environment with { Processor = "another" } }).Holds);
    }

    [Theory, InlineData("abc+changes"), InlineData("unknown")]
    public void Changes_that_were_never_committed_cant_be_known_to_be_the_same(string commit)
    {
        var run = With(s_logged, x => x with { Commit = commit });
        var reproduction = Reproduction.Of(run, run);
        Assert.Equal([("commit", Agreement.Unsure)], Differing(reproduction));
        Assert.True(reproduction.Holds);                      // nothing is found to differ, and the point says how sure that is
    }

    [Fact]
    public void A_candidate_that_is_missing_is_told()
    {
        var reproduction = Reproduction.Of(s_logged, With(s_logged, x => x with { Candidates = [] }));
        Assert.Equal([("candidate trees", Agreement.Differs)], Differing(reproduction));
    }

    [Fact]
    public void A_result_reads_back_from_its_file_to_the_last_bit()
    {
        var awkward = With(s_logged, x => x with { Labels = new(1.0 / 3, Math.BitIncrement(0.1), 1e300), Candidates = [x.Candidates[0] with { Metrics = new Dictionary<string, double> { ["auc"] = 2.0 / 3, ["log_loss"] = double.NaN } }] });
        var read = JsonSerializer.Deserialize<ExperimentResult>(JsonSerializer.SerializeToUtf8Bytes((ExperimentResult)awkward.Result, ExperimentResult.Json), ExperimentResult.Json)!;
        Assert.True(Reproduction.Of(awkward, awkward with { Result = read }).Holds);
    }

    [Fact]
    public void The_environment_names_runtime_processor_and_packages()
    {
        Assert.StartsWith("10.", RunEnvironment.Current.Runtime, StringComparison.Ordinal);
        Assert.Contains("bit vectors", RunEnvironment.Current.Processor, StringComparison.Ordinal);
        Assert.Contains("YamlDotNet", RunEnvironment.Current.Packages.Keys);
    }

    private static RepeatableRun With(RepeatableRun run, Func<ExperimentResult, ExperimentResult> change) => run with { Result = change((ExperimentResult)run.Result) };

    private static List<(string, Agreement)> Differing(Reproduction reproduction) =>
        [.. reproduction.Points.Where(p => p.Agreement != Agreement.Same).Select(p => (p.Name, p.Agreement))];
}
