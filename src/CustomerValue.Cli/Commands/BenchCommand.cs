using System.CommandLine;
using CustomerValue.Cli.Bench;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

internal static class BenchCommand
{
    private static readonly Option<string> s_only = new("--only") { Description = "Only the works whose name begins so, such as bg-nbd; the calibration rows come first all the same.", DefaultValueFactory = _ => "" };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads to use.", DefaultValueFactory = _ => Environment.ProcessorCount };
    private static readonly Option<bool> s_list = new("--list") { Description = "Name the works and time nothing." };
    private static readonly Option<string?> s_data = new("--data") { Description = "Folder of real data sets; default as for conformance." };

    private static readonly Option<string> s_package = new("--package") { Description = "The package that scores, of the sample shop; default: the one that the main job made.", DefaultValueFactory = _ => ScoreWorks.MadePackage, HelpName = "FILE" };

    public static Command Create() =>
        new Command("bench", """
            Times the program's work on simulated customers: best of several runs, rate and peak memory. The first rows measure the machine only, so that
            figures of two machines can be compared by ratio. Run it on a quiet machine.

            Example:
              customervalue bench --only bg-nbd
              customervalue bench --threads 2 --json
            """) { s_only, s_threads, s_list, s_data, s_package }
            .Does((parsed, terminal, cancellation) => Task.FromResult<object>(Run(parsed, terminal, cancellation)));

    private static object Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var only = parsed.GetValue(s_only)!;
        var threads = parsed.GetValue(s_threads);
        if (threads < 1) throw new UsageException($"--threads {threads}: give a number from 1 up.");
        var named = BenchCatalogue.Works.Where(w => w.Name.StartsWith(only, StringComparison.Ordinal)).ToList();
        if (named.Count == 0) throw new UsageException($"No work's name begins with '{only}'. The names: {string.Join(", ", BenchCatalogue.Works.Select(w => w.Name))}.");

        if (parsed.GetValue(s_list))
        {
            var works = named.Select(w => new { w.Name, w.Work, w.Size, w.Unit }).ToList();
            foreach (var work in works) terminal.Line(Terminal.Text($"{work.Name,-32} {work.Work}: {work.Size:#,0} {work.Unit}"));
            return works;
        }

        var rows = BenchRun.Run([.. CalibrationWorks.All.Union(named)], threads, DataFolder.Find(parsed.GetValue(s_data)), parsed.GetValue(s_package)!, terminal, cancellation);
        var table = new Table().AddColumns("name", "work", "size", "seconds", "rate", "peak MB");
        foreach (var row in rows)
            table.AddRow(
                Markup.Escape(row.Name), Markup.Escape(row.Work), Terminal.Text($"{row.Size:#,0}"), Terminal.Text($"{row.Seconds:0.####}"),
                Terminal.Text($"{row.Rate:#,0} {row.Unit}/s"), Terminal.Text($"{row.PeakMb:#,0}"));
        terminal.Show(table);
        return rows;
    }
}
