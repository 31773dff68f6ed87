namespace CustomerValue.Cli.Bench;

/// <summary>One line of the bench table.</summary>
/// <param name="Name">Stable name, kebab-case.</param>
/// <param name="Work">What was done, in words.</param>
/// <param name="Size">How much of <paramref name="Unit"/> one run handles.</param>
/// <param name="Seconds">Best of the runs.</param>
/// <param name="Rate">Size over seconds.</param>
/// <param name="Unit">What is counted: customers, rows, events, bytes, FLOP.</param>
/// <param name="PeakMb">Highest resident memory of the process while it ran, in MB.</param>
internal sealed record BenchRow(string Name, string Work, long Size, double Seconds, double Rate, string Unit, double PeakMb);

/// <summary>Something worth timing: prepares its data outside the clock, then hands back the action to time.</summary>
/// <param name="Name">Stable name, kebab-case; --only matches on its beginning.</param>
/// <param name="Work">What is done, in words.</param>
/// <param name="Size">How much one run handles.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Prepare">Makes the data, returns the action that is timed; null when the real data it needs are absent, and then it is left out.</param>
/// <param name="Runs">Timed runs, of which the best counts; the first run warms up where there are several.</param>
internal sealed record BenchWork(string Name, string Work, long Size, string Unit, Func<BenchContext, Action?> Prepare, int Runs = 3);

/// <summary>What a bench may use.</summary>
/// <param name="Threads">Threads to use.</param>
/// <param name="Scratch">An empty folder of its own, removed afterwards.</param>
/// <param name="DataFolder">The folder of real data sets, or null when absent.</param>
/// <param name="Package">The packaged winner of the sample shop, or another that reads the same columns; needn't be there.</param>
/// <param name="Cancellation">Stops between steps.</param>
internal sealed record BenchContext(int Threads, string Scratch, string? DataFolder, string Package, CancellationToken Cancellation);
