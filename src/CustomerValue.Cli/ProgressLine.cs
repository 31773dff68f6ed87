using System.Globalization;

namespace CustomerValue.Cli;

/// <summary>One moving line with stage, share done, rate and time left; where the output is no terminal, a plain line now and then.</summary>
internal sealed class ProgressLine(TextWriter output, bool interactive, TimeProvider time) : IProgress<StageProgress>
{
    private static readonly TimeSpan s_moving = TimeSpan.FromMilliseconds(100), s_plain = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private string _stage = "";
    private long _started, _shown;
    private bool _onScreen;

    public void Report(StageProgress value)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (value.Stage != _stage) (_stage, _started, _shown) = (value.Stage, now, 0);
            var finished = value.Done >= value.Total;
            if (!finished && _shown != 0 && time.GetElapsedTime(_shown, now) < (interactive ? s_moving : s_plain)) return;
            if (!interactive && _shown == 0 && !finished) { _shown = now; return; }
            _shown = now;
            var text = Describe(value, time.GetElapsedTime(_started, now));
            if (interactive) output.Write($"\r\u001b[2K{text}");
            else if (!finished) output.WriteLine(text);
            _onScreen = interactive;
        }
    }

    /// <summary>Takes the moving line off the screen, so that other text can be written.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (_onScreen) output.Write("\r\u001b[2K");
            _onScreen = false;
        }
    }

    internal static string Describe(StageProgress value, TimeSpan elapsed)
    {
        var rate = elapsed.TotalSeconds > 0.2 ? value.Done / elapsed.TotalSeconds : 0;
        var speed = rate > 0 ? string.Create(CultureInfo.InvariantCulture, $", {rate:#,0.#} {value.Unit}/s") : "";
        if (value.Total is not { } total || total <= 0)
            return string.Create(CultureInfo.InvariantCulture, $"{value.Stage}: {value.Done:#,0} {value.Unit}{speed}");
        var share = Math.Clamp(value.Done / total, 0, 1);
        var filled = (int)Math.Round(share * 20);
        var left = rate > 0 ? string.Create(CultureInfo.InvariantCulture, $", {(total - value.Done) / rate:0} s left") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{value.Stage} [{new string('#', filled)}{new string('.', 20 - filled)}] {share:P0} {value.Done:#,0}/{total:#,0} {value.Unit}{speed}{left}");
    }
}
