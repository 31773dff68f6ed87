namespace CustomerValue.Cli.Conformance;

/// <summary>Everything that the project claims to meet. One file a subject; add its list here.</summary>
internal static class ConformanceCatalogue
{
    public static IReadOnlyList<PublishedNumbers> Subjects { get; } =
    [
        FormulaNumbers.Subject,
        CdnowNumbers.Subject,
        OnlineRetailNumbers.Subject,
    ];
}
