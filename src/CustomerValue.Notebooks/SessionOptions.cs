using System.Data.Common;

namespace CustomerValue.Notebooks;

/// <summary>What a session has at hand.</summary>
public sealed record SessionOptions
{
    /// <summary>From where paths in #r and #load go out, and nuget.config is looked up; a full path.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Opens the database that #!sql asks where it names no connection; called once, when first needed. Null for none.</summary>
    public Func<DbConnection>? Database { get; init; }

    /// <summary>Tells how long cells take.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
