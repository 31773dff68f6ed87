namespace CustomerValue.Cli.Bench;

/// <summary>Everything that is timed: calibration first, then one list a topic. Add a topic's list here.</summary>
internal static class BenchCatalogue
{
    public static IReadOnlyList<BenchWork> Works { get; } =
    [
        .. CalibrationWorks.All,
        .. IngestionWorks.All,
        .. BtydWorks.All,
        .. LightGbmWorks.All,
        .. FeatureWorks.All,
        .. ScoreWorks.All,
        .. RecordWorks.All,
        .. OnnxWorks.All,
        .. LanguageWorks.All,
        .. TrainingWorks.All,
    ];
}
