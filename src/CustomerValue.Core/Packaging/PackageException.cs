namespace CustomerValue.Packaging;

/// <summary>A package can't be trusted or used. The message says what was found, where, what was expected, and what to do.</summary>
public sealed class PackageException : Exception
{
    internal const string Damaged = "It was changed or damaged after it was made; take it from its source again.";

    /// <param name="message">What is wrong.</param>
    /// <param name="inner">What showed it.</param>
    public PackageException(string message, Exception? inner = null) : base(message, inner) { }
}
