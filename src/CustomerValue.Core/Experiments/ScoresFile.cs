using System.Globalization;
using CustomerValue.Models;

namespace CustomerValue.Experiments;

/// <summary>A candidate's answers in a folder; a question that it doesn't answer has no column.</summary>
internal static class ScoresFile
{
    public static void Write(Scores scores, string folder) => Columns(scores).Write(Path.Combine(folder, "scores.parquet"));

    public static Scores Read(string folder) => From(ParquetColumns.Read(Path.Combine(folder, "scores.parquet")));

    internal static ParquetColumns Columns(Scores scores)
    {
        var columns = new ParquetColumns();
        if (scores.Spend is not null) columns.Add("spend", scores.Spend);
        if (scores.Churn is not null) columns.Add("churn", scores.Churn);
        if (scores.Purchases is not null) columns.Add("purchases", scores.Purchases);
        return columns;
    }

    internal static Scores From(ParquetColumns columns)
    {
        return new(Maybe("spend"), Maybe("churn"), Maybe("purchases"));

        double[]? Maybe(string name) => columns.Names.Contains(name) ? columns.Column<double>(name) : null;
    }
}

/// <summary>A candidate's answers for the test rows, and how long they took.</summary>
internal sealed record TimedScores(string Name, double FitSeconds, double PredictSeconds, Scores Scores)
{
    public void Write(string folder)
    {
        var columns = ScoresFile.Columns(Scores);
        columns.Facts["fit_seconds"] = FitSeconds.ToString("R", CultureInfo.InvariantCulture);
        columns.Facts["predict_seconds"] = PredictSeconds.ToString("R", CultureInfo.InvariantCulture);
        columns.Write(Path.Combine(folder, "scores.parquet"));
    }

    public static TimedScores Read(string name, string folder)
    {
        var columns = ParquetColumns.Read(Path.Combine(folder, "scores.parquet"));
        return new(name, Seconds("fit_seconds"), Seconds("predict_seconds"), ScoresFile.From(columns));

        double Seconds(string fact) => double.Parse(columns.Facts[fact], CultureInfo.InvariantCulture);
    }
}
