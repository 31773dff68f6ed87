using System.Globalization;

namespace CustomerValue.Models.Baselines;

/// <summary>Customers will spend in the coming window what they spent in the last one.</summary>
/// <param name="days">Length of the window that the column covers, in days.</param>
/// <param name="column">Spend in the last <paramref name="days"/> days, in account currency; null stands for spend_{days}.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class SpendLastWindow(int days = 180, string? column = null, string name = "spend-last-window") : ICandidate
{
    private readonly string _column = column ?? string.Create(CultureInfo.InvariantCulture, $"spend_{days}");

    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["column"] = _column,
        ["days"] = days.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Nothing is learned; a window of another length than the horizon is scaled by their ratio.</summary>
    public IFittedCandidate Fit(TrainingData data, FitContext context) =>
        new FittedSpendSoFar(_column, data.HorizonDays / (double)days, AgeColumn: null, data.HorizonWeeks);
}
