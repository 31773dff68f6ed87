namespace CustomerValue.Packaging;

/// <summary>Stands for a fitted candidate on texts that was written before, where a model that is made of it is written.</summary>
internal interface IWrittenBefore
{
    /// <summary>As its codec wrote it; null where none could.</summary>
    PackageFiles? Model { get; }
}
