using System.Globalization;
using System.Text.Json;
using CustomerValue.Models.Text;
using CustomerValue.Packaging;

namespace CustomerValue.Experiments;

/// <summary>A text candidate's answers on dev and test, how long they took, what it chose, and its fitted model; kept as dev.parquet, test.parquet and model/.</summary>
/// <param name="Dev">[texts][classes]</param>
/// <param name="Test">[texts][classes]</param>
/// <param name="FitSeconds">Time to fit.</param>
/// <param name="PredictSeconds">Time to tell the test texts' classes.</param>
/// <param name="Choices">What it chose on dev.</param>
/// <param name="Model">As its codec wrote it; null where it wasn't asked to, or couldn't.</param>
/// <param name="Unwritten">Why its model couldn't be written; null where it was, or wasn't asked for.</param>
internal sealed record TextAnswers(double[][] Dev, double[][] Test, double FitSeconds, double PredictSeconds, IReadOnlyDictionary<string, string> Choices, PackageFiles? Model, string? Unwritten)
{
    private const string FitFact = "fit_seconds", PredictFact = "predict_seconds", ChoicesFact = "choices", UnwrittenFact = "unwritten", Folder = "model";

    public void Write(string folder)
    {
        Columns(Dev).Write(Path.Combine(folder, "dev.parquet"));
        var test = Columns(Test);
        test.Facts[FitFact] = FitSeconds.ToString("R", CultureInfo.InvariantCulture);
        test.Facts[PredictFact] = PredictSeconds.ToString("R", CultureInfo.InvariantCulture);
        test.Facts[ChoicesFact] = JsonSerializer.Serialize(Choices);
        if (Unwritten is not null) test.Facts[UnwrittenFact] = Unwritten;
        test.Write(Path.Combine(folder, "test.parquet"));
        Model?.WriteFolder(Path.Combine(folder, Folder));
    }

    public static TextAnswers Read(string folder)
    {
        var (dev, test) = (ParquetColumns.Read(Path.Combine(folder, "dev.parquet")), ParquetColumns.Read(Path.Combine(folder, "test.parquet")));
        return new(Rows(dev), Rows(test), Seconds(FitFact), Seconds(PredictFact), JsonSerializer.Deserialize<SortedDictionary<string, string>>(test.Facts[ChoicesFact])!,
            Path.Combine(folder, Folder) is var model && Directory.Exists(model) ? PackageFiles.ReadFolder(model) : null, test.Facts.GetValueOrDefault(UnwrittenFact));

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

/// <summary>A fitted candidate of which only its answers are known, on the texts of dev and test, and how it was written.</summary>
internal sealed class KnownAnswers(LabelledTexts dev, LabelledTexts test, TextAnswers answers) : IFittedTextCandidate, IWrittenBefore
{
    public PackageFiles? Model => answers.Model;

    /// <exception cref="InvalidOperationException">Other texts are asked about.</exception>
    public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) =>
        ReferenceEquals(texts, dev.Texts) ? answers.Dev : ReferenceEquals(texts, test.Texts) ? answers.Test
            : throw new InvalidOperationException("Of a candidate that was fitted before, only the answers on the experiment's own dev and test texts are kept. Fit it where other texts are asked about.");

    public void Dispose() { }
}
