using System.Globalization;

namespace CustomerValue.Notebooks;

/// <summary>How far a long piece of work in a cell has come: one bar a stage, each drawn anew in its place.</summary>
/// <remarks>A bar that stands still isn't drawn again, and one that moves no more than five times a second, so that a notebook isn't flooded.</remarks>
internal sealed class ProgressBar : IProgress<StageProgress>
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(0.2);

    private readonly RunningCell _cell;
    private readonly TimeProvider _clock;
    private readonly Lock _one = new();
    private readonly Dictionary<string, (DisplayedValue Bar, long Drawn)> _stages = new(StringComparer.Ordinal);

    /// <param name="cell">Where it is shown.</param>
    /// <param name="clock">Tells how long ago a bar was drawn.</param>
    public ProgressBar(RunningCell cell, TimeProvider clock) => (_cell, _clock) = (cell, clock);

    /// <inheritdoc/>
    public void Report(StageProgress value)
    {
        lock (_one)
        {
            var isWhole = value.Total is { } total && value.Done >= total;
            if (!_stages.TryGetValue(value.Stage, out var stage))
            {
                var id = _cell.NextDisplayId();
                _cell.Output.Display(Form(value), id);
                _stages[value.Stage] = (new(_cell.Output, id), _clock.GetTimestamp());
                return;
            }
            if (!isWhole && _clock.GetElapsedTime(stage.Drawn) < s_between) return;
            stage.Bar.Update(Form(value));
            _stages[value.Stage] = (stage.Bar, _clock.GetTimestamp());
        }
    }

    private static MimeBundle Form(StageProgress value)
    {
        var told = string.Create(CultureInfo.InvariantCulture, $"{value.Stage}: {value.Done:#,0.#}{(value.Total is { } all ? string.Create(CultureInfo.InvariantCulture, $" of {all:#,0.#}") : "")} {value.Unit}{(value.Note is null ? "" : $", {value.Note}")}");
        var bar = value.Total is > 0 and var total
            ? string.Create(CultureInfo.InvariantCulture, $"<progress max=\"1\" value=\"{Math.Clamp(value.Done / total, 0, 1):0.###}\"></progress> ") : "<progress></progress> ";
        return MimeBundle.Of(told, $"<div class=\"cv-progress\">{bar}{System.Net.WebUtility.HtmlEncode(told)}</div>");
    }
}
