using System.Text.Json;
using CustomerValue.Features;
using CustomerValue.Tracking;

namespace CustomerValue.Experiments;

/// <summary>A labelled table as a run's input, its schema and profile in the form that MLflow's pages show.</summary>
internal static class TableInput
{
    public static DatasetInput Of(LabelledTable table, string fingerprint, string context) => new($"customers at {table.Features.Cutoff:yyyy-MM-dd}", fingerprint[..Math.Min(fingerprint.Length, 32)], context)
    {
        Source = JsonSerializer.Serialize(new { records = fingerprint, cutoff = $"{table.Features.Cutoff:yyyy-MM-dd}", horizon_days = table.Labels.HorizonDays }),
        Schema = JsonSerializer.Serialize(new { mlflow_colspec = table.Features.Features.Select(f => new { type = "double", name = f.Name, required = true }) }),
        Profile = JsonSerializer.Serialize(new { num_rows = table.Features.Rows, num_elements = (long)table.Features.Rows * table.Features.Features.Count }),
    };
}
