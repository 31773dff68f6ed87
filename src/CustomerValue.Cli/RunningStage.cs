using System.Globalization;

namespace CustomerValue.Cli;

/// <summary>A stage that has begun: what was reported first and last, and when that moved, in timestamps of <paramref name="Time"/>.</summary>
internal sealed record RunningStage(StageProgress First, StageProgress Last, long Started, long Reported, TimeProvider Time)
{
    // Before that, one lucky unit would promise anything.
    private static readonly TimeSpan s_enough = TimeSpan.FromMilliseconds(200);

    public static RunningStage Begin(StageProgress first, TimeProvider time)
    {
        var now = time.GetTimestamp();
        return new(first, first, now, now, time);
    }

    /// <summary>The stage after another report; work that reports late, from another thread, never takes it back.</summary>
    public RunningStage After(StageProgress report) =>
        report.Done < Last.Done ? this : this with { Last = report, Reported = report.Done > Last.Done ? Time.GetTimestamp() : Reported };

    public string Name => Last.Stage;

    public bool IsFinished => Last.Done >= Last.Total;

    /// <summary>Time from the first report to now.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(Started);

    /// <summary>From 0 to 1; null where the total isn't known.</summary>
    public double? Share => Last.Total is > 0 and { } total ? Math.Clamp(Last.Done / total, 0, 1) : null;

    /// <summary>Units a second, as of the last report; null where too little has been seen to tell.</summary>
    public double? Rate => Time.GetElapsedTime(Started, Reported) is var seen && seen > s_enough && Last.Done > First.Done ? (Last.Done - First.Done) / seen.TotalSeconds : null;

    /// <summary>Time left at that rate; null where total or rate isn't known. A unit that takes longer than usual is taken to be about to end.</summary>
    public TimeSpan? Left
    {
        get
        {
            if (Share is null || Rate is not { } rate) return null;
            var units = Last.Total!.Value - Last.Done;
            return TimeSpan.FromSeconds(Math.Clamp(Math.Max(units / rate - Time.GetElapsedTime(Reported).TotalSeconds, (units - 1) / rate), 0, 1e9));
        }
    }

    /// <summary>The rate with its unit, as <c>2.5 MB/s</c>; empty where it isn't known.</summary>
    public string Speed => Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{(rate < 10 ? Math.Round(rate, 2) : rate < 100 ? Math.Round(rate, 1) : Math.Round(rate)):#,0.##} {Last.Unit}/s") : "";

    /// <summary>A length of time as people read it: 0.4 s, 12 s, 3:05, 1:02:05.</summary>
    public static string Clock(TimeSpan time) => time.TotalSeconds switch
    {
        < 9.95 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        < 59.5 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        _ => Long(TimeSpan.FromSeconds(Math.Round(time.TotalSeconds))),
    };

    private static string Long(TimeSpan time) => time.TotalHours < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time:m\\:ss}") : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}");
}
