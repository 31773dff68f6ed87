namespace CustomerValue.DuckDb;

/// <summary>Runs independent pieces of work side by side, each with a session of its own on one shared in-memory database.</summary>
/// <remarks>One database, as a fresh one pays for its first touch of every page again: that doubled the time of a build. One thread a session, as grouping
/// scales better over units than inside one.</remarks>
/// <param name="options">Threads, and memory a thread.</param>
/// <param name="spill">Folder for what doesn't fit in memory.</param>
/// <param name="cancellation">Stops between pieces, and interrupts running statements.</param>
internal sealed class Workers(FeatureOptions options, string spill, CancellationToken cancellation) : IDisposable
{
    private readonly Session _database = new(options.MemoryLimitMb * options.Threads, spill, cancellation);

    /// <summary>Runs <paramref name="work"/> for 0 to <paramref name="count"/> - 1; the first failure stops the rest and comes out as it was thrown.</summary>
    public void ForEach(int count, Action<Session, int> work) => AtOnce.For(count, options.Threads, i =>
    {
        using var session = _database.Beside();
        work(session, i);
    }, cancellation);

    public void Dispose() => _database.Dispose();
}
