using System.Globalization;
using System.Text.Json;
using CustomerValue.Models;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

/// <summary>The texts that moved a score, told with it.</summary>
public sealed class TextReasonsCommandTests(PackagedReader shop) : IClassFixture<PackagedReader>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // What the encoder said of texts stays in the warehouse, which is one for each folder of records.
    private string Score(string records, string output, int reasons)
    {
        var run = CommandRun.Of("score", "--package", shop.Archive, "--records", records, "--at", "2024-07-01", "--published-ids", "--output", _folder.In(output), "--reasons", $"{reasons}",
            "--warehouse", _folder.In("warehouse-" + Path.GetFileName(records)));
        Assert.True(run.ExitCode == 0, run.Errors);
        return _folder.In(output);
    }

    private static Dictionary<string, JsonElement> Read(string file) => File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(r => r.GetProperty("customer_id").GetString()!);

    private static Dictionary<(DateTime, string), double> Moved(JsonElement record, string column) =>
        record.GetProperty(column).EnumerateArray().ToDictionary(t => (t.GetProperty("at").GetDateTime(), t.GetProperty("text").GetString()!), t => t.GetProperty("moved").GetDouble());

    [Fact]
    public void What_a_text_moved_is_the_score_less_that_of_a_customer_whose_records_lack_it()
    {
        var told = Read(Score(shop.Records, "all.jsonl", 100));
        // Customers don't look at one another, so that each may lose a text at once: the strongest, then the weakest told.
        foreach (var (column, which) in new (string, Index)[] { ("churn_texts", 0), ("value_texts", 0), ("churn_texts", ^1) })
        {
            var gone = told.Where(c => Moved(c.Value, column).Count > 0).ToDictionary(c => c.Key, c => Moved(c.Value, column).Keys.ElementAt(which));
            Assert.InRange(gone.Count, 60, told.Count - 1);
            var records = _folder.In($"without-{column}-{which}");
            PackagedReader.Copy(records, [.. gone.Select(g => (g.Key, g.Value.Item1))]);
            var without = Read(Score(records, "without.jsonl", 0));
            Assert.Equal(told.Keys, without.Keys);
            foreach (var (id, text) in gone)
            {
                double Logit(JsonElement r) => LogisticCurve.Logit(r.GetProperty("churn_probability").GetDouble());
                double Log(JsonElement r) => Math.Log(r.GetProperty("value").GetDouble() + 1);
                Assert.Equal(Logit(told[id]) - Logit(without[id]), Moved(told[id], "churn_texts").GetValueOrDefault(text));
                Assert.Equal(Log(told[id]) - Log(without[id]), Moved(told[id], "value_texts").GetValueOrDefault(text));
            }
            Assert.All(told.Keys.Except(gone.Keys), id => Assert.Equal(told[id].GetProperty("churn_probability").GetDouble(), without[id].GetProperty("churn_probability").GetDouble()));
        }
    }

    [Fact]
    public void Every_format_tells_the_strongest_and_no_control_character_gets_through()
    {
        var all = Read(Score(shop.Records, "all.jsonl", 100));
        var few = Read(Score(shop.Records, "few.jsonl", 2));
        Assert.All(few, c => Assert.Equal(all[c.Key].GetProperty("churn_texts").EnumerateArray().Take(2).Select(t => t.GetRawText()), c.Value.GetProperty("churn_texts").EnumerateArray().Select(t => t.GetRawText())));
        Assert.All(all, c => Assert.Equal(Moved(c.Value, "value_texts").Values.OrderByDescending(Math.Abs), Moved(c.Value, "value_texts").Values));
        Assert.Contains(all.Values, r => Moved(r, "churn_texts").Count == 0 && Moved(r, "value_texts").Count == 0);
        Assert.Contains(all.Values, r => Moved(r, "churn_texts").Keys.Any(k => k.Item2 == PackagedReader.Hostile.Trim()) || Moved(r, "value_texts").Keys.Any(k => k.Item2 == PackagedReader.Hostile.Trim()));
        Assert.Contains(File.ReadLines(_folder.In("all.jsonl")), line => line.Contains("再也不买了", StringComparison.Ordinal));

        var table = ParquetColumns.Read(Score(shop.Records, "few.parquet", 2));
        foreach (var (cell, id) in table.Column<string>("churn_texts").Zip(table.Column<string>("customer_id"))) Assert.Equal(few[id].GetProperty("churn_texts").GetRawText(), cell);
        var csv = File.ReadAllText(Score(shop.Records, "few.csv", 2));
        Assert.StartsWith("customer_id,value,churn_probability,value_reasons,churn_reasons,value_texts,churn_texts\n", csv, StringComparison.Ordinal);
        Assert.Equal(few.Count + 1, csv.TrimEnd('\n').Split('\n').Length);
        Assert.All(few, c => Assert.Contains($",\"{c.Value.GetProperty("churn_texts").GetRawText().Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n".Replace("\"[]\"", "[]", StringComparison.Ordinal), csv, StringComparison.Ordinal));
        foreach (var file in new[] { "all.jsonl", "few.csv" }) Assert.DoesNotContain(File.ReadAllText(_folder.In(file)), c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void Features_alone_hold_no_texts_and_tell_none()
    {
        var test = ModelPackage.Open(shop.Archive, PackageCodecs.All).SelfTest;
        _folder.Write("f.csv", FormattableString.Invariant($"customer_id,{string.Join(',', test.Columns)}\na,{string.Join(',', test.Rows[0].Values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}\n"));
        var run = CommandRun.Of("score", "--package", shop.Archive, "--input", _folder.In("f.csv"), "--output", _folder.In("s.csv"), "--reasons", "2");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal("customer_id,value,churn_probability,value_reasons,churn_reasons", File.ReadLines(_folder.In("s.csv")).First());
    }
}
