using System.Text.Json;
using CustomerValue.Testing;
using CustomerValue.Tracking;

namespace CustomerValue.Tests.Tracking;

public sealed class FolderTrackerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static RunStart Start(string id = "0123456789abcdef0123456789abcdef") => new(id, "0001-shop", "first", new Dictionary<string, string> { ["seed"] = "7" });

    private JsonElement Document(params string[] parts) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine([_folder.Path, .. parts, "run.json"]))).RootElement;

    [Fact]
    public void A_finished_run_keeps_names_numbers_and_files()
    {
        var start = Start();
        using (var run = new FolderTracker(_folder.Path, new FixedClock()).Start(start))
        {
            run.Parameter("leaves", "31");
            run.Metric("gini", 0.5);
            run.Metric("loss", double.NaN, step: 3);
            run.Artifact("plots/a.txt", "hello"u8);
            run.End(RunStatus.Finished);
        }

        var document = Document(start.Id);
        Assert.Equal("FINISHED", document.GetProperty("status").GetString());
        Assert.Equal("31", document.GetProperty("parameters").GetProperty("leaves").GetString());
        Assert.Equal("7", document.GetProperty("tags").GetProperty("seed").GetString());
        Assert.Equal("NaN", document.GetProperty("metrics")[1].GetProperty("value").GetString());
        Assert.Equal(3, document.GetProperty("metrics")[1].GetProperty("step").GetInt64());
        Assert.Equal("hello", File.ReadAllText(Path.Combine(_folder.Path, start.Id, "artifacts", "plots", "a.txt")));
    }

    [Fact]
    public void A_run_that_never_ended_is_marked_as_failed()
    {
        var start = Start();
        new FolderTracker(_folder.Path, new FixedClock()).Start(start).Dispose();
        Assert.Equal("FAILED", Document(start.Id).GetProperty("status").GetString());
    }

    [Fact]
    public void Nested_runs_know_their_parent()
    {
        var start = Start();
        using var run = new FolderTracker(_folder.Path, new FixedClock()).Start(start);
        using var nested = run.Nested("BG/NBD");
        nested.End(RunStatus.Finished);
        Assert.Equal(start.Id, Document(start.Id, "nested", "BG_NBD").GetProperty("tags").GetProperty("parent").GetString());
        Assert.Matches("^[0-9a-f]{32}$", nested.Id);
    }

    [Fact]
    public void A_second_run_of_the_same_id_is_refused()
    {
        var tracker = new FolderTracker(_folder.Path, new FixedClock());
        tracker.Start(Start()).Dispose();
        var error = Assert.Throws<InvalidOperationException>(() => tracker.Start(Start()));
        Assert.Contains("give this one another", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_artifact_stays_inside_its_run()
    {
        using var run = new FolderTracker(_folder.Path, new FixedClock()).Start(Start());
        Assert.Throws<ArgumentException>(() => run.Artifact("../../escaped.txt", "x"u8));
    }
}
