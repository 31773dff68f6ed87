namespace CustomerValue.Models;

/// <summary>What learning from labelled rows takes for granted, checked in one place.</summary>
public static class LabelledRows
{
    /// <summary>Refuses training data without labelled rows, or with labels over another window than the one to foresee.</summary>
    /// <param name="data">The training data.</param>
    /// <param name="candidate">Who asks, for the message.</param>
    /// <param name="anyWindow">Shorter label windows are fine: the candidate scales amounts to the horizon itself.</param>
    /// <exception cref="InvalidOperationException">There are none, or the windows differ.</exception>
    public static void Require(TrainingData data, string candidate, bool anyWindow = false)
    {
        if (data.Rows == 0)
            throw new InvalidOperationException(
                $"'{candidate}' learns from labelled rows and there are none. Give the experiment a training cutoff whose window of {data.HorizonDays} days " +
                $"ends by {data.Current.Cutoff:yyyy-MM-dd}.");
        if (anyWindow) return;
        foreach (var (features, labels) in data.Cutoffs)
            if (labels.HorizonDays != data.HorizonDays)
                throw new InvalidOperationException(
                    $"'{candidate}' is to foresee {data.HorizonDays} days, and the labels at {features.Cutoff:yyyy-MM-dd} cover {labels.HorizonDays}. " +
                    "Use training windows as long as the horizon, or a candidate that can learn from shorter ones.");
    }
}
