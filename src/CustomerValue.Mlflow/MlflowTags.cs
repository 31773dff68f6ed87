using CustomerValue.Tracking;

namespace CustomerValue.Mlflow;

/// <summary>Tags that MLflow's pages read, and ours.</summary>
internal static class MlflowTags
{
    public const string RunName = "mlflow.runName", User = "mlflow.user", SourceName = "mlflow.source.name", SourceType = "mlflow.source.type",
        Commit = "mlflow.source.git.commit", Note = "mlflow.note.content", Parent = "mlflow.parentRunId", DataContext = "mlflow.data.context",
        ModelHistory = "mlflow.log-model.history";

    /// <summary>On a run at a server: the id that the run has where it was made.</summary>
    public const string LocalId = "customervalue.run_id";

    /// <summary>On a run in a file: the servers that have it, one tag each.</summary>
    public const string SentTo = "customervalue.sent/";

    /// <summary>All tags that a run begins with.</summary>
    public static SortedDictionary<string, string> Of(RunStart start, string? parent)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal) { [RunName] = start.Name, [SourceType] = "LOCAL" };
        if (start.Note is not null) tags[Note] = start.Note;
        if (start.User is not null) tags[User] = start.User;
        if (start.Source is not null) tags[SourceName] = start.Source;
        if (start.Commit is not null) tags[Commit] = start.Commit;
        foreach (var (name, value) in start.Tags) tags[MlflowLimits.Name(name)] = value;
        if (parent is not null) tags[Parent] = parent;
        return tags;
    }
}
