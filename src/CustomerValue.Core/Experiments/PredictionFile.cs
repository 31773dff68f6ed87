using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Experiments;

/// <summary>What every candidate foresaw for every test customer beside what happened: <c>customer, actual_spend, actual_churn</c> and
/// <c>NAME.value</c>, <c>NAME.churn</c> for each candidate and question. Anyone's predictions in this form can be judged.</summary>
public static class PredictionFile
{
    /// <summary>What the file is called in a run's output folder and among its artifacts.</summary>
    public const string Name = "predictions.parquet";

    private const string Customer = "customer", ActualSpend = "actual_spend", ActualChurn = "actual_churn", Value = ".value", Churn = ".churn";

    /// <summary>Writes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="test">The test customers with what they did.</param>
    /// <param name="candidates">What each candidate foresaw, row for row.</param>
    public static void Write(string path, LabelledTable test, IReadOnlyList<(string Name, Scores Scores)> candidates)
    {
        var columns = new ParquetColumns().Add(Customer, test.Features.CustomerIds.ToArray())
            .Add(ActualSpend, test.Labels.Spend).Add(ActualChurn, Scoreboard.Actual(test.Labels, Target.Churn));
        foreach (var (name, scores) in candidates)
        {
            if (scores.Spend is not null) columns.Add(name + Value, scores.Spend);
            if (scores.Churn is not null) columns.Add(name + Churn, scores.Churn);
        }
        columns.Write(path);
    }

    /// <summary>The customers of a file of predictions, row for row.</summary>
    public static string[] Customers(string path) => ParquetColumns.Read(path).Column<string>(Customer);

    /// <summary>Reads a file of predictions.</summary>
    /// <returns>What the customers did (purchases aren't told), and what each candidate foresaw, in the order of the columns.</returns>
    /// <exception cref="InvalidDataException">A column of actual values is missing, or there are no predictions.</exception>
    public static (Labels Labels, IReadOnlyList<(string Name, Scores Scores)> Candidates) Read(string path) => Of(ParquetColumns.Read(path), path);

    /// <summary>Reads a file of predictions that is open.</summary>
    /// <param name="stream">Its bytes; can be sought in.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static (Labels Labels, IReadOnlyList<(string Name, Scores Scores)> Candidates) Read(Stream stream) => Of(ParquetColumns.Read(stream, Name), Name);

    private static (Labels Labels, IReadOnlyList<(string Name, Scores Scores)> Candidates) Of(ParquetColumns columns, string path)
    {
        var churned = columns.Column<double>(ActualChurn).Select(c => c > 0.5).ToArray();
        var labels = new Labels(0, columns.Column<double>(ActualSpend), churned, new int[churned.Length]);
        var names = columns.NamesOf<double>().Where(n => n.EndsWith(Value, StringComparison.Ordinal) || n.EndsWith(Churn, StringComparison.Ordinal))
            .Select(n => n[..n.LastIndexOf('.')]).Distinct().ToList();
        if (names.Count == 0)
            throw new InvalidDataException($"{path} holds no predictions: name a column NAME{Value} or NAME{Churn} for each candidate. It has: {string.Join(", ", columns.Names)}.");
        return (labels, [.. names.Select(name => (name, new Scores(Maybe(name + Value), Maybe(name + Churn))))]);

        double[]? Maybe(string name) => columns.Names.Contains(name) ? columns.Column<double>(name) : null;
    }
}
