using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Packaging.Scoring;

/// <summary>What a score job did.</summary>
/// <param name="Rows">Customers read.</param>
/// <param name="Scored">Customers scored.</param>
/// <param name="Rejected">Customers who couldn't be.</param>
/// <param name="RejectedByReason">Of these, how many for which reason.</param>
public sealed record ScoreCounts(long Rows, long Scored, long Rejected, IReadOnlyDictionary<string, long> RejectedByReason);

/// <summary>Scores customers from a source into a sink: one thread reads and writes, others take apart, score and render. Few blocks are in memory at a time; the order stays.</summary>
/// <param name="package">Who answers.</param>
/// <param name="threads">Threads that score.</param>
public sealed class ScoreJob(ModelPackage package, int threads)
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Models don't look at ids; tables want them in order. A customer who is refused is asked again under the own name.
    private static readonly string[] s_ranks = [.. Enumerable.Range(0, ICustomerSource.BlockRows).Select(r => r.ToString("0000", CultureInfo.InvariantCulture))];

    private readonly IReadOnlyList<FeatureInfo> _catalogue = package.Features.Catalogue();
    private readonly bool _readsRecords = package.ReadsRecords;

    /// <summary>What is wanted beside the scores.</summary>
    public ScoreOptions Options { get; init; } = new();

    /// <summary>The texts that moved the scores, told with them; null for none.</summary>
    public TextReasons? Texts { get; init; }

    /// <summary>Runs the job.</summary>
    /// <param name="source">The customers.</param>
    /// <param name="sink">Takes the scores; completed at the end.</param>
    /// <param name="rejects">File for customers who can't be scored, as JSON lines; appears only when there are some, and one of an earlier run goes.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops it; nothing is left.</param>
    /// <exception cref="InvalidOperationException">The package reads records, and the source holds numbers only.</exception>
    public ScoreCounts Run(ICustomerSource source, IScoreSink sink, string rejects, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        if (_readsRecords && source.Records is null)
            throw new InvalidOperationException($"The package '{package.Manifest.Name}' reads what customers did and wrote, record by record, and a table holds numbers only. Give the shop's records: --records FOLDER --at yyyy-MM-dd.");
        var records = _readsRecords ? source.Records : null;
        var (scored, reasons) = (0L, new SortedDictionary<string, long>(StringComparer.Ordinal));
        WholeFile? bad = null;
        var atWork = new Queue<Task<Done>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            while (source.Next(cancellation) is { } block)
            {
                atWork.Enqueue(Task.Run(() => Work(block, records, sink, stop.Token), stop.Token));
                if (atWork.Count > 2 * threads) Take(atWork.Dequeue());
            }
            while (atWork.TryDequeue(out var task)) Take(task);
            sink.Complete();
            // Rejects of an earlier run would pass for this one's.
            if (bad is not null) bad.Complete();
            else if (File.Exists(rejects)) File.Delete(rejects);
            return new(scored + reasons.Values.Sum(), scored, reasons.Values.Sum(), reasons);
        }
        finally
        {
            stop.Cancel();
            // Nobody reads these results any more; their blocks must be let go before the source is.
            foreach (var left in atWork) left.ContinueWith(t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
            bad?.Dispose();
        }

        void Take(Task<Done> task)
        {
            var done = task.GetAwaiter().GetResult();
            sink.Write(done.Scored, done.Rendered);
            scored += done.Scored.Ids.Length;
            foreach (var reject in done.Rejected)
            {
                bad ??= new(rejects);
                JsonSerializer.Serialize(bad.Stream, reject, s_json);
                bad.Stream.WriteByte((byte)'\n');
                reasons[reject.Reason] = reasons.GetValueOrDefault(reject.Reason) + 1;
            }
            progress?.Report(new("scoring", done.Read, source.Total, source.Unit));
        }
    }

    private sealed record Done(ScoredBlock Scored, ReadOnlyMemory<byte> Rendered, IReadOnlyList<RejectedCustomer> Rejected, long Read);

    private Done Work(ICustomerBlock block, (ICustomerRecords Records, DateOnly Cutoff)? records, IScoreSink sink, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var rows = block.Parse();
        var rejected = new List<RejectedCustomer>(rows.Rejected);
        ScoredBlock scored;
        try { scored = Scored(rows.Ids, rows.Columns, records, named: false); }
        catch (InvalidDataException) { scored = WithoutTheRefused(rows, records, rejected); }
        return new(scored, sink.Render(scored), rejected, block.Read);
    }

    // Records go by id, and come with ids in order.
    private ScoredBlock Scored(string[] ids, double[][] columns, (ICustomerRecords Records, DateOnly Cutoff)? records, bool named)
    {
        var table = new FeatureTable(records?.Cutoff ?? package.Manifest.Origin.TestCutoff, named || records is not null ? ids : new ArraySegment<string>(s_ranks, 0, ids.Length), _catalogue, columns) { Records = records?.Records };
        return new(ids, package.Score(table, Options), Options.Reasons, Texts);
    }

    // Somebody in the block can't be: each is asked alone, then those who can be are asked together.
    private ScoredBlock WithoutTheRefused(CustomerRows rows, (ICustomerRecords Records, DateOnly Cutoff)? records, List<RejectedCustomer> rejected)
    {
        var kept = new List<int>(rows.Ids.Length);
        for (var row = 0; row < rows.Ids.Length; row++)
            try
            {
                Scored([rows.Ids[row]], [.. rows.Columns.Select(c => new[] { c[row] })], records, named: true);
                kept.Add(row);
            }
            catch (InvalidDataException error) { rejected.Add(new(rows.Lines[row], "refused by the model", error.Message, rows.Text(row))); }
        rejected.Sort((a, b) => a.Line.CompareTo(b.Line));
        return Scored([.. kept.Select(r => rows.Ids[r])], [.. rows.Columns.Select(c => kept.Select(r => c[r]).ToArray())], records, named: false);
    }
}
