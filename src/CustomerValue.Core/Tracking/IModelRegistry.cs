namespace CustomerValue.Tracking;

/// <summary>Models by name and version number. An alias names the version that a reader should take.</summary>
public interface IModelRegistry
{
    /// <summary>The alias of the version in use, and the one that the version before it gets.</summary>
    public const string Champion = "champion", FormerChampion = "former-champion";

    /// <summary>Keeps a folder of files as an artifact of a run and as the next version of a model.
    /// The same folder of the same run again is the version that it was.</summary>
    /// <param name="run">A run of this registry's own tracker, not ended yet.</param>
    /// <param name="name">The model's name; without '/' and ':'.</param>
    /// <param name="folder">The files; an <c>MLmodel</c> file among them says what they are.</param>
    /// <param name="description">What the version is, in Markdown.</param>
    /// <param name="tags">Tags of the version.</param>
    /// <exception cref="ArgumentException">The name can't be one, the folder is empty, or the run is another tracker's.</exception>
    ModelVersion Register(ITrackedRun run, string name, string folder, string description, IReadOnlyDictionary<string, string> tags);

    /// <summary>All versions of a model, oldest first; none where there is no such model.</summary>
    IReadOnlyList<ModelVersion> Versions(string name);

    /// <summary>The version that an alias names; null where none does.</summary>
    ModelVersion? Named(string name, string alias);

    /// <summary>Makes a version the champion. The one before it keeps its files and number, gets the alias <see cref="FormerChampion"/>, and a tag for good:
    /// <c>champion_until</c>. Promoting the champion changes nothing.</summary>
    /// <exception cref="ArgumentException">There is no such version.</exception>
    void Promote(string name, int version);
}

/// <summary>A version of a registered model.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">Counts from 1; a number is never used again.</param>
/// <param name="RunId">The run that made it, by the store's own id; empty where none is known.</param>
/// <param name="Source">Where its files lie, a folder or a URI.</param>
/// <param name="Description">What it is.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Aliases">The aliases that name it now.</param>
public sealed record ModelVersion(
    string Name, int Version, string RunId, string Source, string Description, DateTimeOffset CreatedAt,
    IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Aliases);
