using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Simulation.Oracle;

namespace CustomerValue.Cli;

/// <summary>Where a simulated shop's truth is asked, as <see cref="Experiments.RunOptions.Truth"/> takes it: the oracle's answers, joined to the customers of a table.</summary>
internal static class TruthOf
{
    /// <summary>The truth of a folder that 'simulate --truth DIR --oracle DATE' wrote; its answers are read when it is asked.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pseudonyms">How the experiment replaces the ids of the records.</param>
    /// <exception cref="FileNotFoundException">The folder has no answers of the oracle.</exception>
    public static Func<FeatureTable, int, Foreseeable?> Folder(string folder, Pseudonyms pseudonyms)
    {
        var path = Path.Combine(folder, OracleFile.Name);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no truth at {path}. 'customervalue simulate --truth {folder} --oracle DATE --horizon DAYS' writes it.", path);
        return (table, horizonDays) => Of(table, horizonDays, OracleFile.Read(folder), pseudonyms, folder);
    }

    /// <summary>The answers for the customers of a table, row for row; NaN where there is none.</summary>
    /// <exception cref="InvalidDataException">The oracle wasn't asked about this cutoff and horizon, or knows none of the customers.</exception>
    internal static Foreseeable Of(FeatureTable table, int horizonDays, IReadOnlyList<OracleAnswer> answers, Pseudonyms pseudonyms, string from)
    {
        var asked = answers.Where(a => a.Cutoff == table.Cutoff && a.HorizonDays == horizonDays).ToList();
        if (asked.Count == 0)
            throw new InvalidDataException(Terminal.Text($"The truth in {from} says nothing of {horizonDays} days from {table.Cutoff:yyyy-MM-dd} on. ")
                + $"It was asked about: {string.Join(", ", answers.Select(a => (a.Cutoff, a.HorizonDays)).Distinct().Order().Select(a => Terminal.Text($"{a.HorizonDays} days from {a.Cutoff:yyyy-MM-dd}")).DefaultIfEmpty("nothing"))}. "
                + Terminal.Text($"Ask it with: customervalue simulate ... --truth {from} --oracle {table.Cutoff:yyyy-MM-dd} --horizon {horizonDays}"));
        var known = asked.ToDictionary(a => pseudonyms.Of(a.CustomerId), StringComparer.Ordinal);
        OracleAnswer?[] rows = [.. table.CustomerIds.Select(id => known.GetValueOrDefault(id))];
        if (table.Rows > 0 && rows.All(r => r is null))
            throw new InvalidDataException(Terminal.Text($"The truth in {from} knows none of the {table.Rows:#,0} customers at {table.Cutoff:yyyy-MM-dd}, such as {table.CustomerIds[0]}; it knows {known.Count:#,0}, such as {known.Keys.First()}. It is of another shop: give the folder that was written with these records."));
        return new(Scores(a => a.History), Scores(a => a.Read), Scores(a => a.Everything));

        BestScores Scores(Func<OracleAnswer, Expectation> told)
        {
            return new(Column(e => 1 - e.Buys), Column(e => e.Spend)) { ChurnError = Column(e => e.BuysError) };

            double[] Column(Func<Expectation, double> value) => [.. rows.Select(r => r is null ? double.NaN : value(told(r)))];
        }
    }
}
