using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CustomerValue.Cli;

/// <summary>Progress on a terminal: a moving bar for each stage that runs, one short line for each that has finished.</summary>
/// <remarks>Reports only leave word. A task of its own draws, from the first report to the next text or the end, and nobody else touches the screen meanwhile.
/// A stage ends when all of it is done; one that knows no total, when the next begins.</remarks>
internal sealed class ProgressBars(IAnsiConsole console, TimeProvider time) : IProgressDisplay
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(100);

    private readonly Lock _screen = new(), _gate = new();          // who may write; what was reported. Taken in this order
    private readonly List<RunningStage> _running = [];
    private readonly Queue<string> _finished = [];
    private string? _ended;                                         // the stage that ended last, until another begins
    private (Task Task, ManualResetEventSlim Stop)? _drawing;
    private bool _quiet;

    public void Report(StageProgress value)
    {
        lock (_gate)
        {
            if (value.Stage == _ended && value.Done > 0) return;    // a late word of a thread that was overtaken
            var at = _running.FindIndex(s => s.Name == value.Stage);
            if (at < 0)
            {
                foreach (var open in _running.Where(s => s.Last.Total is null).ToList()) End(open);
                (at, _ended) = (_running.Count, null);
                _running.Add(RunningStage.Begin(value, time));
            }
            _running[at] = _running[at].After(value);
            if (_running[at].IsFinished) End(_running[at]);
            if (_quiet || _drawing is not null) return;
            var stop = new ManualResetEventSlim();
            _drawing = (Task.Factory.StartNew(() => Draw(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default), stop);
        }
    }

    public void Quietly(Action write)
    {
        lock (_screen)
        {
            Pause();
            try
            {
                write();
            }
            finally
            {
                lock (_gate) _quiet = false;
            }
        }
    }

    /// <summary>Takes the bars off the screen for good; finished stages stay told.</summary>
    public void Dispose()
    {
        lock (_screen)
        {
            lock (_gate)
                foreach (var open in _running.Where(s => s.Last.Total is null).ToList()) End(open);
            Pause();
        }
    }

    private void Pause()
    {
        (Task Task, ManualResetEventSlim Stop)? drawing;
        lock (_gate) (drawing, _drawing, _quiet) = (_drawing, null, true);
        if (drawing is { } on)
        {
            on.Stop.Set();
            on.Task.GetAwaiter().GetResult();
            on.Stop.Dispose();
        }
        WhileThereIsATerminal(TellFinished);
    }

    private void End(RunningStage stage)
    {
        _running.Remove(stage);
        _ended = stage.Name;
        _finished.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{stage.Name}: {stage.Last.Done:#,0.#} {stage.Last.Unit} in {RunningStage.Clock(stage.Elapsed)}"));
    }

    private void Draw(ManualResetEventSlim stop)
    {
        var progress = new Progress(console, time) { AutoRefresh = false, AutoClear = true, ExcludeVerticalPadding = true };
        progress.Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = 20 },
            new StageColumn(stage => stage.Share is { } share ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100 * share):0} %") : "", 5),
            new StageColumn(stage => stage.Speed, 16),
            new StageColumn(stage => stage.Left is { } left ? $"{RunningStage.Clock(left)} left" : RunningStage.Clock(stage.Elapsed), 10));
        WhileThereIsATerminal(() => progress.Start(context =>
        {
            var bars = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
            for (var last = false; ; last = stop.Wait(s_refresh))
            {
                Update(context, bars);
                context.Refresh();
                TellFinished();
                if (last) return;
            }
        }));
    }

    private void Update(ProgressContext context, Dictionary<string, ProgressTask> bars)
    {
        List<RunningStage> running;
        lock (_gate) running = [.. _running];
        foreach (var gone in bars.Keys.Except(running.Select(s => s.Name)).ToList())
        {
            context.RemoveTask(bars[gone]);
            bars.Remove(gone);
        }
        foreach (var stage in running)
        {
            if (!bars.TryGetValue(stage.Name, out var bar)) bars[stage.Name] = bar = context.AddTask(Markup.Escape(stage.Name), maxValue: 1);
            bar.Tag = stage;
            bar.Description = Markup.Escape(stage.Last.Note is { } note ? $"{stage.Name}: {note}" : stage.Name);
            bar.IsIndeterminate = stage.Share is null;
            bar.Value = stage.Share ?? 0;
        }
    }

    private void TellFinished()
    {
        while (true)
        {
            string? line;
            lock (_gate)
                if (!_finished.TryDequeue(out line)) return;
            console.Write(new ControlCode($"\u001b[2K{line}\n"));  // it goes where a bar stood, which may have been longer
        }
    }

    private static void WhileThereIsATerminal(Action show)
    {
        try
        {
            show();
        }
        catch (IOException)
        {
            // It went away; the work goes on unseen.
        }
    }

    // As wide as the text mostly is, so that bars stand still.
    private sealed class StageColumn(Func<RunningStage, string> text, int width) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Cell(text((RunningStage)task.Tag!).PadLeft(width));
    }
}
