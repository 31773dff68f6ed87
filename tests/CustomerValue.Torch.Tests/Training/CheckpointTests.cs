using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class CheckpointTests
{
    private static readonly CheckpointState s_state = new("run", 40, 30, new Dictionary<string, double> { ["accuracy"] = 0.75 }, 1, 2.5, 1.5, 0, 40);
    private static readonly Dictionary<string, Array> s_arrays = new() { ["weights"] = new[] { 1.5f, float.NaN, -0f }, ["seen/w"] = new[] { 1, 0, 7 } };

    [Fact]
    public void What_was_saved_is_read_back_and_only_the_newest_stays()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var checkpoint = new Checkpoint(folder);
        Assert.Null(checkpoint.Load("run"));
        checkpoint.Save(s_state with { Step = 9 }, s_arrays);
        checkpoint.Save(s_state, s_arrays);

        var (state, arrays) = checkpoint.Load("run")!.Value;
        Assert.Equal(s_state with { Best = null }, state with { Best = null });
        Assert.Equal(s_state.Best!, state.Best!);
        Assert.Equal(s_arrays["weights"], arrays["weights"]);
        Assert.Equal(s_arrays["seen/w"], arrays["seen/w"]);
        Assert.Single(Directory.EnumerateDirectories(folder));
        checkpoint.Clear();
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void A_folder_half_written_is_passed_by()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        new Checkpoint(folder).Save(s_state, s_arrays);
        Directory.CreateDirectory(Path.Combine(folder, "checkpoint-50.part"));
        Assert.Equal(40, new Checkpoint(folder).Load("run")!.Value.State.Step);
    }

    [Fact]
    public void Another_runs_checkpoint_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        new Checkpoint(folder).Save(s_state, s_arrays);
        Assert.Contains("another run", Assert.Throws<InvalidDataException>(() => new Checkpoint(folder).Load("other")).Message);
    }

    [Theory, InlineData(0), InlineData(5), InlineData(20), InlineData(40)]
    public void A_damaged_checkpoint_is_refused_in_words(int length)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        new Checkpoint(folder).Save(s_state, s_arrays);
        var file = Path.Combine(folder, "checkpoint-40", "arrays.bin");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..length]);
        Assert.Contains("Delete that folder", Assert.Throws<InvalidDataException>(() => new Checkpoint(folder).Load("run")).Message);
    }
}
