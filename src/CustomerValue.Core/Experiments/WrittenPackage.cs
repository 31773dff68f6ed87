using System.Security.Cryptography;
using System.Text.Json;
using CustomerValue.Packaging;

namespace CustomerValue.Experiments;

/// <summary>A package as an experiment leaves it: as NAME.zip, as the folder NAME, which MLflow shows, and NAME.json, which says which run made them.</summary>
internal static class WrittenPackage
{
    /// <summary>Writes all three, each whole or not at all.</summary>
    /// <param name="files">The package.</param>
    /// <param name="place">The folder; the other two stand beside it.</param>
    /// <param name="name">The experiment's name.</param>
    /// <param name="runId">The run that made it.</param>
    public static PackageResult Write(PackageFiles files, string place, string name, string runId)
    {
        var archive = PackageArchive.Write(files);
        var result = new PackageResult(Convert.ToHexStringLower(SHA256.HashData(archive)), archive.Length, files.Paths.Count);
        files.WriteFolder(place);
        Whole(place + ".zip", archive);
        Whole(place + ".json", JsonSerializer.SerializeToUtf8Bytes(new { Name = name, RunId = runId, result.Sha256, result.Bytes }, ExperimentResult.Json));
        return result;
    }

    private static void Whole(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".part", content);
        File.Move(path + ".part", path, overwrite: true);
    }
}
