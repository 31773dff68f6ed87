using System.Globalization;
using System.Text.Json;
using CustomerValue.Models.Text;

namespace CustomerValue.Experiments;

/// <summary>A text candidate's answers on dev and test, how long they took, and what it chose; kept as dev.parquet and test.parquet.</summary>
/// <param name="Dev">[texts][classes]</param>
/// <param name="Test">[texts][classes]</param>
/// <param name="FitSeconds">Time to fit.</param>
/// <param name="PredictSeconds">Time to tell the test texts' classes.</param>
/// <param name="Choices">What it chose on dev.</param>
internal sealed record TextAnswers(double[][] Dev, double[][] Test, double FitSeconds, double PredictSeconds, IReadOnlyDictionary<string, string> Choices)
{
    private const string FitFact = "fit_seconds", PredictFact = "predict_seconds", ChoicesFact = "choices";

    public void Write(string folder)
    {
        Columns(Dev).Write(Path.Combine(folder, "dev.parquet"));
        var test = Columns(Test);
        test.Facts[FitFact] = FitSeconds.ToString("R", CultureInfo.InvariantCulture);
        test.Facts[PredictFact] = PredictSeconds.ToString("R", CultureInfo.InvariantCulture);
        test.Facts[ChoicesFact] = JsonSerializer.Serialize(Choices);
        test.Write(Path.Combine(folder, "test.parquet"));
    }

    public static TextAnswers Read(string folder)
    {
        var (dev, test) = (ParquetColumns.Read(Path.Combine(folder, "dev.parquet")), ParquetColumns.Read(Path.Combine(folder, "test.parquet")));
        return new(Rows(dev), Rows(test), Seconds(FitFact), Seconds(PredictFact), JsonSerializer.Deserialize<SortedDictionary<string, string>>(test.Facts[ChoicesFact])!);

        double Seconds(string fact) => double.Parse(test.Facts[fact], CultureInfo.InvariantCulture);
    }

    private static ParquetColumns Columns(double[][] rows)
    {
        var columns = new ParquetColumns();
        for (var c = 0; c < rows[0].Length; c++) columns.Add(c.ToString(CultureInfo.InvariantCulture), [.. rows.Select(row => row[c])]);
        return columns;
    }

    private static double[][] Rows(ParquetColumns columns)
    {
        double[][] all = [.. columns.Names.Select(columns.Column<double>)];
        return [.. Enumerable.Range(0, columns.Rows).Select(row => all.Select(column => column[row]).ToArray())];
    }
}

/// <summary>A fitted candidate of which only its answers are known: on the texts of dev and test.</summary>
internal sealed class KnownAnswers(LabelledTexts dev, LabelledTexts test, TextAnswers answers) : IFittedTextCandidate
{
    /// <exception cref="InvalidOperationException">Other texts are asked about.</exception>
    public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) =>
        ReferenceEquals(texts, dev.Texts) ? answers.Dev : ReferenceEquals(texts, test.Texts) ? answers.Test
            : throw new InvalidOperationException("Of a candidate that was fitted before, only the answers on the experiment's own dev and test texts are kept. Fit it where other texts are asked about.");

    public void Dispose() { }
}
