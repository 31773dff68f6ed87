using System.Globalization;
using System.Runtime.CompilerServices;
using CustomerValue.Mlflow;

namespace CustomerValue.Tests;

/// <summary>This test program started as a child process by a test: logs runs into a store, one after the other, and says each.</summary>
internal static class LogRuns
{
    public const string Word = "log-runs";

    /// <summary>The id of the n-th run of a process.</summary>
    public static string Id(int process, int number) => string.Create(CultureInfo.InvariantCulture, $"{process:x8}{number:x24}");

    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetCommandLineArgs() is not [_, Word, var file, var process, var count]) return;
        var store = MlflowSqliteStore.OpenOrCreate(file, TimeProvider.System);
        Console.WriteLine("open");
        for (var n = 0; n < int.Parse(count, CultureInfo.InvariantCulture); n++)
        {
            var id = Id(int.Parse(process, CultureInfo.InvariantCulture), n);
            TestStore.LogAll(store, id);
            using var run = store.Start(TestStore.Start("f" + id[1..], name: "curve"));
            run.Metrics(Enumerable.Range(0, 300).Select(step => new Tracking.MetricPoint("loss", 1.0 / (step + 1), step)));
            run.End(Tracking.RunStatus.Finished);
            Console.WriteLine(id);
        }
        Environment.Exit(0);
    }
}
