using System.Diagnostics;

namespace CustomerValue.Cli.Bench;

/// <summary>Times works one after another: data are made outside the clock, the best of the runs counts.</summary>
internal static class BenchRun
{
    public static List<BenchRow> Run(IReadOnlyList<BenchWork> works, int threads, string? dataFolder, string package, Terminal terminal, CancellationToken cancellation)
    {
        var rows = new List<BenchRow>();
        foreach (var work in works)
        {
            cancellation.ThrowIfCancellationRequested();
            var scratch = Directory.CreateTempSubdirectory("customervalue-bench-").FullName;
            try
            {
                if (Time(work, new(threads, scratch, dataFolder, package, cancellation), terminal) is { } row) rows.Add(row);
                else terminal.Line($"{work.Name} is left out: what it needs isn't there (data folder: {dataFolder ?? "none"}; the sample shop's package: {package}{(File.Exists(package) ? "" : ", absent")}).");
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
        return rows;
    }

    private static BenchRow? Time(BenchWork work, BenchContext context, Terminal terminal)
    {
        if (work.Prepare(context) is not { } action) return null;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);       // what earlier works left isn't this one's memory
        PeakMemory.Reset();
        var best = double.PositiveInfinity;
        for (var run = 0; run < work.Runs; run++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            terminal.Report(new($"bench {work.Name}", run, work.Runs, "runs"));
            var started = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        terminal.Report(new($"bench {work.Name}", work.Runs, work.Runs, "runs"));
        return new(work.Name, work.Work, work.Size, best, work.Size / best, work.Unit, PeakMemory.Megabytes);
    }
}
