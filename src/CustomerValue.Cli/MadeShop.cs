using System.Security.Cryptography;
using System.Text.Json;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Simulation;
using CustomerValue.Simulation.Oracle;

namespace CustomerValue.Cli;

/// <summary>A simulated shop that an experiment runs on: made once, with its truth and what could be foreseen of it at best, and found again by all that decides it.</summary>
/// <example><code>
/// var shop = MadeShop.In("artifacts/shops", new() { Customers = 10_000 }, oracleCutoffs: [new(2024, 7, 1)], horizonDays: 90);
/// return await new Experiment("0004-shop-text") { Data = shop.Data, ... }.RunAsync(args, shop);
/// </code></example>
public sealed class MadeShop
{
    private const string Marker = "made.json";

    private readonly ShopOptions _options;
    private readonly OracleOptions? _oracle;

    private MadeShop(string shops, ShopOptions options, OracleOptions? oracle)
    {
        (_options, _oracle) = (options, oracle);
        // Another build of the simulator may make another shop of the same options.
        Name = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Described, ExperimentResult.Json)))[..16];
        Folder = Path.Combine(shops, Name);
    }

    /// <summary>16 hexadecimal digits: a hash of the options, what the oracle is asked, and the simulator's build.</summary>
    public string Name { get; }

    /// <summary>Where all of it lies.</summary>
    public string Folder { get; }

    /// <summary>The shop's records.</summary>
    public string Records => Path.Combine(Folder, "shop");

    /// <summary>What nobody sees; never an input of features.</summary>
    public string Truth => Path.Combine(Folder, "truth");

    /// <summary>Whether the oracle is asked.</summary>
    public bool HasOracle => _oracle is not null;

    /// <summary>Whether it has been made.</summary>
    public bool IsWhole => File.Exists(Path.Combine(Folder, Marker));

    private object Described => new { Shop = _options, Oracle = _oracle, Simulator = typeof(ShopSimulator).Module.ModuleVersionId };

    /// <summary>The shop of these options; nothing is made yet.</summary>
    /// <param name="shops">The folder of made shops, from the checkout; each has its own inside.</param>
    /// <param name="options">Which shop.</param>
    /// <param name="oracleCutoffs">The cutoffs that the oracle is asked about; none for no oracle.</param>
    /// <param name="horizonDays">Days from each on.</param>
    /// <param name="particles">Possible customers that an answer is a mean over.</param>
    /// <exception cref="ArgumentException">A horizon after a cutoff isn't within the shop's period.</exception>
    public static MadeShop In(string shops, ShopOptions options, IReadOnlyList<DateOnly> oracleCutoffs, int horizonDays, int particles = 1_000)
    {
        var oracle = oracleCutoffs.Count == 0 ? null : new OracleOptions { Cutoffs = oracleCutoffs, HorizonDays = [horizonDays], Particles = particles };
        if (oracle is not null) _ = new ShopOracle(options, oracle);                   // refuses what can't be asked before anything is made
        return new(Path.Combine(Checkout.Root, shops), options, oracle);
    }

    /// <summary>Makes records, truth and the oracle's answers, unless they are there; the folder appears once all is whole.</summary>
    /// <param name="threads">Threads to use; nothing depends on it.</param>
    /// <param name="progress">Told how many customers are done.</param>
    /// <param name="cancellation">Stops between customers; nothing is left behind.</param>
    public void Make(int threads = 1, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (IsWhole) return;
        var part = $"{Folder}.{Environment.ProcessId}.part";
        try
        {
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
            var (records, truth) = (Path.Combine(part, Path.GetFileName(Records)), Path.Combine(part, Path.GetFileName(Truth)));
            new ShopSimulator(_options).Write(records, truth, overwrite: false, threads, progress, cancellation);
            if (_oracle is not null) OracleFile.Write(truth, new ShopOracle(_options, _oracle).Customers(threads, progress, cancellation));
            File.WriteAllBytes(Path.Combine(part, Marker), JsonSerializer.SerializeToUtf8Bytes(Described, ExperimentResult.Json));
            if (Directory.Exists(Folder) && !IsWhole) Directory.Delete(Folder, recursive: true);
            if (!IsWhole) Directory.Move(part, Folder);                                // another process may have been faster
        }
        finally
        {
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
        }
    }

    /// <summary>The records, made where they aren't there: what <see cref="Experiment.Data"/> takes.</summary>
    /// <param name="folder">The folder of data sets that a run is given; a made shop has its own.</param>
    public Dataset Data(string folder)
    {
        Make();
        return Dataset.Open(Records);
    }
}
