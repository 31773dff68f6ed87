using CustomerValue.Models;
using CustomerValue.Packaging;

namespace CustomerValue.LightGbm;

/// <summary>Packages boosted trees: LightGBM's own text files beside the few numbers around them. Scoring them needs no native library; explaining them does.</summary>
public static class LightGbmCodecs
{
    private const string Notice = "LightGBM (MIT, Microsoft Corporation): trees in its text format; its native library, which needs an OpenMP runtime (libgomp: GPL 3 with the GCC runtime exception), is loaded only to explain scores.";

    /// <summary>One codec for each fitted candidate of this engine.</summary>
    public static IReadOnlyList<IModelCodec> All { get; } =
    [
        new ModelCodec<FittedLightGbmChurn>("lightgbm-churn",
            (m, to) => { Write(to, "boosters", m.Boosters); Write(to, m.Start); },
            from => new(Boosters(from, "boosters"), Threads: 1, Start(from, StartingScale.ChurnLogit)), notice: Notice),
        new ModelCodec<FittedLightGbmValue>("lightgbm-value",
            (m, to) => { Write(to, "boosters", m.Boosters); Write(to, m.Start); },
            from => new(Boosters(from, "boosters"), Threads: 1, Start(from, StartingScale.SpendLog)), notice: Notice),
        new ModelCodec<FittedLightGbmTwoStage>("lightgbm-two-stage",
            (m, to) => { Write(to, "buys", m.Buys); Write(to, "spends", m.Spends); to.Number("factor", m.Factor); },
            from => new(Boosters(from, "buys"), Boosters(from, "spends"), from.Number("factor", 0), Threads: 1), notice: Notice),
    ];

    private static void Write(ModelWriter to, string name, BoosterAverage average) =>
        to.Each(name, average.Boosters, (booster, one) => one.File("trees", booster.Text, ".txt"));

    private static void Write(ModelWriter to, StartingCandidate? start)
    {
        to.Text("start_name", start?.Name);
        to.Model("start", start?.Fitted);
    }

    private static BoosterAverage Boosters(ModelReader from, string name)
    {
        var boosters = from.Each(name, one =>
        {
            try { return Booster.Load(one.File("trees")); }
            catch (LightGbmException error) { throw new InvalidDataException(error.Message, error); }
        });
        if (boosters.Length == 0) throw new InvalidDataException($"'{name}' holds no trees.");
        return boosters.All(b => b.Columns.SequenceEqual(boosters[0].Columns)) ? new(boosters)
            : throw new InvalidDataException($"the trees of '{name}' stand over different columns.");
    }

    private static StartingCandidate? Start(ModelReader from, StartingScale scale)
    {
        var (name, fitted) = (from.TextOrNull("start_name"), from.ModelOrNull<IFittedCandidate>("start"));
        return fitted is null ? null : new(name ?? "start", fitted, scale);
    }
}
