using System.Text;
using CustomerValue.Simulation.Behaviour;

namespace CustomerValue.Simulation;

/// <summary>Simulates an online shop: every customer's purchases, browsing, reviews, service chats and campaign contacts, and the truth behind them.
/// The same options give the same bytes on every machine, whatever the number of threads.</summary>
public sealed class ShopSimulator(ShopOptions options)
{
    private const int BlockCustomers = 200;

    private readonly Shop _shop = new(options);

    /// <summary>One customer, from 1; nothing else needs to be simulated for it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such customer.</exception>
    public SimulatedCustomer Customer(int number) => CustomerLife.Run(_shop, Check.Within(number, 1, options.Customers));

    /// <summary>All customers, in order, one at a time.</summary>
    public IEnumerable<SimulatedCustomer> Customers() => Enumerable.Range(1, options.Customers).Select(Customer);

    /// <summary>Writes the records as CSV files to <paramref name="folder"/>, in customer order. Memory doesn't grow with the number of customers.
    /// A file appears under its name only once it is whole.</summary>
    /// <param name="folder">Made when absent.</param>
    /// <param name="truthFolder">Where to write the truth; null for nowhere. It can't be the shop's folder or inside it.</param>
    /// <param name="overwrite">Whether files may already lie in the folders; those of the same names are replaced.</param>
    /// <param name="threads">Threads to use; the bytes don't depend on it.</param>
    /// <param name="progress">Told how many customers are done.</param>
    /// <param name="cancellation">Stops between blocks of customers; nothing is left behind.</param>
    /// <exception cref="ArgumentException">A folder isn't empty and <paramref name="overwrite"/> is false, or the truth would lie inside the shop's folder.</exception>
    public SimulationReport Write(
        string folder, string? truthFolder = null, bool overwrite = false, int threads = 1, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (truthFolder is not null && Path.GetFullPath(truthFolder + "/").StartsWith(Path.GetFullPath(folder + "/"), StringComparison.Ordinal))
            throw new ArgumentException($"The truth can't be written to {truthFolder}, inside the shop's folder {folder}: whoever reads the shop would read the answers. Choose a folder beside it.");
        RequireFree(folder, overwrite);
        if (truthFolder is not null) RequireFree(truthFolder, overwrite);

        var files = ShopFiles.Records.Select(file => (file.Name, file.Header, Path: Path.Combine(folder, file.Name)))
            .Concat(truthFolder is null ? [] : ShopFiles.Truth.Select(file => (file.Name, file.Header, Path: Path.Combine(truthFolder, file.Name)))).ToList();
        var streams = new List<FileStream>(files.Count);
        try
        {
            foreach (var (_, header, path) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var stream = File.Create(path + ".partial");
                streams.Add(stream);
                stream.Write(Encoding.UTF8.GetBytes(header + "\n"));
            }
            var rows = WriteBlocks(streams, Check.Within(threads, 1, 1_024), progress, cancellation);
            var written = files.Select((file, index) => new SimulatedFile(file.Name, rows[index], streams[index].Length)).ToList();
            foreach (var stream in streams) stream.Dispose();
            foreach (var (_, _, path) in files) File.Move(path + ".partial", path, overwrite: true);
            return new SimulationReport(folder, truthFolder, options.Customers, options.Seed, options.Start, options.Start.AddDays(options.Days - 1), written);
        }
        finally
        {
            foreach (var stream in streams) stream.Dispose();
            foreach (var (_, _, path) in files) File.Delete(path + ".partial");
        }
    }

    // Blocks of customers are simulated in parallel, a few at a time, and written in order.
    private long[] WriteBlocks(List<FileStream> streams, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var rows = new long[streams.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        var round = new ShopFiles[threads * 4];
        progress?.Report(new StageProgress("simulate", 0, options.Customers, "customers"));
        for (var first = 1; first <= options.Customers; first += round.Length * BlockCustomers)
        {
            var start = first;
            Parallel.For(0, round.Length, parallel, block => round[block] = Block(start + block * BlockCustomers, cancellation));
            foreach (var block in round)
                for (var file = 0; file < streams.Count; file++)
                {
                    var (bytes, added) = block[file];
                    streams[file].Write(bytes);
                    rows[file] += added;
                }
            progress?.Report(new StageProgress("simulate", Math.Min(options.Customers, first - 1 + round.Length * BlockCustomers), options.Customers, "customers"));
        }
        return rows;
    }

    private ShopFiles Block(int first, CancellationToken cancellation)
    {
        var files = new ShopFiles();
        for (var number = first; number < first + BlockCustomers && number <= options.Customers; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            files.Add(CustomerLife.Run(_shop, number));
        }
        return files;
    }

    private static void RequireFree(string folder, bool overwrite)
    {
        if (File.Exists(folder)) throw new ArgumentException($"{folder} is a file; the simulated shop needs a folder. Name another one.");
        if (!overwrite && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).FirstOrDefault() is { } found)
            throw new ArgumentException($"{folder} isn't empty: it holds {Path.GetFileName(found)}. Name an empty folder, or say --force to replace the simulated files in it.");
    }
}
