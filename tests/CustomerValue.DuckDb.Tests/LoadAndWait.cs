using System.Runtime.CompilerServices;
using CustomerValue.DuckDb;
using CustomerValue.Ingestion;

namespace CustomerValue.Tests;

/// <summary>This test program started as a child process by a test: loads a shop up to the middle of writing, says so, and waits to be killed.</summary>
internal static class LoadAndWait
{
    public const string Word = "load-and-wait", HalfWay = "half-way";

    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetCommandLineArgs() is not [_, Word, var warehouse, var shop]) return;
        Warehouse.Open(warehouse, new() { Threads = 1 }).Load(Dataset.Open(shop), Pseudonyms.Published, progress: new Wait());
        Environment.Exit(0);
    }

    private sealed class Wait : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value is not { Stage: "writing", Done: 5 }) return;
            Console.WriteLine(HalfWay);
            using var never = new ManualResetEvent(initialState: false);
            never.WaitOne();
        }
    }
}
