using System.Globalization;

namespace CustomerValue.Cli;

/// <summary>Progress where the output is no terminal: a plain line now and then.</summary>
internal sealed class ProgressLines(TextWriter output, TimeProvider time) : IProgressDisplay
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private RunningStage? _stage;
    private long _shown;

    public void Report(StageProgress value)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_stage?.Name != value.Stage) (_stage, _shown) = (RunningStage.Begin(value, time), now);
            _stage = _stage.After(value);
            if (_stage.IsFinished || time.GetElapsedTime(_shown, now) < s_pause) return;
            _shown = now;
            output.WriteLine(Describe(_stage));
        }
    }

    public void Quietly(Action write) => write();

    public void Dispose() { }

    internal static string Describe(RunningStage stage)
    {
        var (last, speed) = (stage.Last, (stage.Speed is { Length: > 0 } known ? $", {known}" : "") + (stage.Last.Note is { } note ? $", {note}" : ""));
        if (stage.Share is not { } share)
            return string.Create(CultureInfo.InvariantCulture, $"{stage.Name}: {last.Done:#,0} {last.Unit}{speed}");
        var filled = (int)Math.Round(share * 20);
        var left = stage.Left is { } time ? $", {RunningStage.Clock(time)} left" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{stage.Name} [{new string('#', filled)}{new string('.', 20 - filled)}] {100 * share:0} % {last.Done:#,0}/{last.Total:#,0} {last.Unit}{speed}{left}");
    }
}
