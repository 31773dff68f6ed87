using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class ScheduleTests
{
    [Fact]
    public void The_rate_grows_to_the_highest_and_falls_to_the_end()
    {
        var rates = new LinearWarmup(Highest: 8, Warmup: 4, Steps: 12);
        Assert.Equal([2, 4, 6, 8, 8, 7, 6, 5, 4, 3, 2, 1], Enumerable.Range(0, 12).Select(step => rates.At(step)));
        Assert.Equal(0, rates.At(12));
    }

    [Fact]
    public void A_share_of_the_rate_may_stay()
    {
        var rates = new LinearWarmup(Highest: 1, Warmup: 0, Steps: 4, Final: 0.5);
        Assert.Equal([1, 0.875, 0.75, 0.625], Enumerable.Range(0, 4).Select(step => rates.At(step)));
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Assert.Contains("LearningRate", Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingOptions { LearningRate = 2 }).Message);
        Assert.Contains("Steps", Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingOptions { Steps = 0 }).Message);
    }

    [Fact]
    public void Whatever_decides_the_result_is_among_the_settings()
    {
        var settings = new TrainingOptions { Seed = 5, Beta2 = 0.97 }.Settings();
        Assert.Equal(("5", "0.97", "1"), (settings["Seed"], settings["Beta2"], settings["Threads"]));
        Assert.DoesNotContain("CheckpointEvery", settings.Keys);    // how often a run is saved changes nothing of it
    }
}
