using CustomerValue.Experiments;
using CustomerValue.Ingestion;

namespace CustomerValue.Cli;

/// <summary>A shop that nobody has written an experiment for: its folder is named on the command line, its mapping says how files become records, and cutoffs follow from its dates.</summary>
/// <example><code>
/// Experiment Of(OwnShop shop) => new("0011-own-shop") { Data = shop.Data, Split = shop.Split, ... };
/// return await ((Func&lt;OwnShop, Experiment>)Of).RunAsync("0011-own-shop", question, args);         // customervalue experiment 0011-own-shop --data my-shop
/// </code></example>
public sealed class OwnShop
{
    private const int LongestHorizon = 180, ShortestHorizon = 14, Parts = 4;

    private OwnShop(ExperimentSplit split, int texts) => (Split, EarlyTexts) = (split, texts);

    /// <summary>The last day of the records less the horizon, and up to three cutoffs before it, half a horizon apart, whose windows have ended by then. The horizon is 180 days, or a
    /// quarter of what the purchases span where that is less.</summary>
    public ExperimentSplit Split { get; }

    /// <summary>Reviews and chats before the first of the cutoffs: what there is to teach an encoder by.</summary>
    public int EarlyTexts { get; }

    /// <summary>Where keys of ids are kept, if the environment names none: beside what experiments write.</summary>
    public static Pseudonyms Ids => Pseudonyms.For(null, Path.Combine(Checkout.Root, "artifacts", "own-shop"));

    /// <summary>The shop in a folder of data sets; the folder itself, or the shop in it.</summary>
    /// <param name="folder">What --data names; mapping.yaml in it says how files become records.</param>
    public Dataset Data(string folder) => Dataset.Open(Place(folder));

    /// <summary>Looks through the records once: when purchases were made, and how many texts there are.</summary>
    /// <param name="folder">The folder itself, or one with the folder shop in it.</param>
    /// <param name="progress">Told how much is read.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="UsageException">Purchases span too few days to learn from and be tested on, or there are none.</exception>
    public static OwnShop In(string folder, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (bought, wrote, chats) = (new List<DateOnly>(), new List<DateOnly>(), new HashSet<string>(StringComparer.Ordinal));
        using var log = new ReadLog();
        foreach (var batch in Dataset.Open(Place(folder)).Read(Pseudonyms.Published, log, progress, cancellation))
            switch (batch)
            {
                case RecordBatch<Purchase> some:
                    foreach (var p in some.Records) if (!p.IsReturn) bought.Add(DateOnly.FromDateTime(p.At));
                    break;
                case RecordBatch<Review> some:
                    foreach (var r in some.Records) if (r.Text.Length > 0) wrote.Add(DateOnly.FromDateTime(r.At));
                    break;
                case RecordBatch<DialogueTurn> some:
                    foreach (var t in some.Records) if (chats.Add(t.DialogueId)) wrote.Add(DateOnly.FromDateTime(t.At));
                    break;
            }
        if (bought.Count == 0) throw new UsageException($"{folder} has no purchase that could be read, so there is nothing to foresee. 'customervalue ingest --data {folder} --warehouse FOLDER' tells which rows were rejected, and why.");
        bought.Sort();
        var split = SplitOf(bought, folder);
        return new(split, wrote.Count(day => day < split.TrainCutoffs[0]));
    }

    // A date that is wrong mustn't move the cutoffs: the last of two thousand purchases is left out at either end.
    internal static ExperimentSplit SplitOf(List<DateOnly> bought, string folder)
    {
        var (first, end) = (bought[bought.Count / 2000], bought[^(1 + bought.Count / 2000)].AddDays(1));
        var days = end.DayNumber - first.DayNumber;
        var horizon = Math.Min(LongestHorizon, days / Parts);
        if (horizon < ShortestHorizon)
            throw new UsageException($"The purchases in {folder} span {days} days, from {first:yyyy-MM-dd} on; to learn and be tested at least {Parts * ShortestHorizon} are needed.");
        var test = end.AddDays(-horizon);
        return new([.. new[] { horizon, horizon / 2, 0 }.Select(back => test.AddDays(-horizon - back))], test, horizon);
    }

    private static string Place(string folder) => Path.Combine(folder, "shop") is var inside && Directory.Exists(inside) ? inside : folder;
}
