using System.Globalization;

namespace CustomerValue.Mlflow;

/// <summary>What both registries hold to: names, the place of a model's files, and the tags of a champion.</summary>
internal static class MlflowModel
{
    public const string ChampionSince = "champion_since", ChampionUntil = "champion_until";

    /// <summary>The folder among a run's artifacts that a model's files lie in.</summary>
    /// <exception cref="ArgumentException">The name is none that MLflow takes.</exception>
    public static string Path(string name) => name.Length is > 0 and <= 256 && !name.Contains('/') && !name.Contains(':') && name is not ("." or "..") && !name.Any(char.IsControl) && !name.Contains('\\')
        ? $"model/{name}"
        : throw new ArgumentException($"'{name}' can't be a model's name: 1 to 256 characters without '/', '\\' and ':'.", nameof(name));

    /// <summary>The files of a model's folder, by their paths in it.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static IReadOnlyList<string> Files(string folder) => ArtifactPath.Under(folder) is { Count: > 0 } files ? files
        : throw new ArgumentException($"There are no files in {folder}, so there is no model to register. Name the folder that the package was written to.", nameof(folder));

    /// <summary>A moment as a tag's value.</summary>
    public static string When(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
