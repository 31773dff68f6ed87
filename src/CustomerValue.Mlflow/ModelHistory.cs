using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace CustomerValue.Mlflow;

/// <summary>The tag that makes a folder of a run's artifacts a model on MLflow's pages.</summary>
internal static class ModelHistory
{
    /// <summary>The tag's value with one more model; unchanged where the folder is in it already, or holds no <c>MLmodel</c> file.</summary>
    /// <param name="history">The tag's value so far.</param>
    /// <param name="runId">The run, by the store's own id.</param>
    /// <param name="path">The folder among the run's artifacts.</param>
    /// <param name="folder">The files.</param>
    /// <param name="now">When it was logged.</param>
    public static string? With(string? history, string runId, string path, string folder, DateTimeOffset now)
    {
        var models = history is null ? [] : JsonNode.Parse(history)!.AsArray();
        if (models.Any(m => (string?)m?["artifact_path"] == path) || Flavors(Path.Combine(folder, "MLmodel")) is not { } flavors) return history;
        models.Add((JsonNode)new JsonObject
        {
            ["run_id"] = runId,
            ["artifact_path"] = path,
            ["utc_time_created"] = now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            ["flavors"] = flavors,
        });
        return models.ToJsonString();
    }

    private static JsonNode? Flavors(string file)
    {
        if (!File.Exists(file)) return null;
        using var reader = new StreamReader(file);
        var document = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object?>?>(reader);
        return document?.TryGetValue("flavors", out var flavors) == true ? JsonSerializer.SerializeToNode(Plain(flavors)) : null;
    }

    private static object? Plain(object? value) => value switch
    {
        IDictionary<object, object> map => map.ToDictionary(e => $"{e.Key}", e => Plain(e.Value)),
        IList<object> list => list.Select(Plain).ToList(),
        _ => value,
    };
}
