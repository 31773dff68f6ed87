using System.Text;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Packaging;
using CustomerValue.Packaging.Scoring;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Packaging.Scoring;

public sealed class ScoreJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Csv(int rows)
    {
        var table = SamplePackage.Test.Features;
        var text = new StringBuilder("customer_id," + string.Join(',', table.Features.Select(f => f.Name)) + "\n");
        for (var r = 0; r < rows; r++) text.Append(table.CustomerIds[r % table.Rows]).Append(',').AppendJoin(',', table.Columns.Select(c => c[r % table.Rows].ToString("R"))).Append('\n');
        return text.ToString();
    }

    private ScoreCounts Run(ICustomerSource source, ModelPackage? package = null, string output = "s.csv", ScoreOptions? options = null, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var sink = ScoreFormats.Sink(_folder.In(output), ScoreFormats.Of(output)!.Value);
        return new ScoreJob(package ?? SamplePackage.Package, threads: 2) { Options = options ?? new() }.Run(source, sink, _folder.In("rejects.jsonl"), progress, cancellation);
    }

    private ICustomerSource Csv(string text, ModelPackage? package = null) =>
        ScoreFormats.Source(new MemoryStream(Encoding.UTF8.GetBytes(text)), "customers.csv", ScoreFormat.Csv, "customer_id", (package ?? SamplePackage.Package).Columns);

    [Theory, InlineData(0), InlineData(1), InlineData(ICustomerSource.BlockRows), InlineData(5 * ICustomerSource.BlockRows + 7)]
    public void Every_row_is_scored_once_and_in_order(int rows)
    {
        using var source = Csv(Csv(rows));
        Assert.Equal((rows, rows, 0), (Run(source) is var counts ? ((int)counts.Rows, (int)counts.Scored, (int)counts.Rejected) : default));
        var written = File.ReadAllLines(_folder.In("s.csv")).Skip(1).Select(l => l.Split(',')).ToArray();
        var expected = SamplePackage.Package.Score(SamplePackage.Test.Features);
        Assert.Equal(rows, written.Length);
        for (var r = 0; r < rows; r++)
            Assert.Equal((SamplePackage.Test.Features.CustomerIds[r % 400], expected.Value![r % 400], expected.Churn![r % 400]), (written[r][0], double.Parse(written[r][1]), double.Parse(written[r][2])));
        Assert.False(File.Exists(_folder.In("rejects.jsonl")));
    }

    [Fact]
    public void A_table_in_memory_gives_what_its_text_gives()
    {
        _folder.Write("rejects.jsonl", "of an earlier run");
        using (var source = Csv(Csv(400))) Run(source);
        Assert.False(File.Exists(_folder.In("rejects.jsonl")));
        using (var source = new TableSource(SamplePackage.Test.Features, SamplePackage.Package.Columns)) Run(source, output: "t.csv");
        Assert.Equal(File.ReadAllText(_folder.In("s.csv")), File.ReadAllText(_folder.In("t.csv")));
    }

    [Fact]
    public void Stopped_half_way_it_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        using var source = Csv(Csv(12 * ICustomerSource.BlockRows));
        Assert.ThrowsAny<OperationCanceledException>(() => Run(source, progress: new StopsAtOnce(stop), cancellation: stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_goes_wrong_half_way_leaves_nothing()
    {
        using var source = Csv(Csv(3 * ICustomerSource.BlockRows) + "c1,\"" + new string('x', 20 << 20));
        Assert.Contains("a double quote may be open", Assert.Throws<InvalidDataException>(() => Run(source)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Ids_in_quotes_with_breaks_and_quotes_come_out_as_they_went_in()
    {
        var rows = Csv(3).Split('\n');
        rows[2] = "\"a \"\"quoted\"\",\nbroken id\"" + rows[2][rows[2].IndexOf(',', StringComparison.Ordinal)..];
        using var source = Csv(string.Join('\n', rows));
        Assert.Equal(3, Run(source).Scored);
        Assert.Contains("\n\"a \"\"quoted\"\",\nbroken id\",", File.ReadAllText(_folder.In("s.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_rejected_rows_count_breaks_inside_quotes()
    {
        var rows = Csv(3).Split('\n');
        rows[1] = "\"two\nlines\"" + rows[1][rows[1].IndexOf(',', StringComparison.Ordinal)..];
        rows[3] = "c9,many" + string.Concat(Enumerable.Repeat(",1", 6));
        using var source = Csv(string.Join('\n', rows));
        Assert.Equal(1, Run(source).RejectedByReason["no number"]);
        Assert.Contains("\"line\":5,", File.ReadAllText(_folder.In("rejects.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_come_out_where_the_model_has_them_and_they_are_wanted()
    {
        var codecs = ModelCodecs.Core.With(new ModelCodec<Sure>("sure", (_, _) => { }, _ => new()));
        var package = new PackageBuilder(codecs).Build(SamplePackage.Input with { Churn = null, Value = SamplePackage.Input.Value! with { Model = codecs.Write(new Sure()), Answers = new Sure().Predict(SamplePackage.Test.Features).Spend! } });
        Assert.Equal(["value", "value_low", "value_high"], package.Outputs);
        using (var source = Csv(Csv(2), package)) Run(source, package, options: new() { Level = 0.8 });
        var table = SamplePackage.Test.Features["net_spend"];
        Assert.Equal(["customer_id,value,value_low,value_high", FormattableString.Invariant($"c000000,{table[0]:R},{table[0] * 0.8:R},{table[0] * 2:R}")], File.ReadAllLines(_folder.In("s.csv")).Take(2));
        using (var source = Csv(Csv(2), package)) Run(source, package, options: new() { Interval = false });
        Assert.Equal("customer_id,value", File.ReadLines(_folder.In("s.csv")).First());
        Assert.Contains("with an interval", package.Files.Text("model-card.md"), StringComparison.Ordinal);
    }

    private sealed class StopsAtOnce(CancellationTokenSource stop) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => stop.Cancel();
    }

    /// <summary>Spend goes on as it was, within bounds.</summary>
    private sealed class Sure : IHasInterval
    {
        public IReadOnlyList<string> Columns => ["net_spend"];

        public Scores Predict(FeatureTable customers) => new(customers["net_spend"]);

        public (double[] Low, double[] High) Interval(FeatureTable customers, double level) =>
            ([.. customers["net_spend"].Select(s => s * level)], [.. customers["net_spend"].Select(s => s * 2)]);
    }
}
