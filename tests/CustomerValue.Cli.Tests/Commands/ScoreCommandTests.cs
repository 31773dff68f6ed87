using System.Globalization;
using System.Text;
using System.Text.Json;
using CustomerValue.Features;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

[Collection(nameof(PackagedShop))]
public sealed class ScoreCommandTests(PackagedShop shop) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Expected()
    {
        var (features, package) = (shop.Features, ModelPackage.Open(shop.Archive, PackageCodecs.All));
        var scores = package.Score(features);
        return "customer_id,value,churn_probability\n" + string.Concat(Enumerable.Range(0, features.Rows).Select(r => FormattableString.Invariant($"{features.CustomerIds[r]},{scores.Value![r]:R},{scores.Churn![r]:R}\n")));
    }

    private static string Csv(FeatureTable table, char delimiter = ',', string end = "\n") =>
        string.Join(delimiter, ["customer_id", .. table.Features.Select(f => f.Name), "comment"]) + end +
        string.Concat(Enumerable.Range(0, table.Rows).Select(r => string.Join(delimiter, [table.CustomerIds[r], .. table.Columns.Select(c => c[r].ToString("R", CultureInfo.InvariantCulture)), "\"a note, with a comma\""]) + end));

    private CommandRun Score(string input, string output, params string[] more) => CommandRun.Of(["score", "--package", shop.Archive, "--input", input, "--output", _folder.In(output), .. more]);

    [Fact]
    public void Every_format_gives_the_same_scores()
    {
        File.WriteAllText(_folder.In("f.csv"), Csv(shop.Features));
        File.WriteAllText(_folder.In("f.tsv"), Csv(shop.Features, '\t', "\r\n"), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        File.WriteAllText(_folder.In("f.jsonl"), string.Concat(Enumerable.Range(0, shop.Features.Rows).Select(r => JsonSerializer.Serialize(
            shop.Features.Features.Select((f, c) => KeyValuePair.Create(f.Name, (object)shop.Features.Columns[c][r])).Prepend(new("customer_id", shop.Features.CustomerIds[r])).ToDictionary()) + "\n")));
        foreach (var input in new[] { shop.FeatureFile, _folder.In("f.csv"), _folder.In("f.tsv"), _folder.In("f.jsonl") })
        {
            var run = Score(input, "s.csv", "--json");
            Assert.Equal((0, shop.Features.Rows), (run.ExitCode, run.Json.GetProperty("scored").GetInt32()));
            Assert.Equal(Expected(), File.ReadAllText(_folder.In("s.csv")));
        }
        Score(shop.FeatureFile, "s.parquet");
        var columns = ParquetColumns.Read(_folder.In("s.parquet"));
        Score(shop.FeatureFile, "s.jsonl");
        var records = File.ReadAllLines(_folder.In("s.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(columns.Column<double>("value"), records.Select(r => r.GetProperty("value").GetDouble()));
        Assert.Equal(Expected(), "customer_id,value,churn_probability\n" + string.Concat(columns.Column<string>("customer_id").Select((id, r) =>
            FormattableString.Invariant($"{id},{columns.Column<double>("value")[r]:R},{columns.Column<double>("churn_probability")[r]:R}\n"))));
    }

    [Fact]
    public void Raw_records_with_a_cutoff_give_the_experiments_scores()
    {
        var run = CommandRun.Of("score", "--package", shop.Folder, "--records", Path.Combine(RealData.Root, "data-samples", "shop"), "--at", "2024-07-01", "--published-ids", "--output", _folder.In("s.csv"));
        Assert.Equal((0, Expected()), (run.ExitCode, File.ReadAllText(_folder.In("s.csv"))));
    }

    [Fact]
    public void A_package_that_reads_no_texts_tells_columns_and_no_texts()
    {
        var run = CommandRun.Of("score", "--package", shop.Folder, "--records", Path.Combine(RealData.Root, "data-samples", "shop"), "--at", "2024-07-01", "--published-ids", "--output", _folder.In("s.csv"), "--reasons", "2");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal("customer_id,value,churn_probability,value_reasons,churn_reasons", File.ReadLines(_folder.In("s.csv")).First());
    }

    [Fact]
    public void A_row_that_cannot_be_scored_is_kept_with_line_and_reason()
    {
        var lines = Csv(shop.Features).Split('\n');
        var header = lines[0].Split(',');
        string With(int line, string column, string value)
        {
            var cells = lines[line].Split(',');
            cells[Array.IndexOf(header, column)] = value;
            return string.Join(',', cells);
        }
        lines[3] = With(3, "spend_90", "");
        lines[5] = With(5, "spend_90", "many");
        lines[7] = With(7, "spend_90", "NaN");
        lines[9] = With(9, "recency_weeks", "9999");
        lines[11] += ",1";
        lines[13] = With(13, "customer_id", "");
        _folder.Write("f.csv", string.Join('\n', lines));
        var run = Score(_folder.In("f.csv"), "s.csv", "--json");
        Assert.Equal((0, 6), (run.ExitCode, run.Json.GetProperty("rejected").GetInt32()));
        var rejects = File.ReadAllLines(_folder.In("s.csv.rejects.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(
            [(4, "no value", "spend_90"), (6, "no number", "spend_90 is 'many'"), (8, "not finite", "spend_90 is 'NaN'"), (10, "refused by the model", ""), (12, "wrong number of cells", ""), (14, "no customer id", "")],
            rejects.OrderBy(r => r.GetProperty("line").GetInt32()).Select(r => (r.GetProperty("line").GetInt32(), r.GetProperty("reason").GetString()!, r.GetProperty("reason").GetString() is "refused by the model" or "wrong number of cells" ? "" : r.GetProperty("detail").GetString()!)));
        Assert.Contains("recency 9999 weeks is more than age", rejects.Single(r => r.GetProperty("line").GetInt32() == 10).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(lines[9], rejects.Single(r => r.GetProperty("line").GetInt32() == 10).GetProperty("row").GetString());
        var expected = Expected().Split('\n').Where((_, i) => i is not (3 or 5 or 7 or 9 or 11 or 13));
        Assert.Equal(expected, File.ReadAllText(_folder.In("s.csv")).Split('\n'));
    }

    [Fact]
    public void A_missing_column_is_named_and_leaves_nothing()
    {
        FeatureTableParquet.Write(shop.Features.Select(["frequency", "age_weeks"]), _folder.In("few.parquet"));
        File.WriteAllText(_folder.In("few.csv"), Csv(shop.Features.Select(["frequency", "age_weeks"])));
        File.WriteAllText(_folder.In("few.jsonl"), "{\"customer_id\":\"a\",\"frequency\":1}\n");
        foreach (var input in new[] { "few.parquet", "few.csv", "few.jsonl" })
        {
            var run = Score(_folder.In(input), "s.csv");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("mean_spend", run.Errors, StringComparison.Ordinal);
            Assert.Contains("which the package needs", run.Errors, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(_folder.Path, "s.csv*"));
        }
    }

    [Fact]
    public void Rows_come_in_any_order_and_number()
    {
        var lines = Csv(shop.Features).TrimEnd('\n').Split('\n');
        _folder.Write("f.csv", string.Join('\n', [lines[0], .. Enumerable.Repeat(lines.Skip(1).Reverse(), 8).SelectMany(l => l)]));      // more than two blocks
        var run = Score(_folder.In("f.csv"), "s.csv", "--json");
        Assert.Equal(8 * shop.Features.Rows, run.Json.GetProperty("scored").GetInt32());
        var scores = Expected().TrimEnd('\n').Split('\n');
        Assert.Equal([scores[0], .. Enumerable.Repeat(scores.Skip(1).Reverse(), 8).SelectMany(l => l)], File.ReadAllLines(_folder.In("s.csv")));
    }

    [Fact]
    public void A_file_that_is_no_table_fails_in_one_sentence()
    {
        foreach (var (name, said) in new[] { ("f.csv", "lacks the columns"), ("f.parquet", "can't be read as Parquet"), ("f.jsonl", "which is no JSON record") })
        {
            var run = Score(_folder.Write(name, "<html>please sign in</html>"), "s.csv");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains(said, run.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Say what to score", "--output", "s.csv")]
    [InlineData("the name doesn't tell the format", "--input", "f.xls", "--output", "s.csv")]
    [InlineData("Say the cutoff", "--records", ".", "--output", "s.csv")]
    [InlineData("a key that nobody keeps", "--records", ".", "--at", "2024-07-01", "--output", "s.csv")]
    [InlineData("--json writes to standard output", "--input", "f.csv", "--output", "-", "--output-format", "csv", "--json")]
    public void Wrong_usage_says_what_to_write_instead(string said, params string[] arguments)
    {
        var run = CommandRun.Of(["score", "--package", shop.Archive, .. arguments]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }
}
