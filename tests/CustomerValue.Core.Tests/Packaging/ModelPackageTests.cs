using System.Text;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Packaging;

public class ModelPackageTests
{
    private static readonly ModelPackage s_package = SamplePackage.Package;

    private static string Refused(PackageFiles files) => Assert.Throws<PackageException>(() => ModelPackage.Open(files, ModelCodecs.Core)).Message;

    private static byte[] Edited(string path, string from, string to)
    {
        var text = s_package.Files.Text(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    [Fact]
    public void Scores_are_those_of_the_fitted_candidates_bit_for_bit()
    {
        var scores = s_package.Score(SamplePackage.Test.Features);
        Assert.Equal(SamplePackage.Value.Predict(SamplePackage.Test.Features).Spend, scores.Value);
        Assert.Equal(SamplePackage.Churn.Predict(SamplePackage.Test.Features).Churn, scores.Churn);
        Assert.Equal(scores.Value, s_package.Score(SamplePackage.Test.Features.Select(s_package.Columns)).Value);
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes_from_folder_and_archive()
    {
        using var folder = new TemporaryFolder();
        var bytes = PackageArchive.Write(s_package.Files);
        Assert.Equal(bytes, PackageArchive.Write(new PackageBuilder(ModelCodecs.Core).Build(SamplePackage.Input).Files));
        File.WriteAllBytes(folder.In("p.zip"), bytes);
        s_package.Files.WriteFolder(folder.In("p"));
        foreach (var path in new[] { folder.In("p.zip"), folder.In("p") })
            Assert.Equal(bytes, PackageArchive.Write(ModelPackage.Open(path, ModelCodecs.Core).Files));
    }

    [Fact]
    public void One_winner_for_both_questions_is_packaged_once()
    {
        var mean = new MeanCustomer().Fit(SamplePackage.Data, new(7));
        PackagedWinner winner = new("mean", new Dictionary<string, string>(), ModelCodecs.Core.Write(mean), [], new Dictionary<string, double>());
        var package = new PackageBuilder(ModelCodecs.Core).Build(SamplePackage.Input with
        {
            Value = winner with { Answers = mean.Predict(SamplePackage.Test.Features).Spend! },
            Churn = winner with { Answers = mean.Predict(SamplePackage.Test.Features).Churn! },
        });
        Assert.Equal(["model/value-and-churn/model.json"], package.Files.Paths.Where(p => p.StartsWith("model/", StringComparison.Ordinal)));
        Assert.Empty(package.Columns);
        Assert.Equal(mean.Predict(SamplePackage.Test.Features).Churn, package.Score(SamplePackage.Test.Features).Churn);
    }

    [Fact]
    public void A_package_may_answer_one_question_only()
    {
        var package = new PackageBuilder(ModelCodecs.Core).Build(SamplePackage.Input with { Value = null });
        Assert.Null(package.Score(SamplePackage.Test.Features).Value);
        Assert.Equal(["churn_probability"], package.Outputs);
    }

    [Fact]
    public void Every_byte_of_every_file_is_vouched_for()
    {
        foreach (var path in s_package.Files.Paths)
        {
            var bytes = s_package.Files[path].ToArray();
            bytes[bytes.Length / 2] ^= 1;
            Assert.NotEmpty(Refused(SamplePackage.With(path, bytes)));
            Assert.NotEmpty(Refused(SamplePackage.With(path, null)));
        }
        Assert.Contains("extra.txt isn't listed", Refused(SamplePackage.With("extra.txt", [1])), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_registry_adds_to_a_download_is_let_pass() =>
        ModelPackage.Open(SamplePackage.With("registered_model_meta", Encoding.UTF8.GetBytes("model_name: reg\nmodel_version: '1'\n")), ModelCodecs.Core);

    [Fact]
    public void A_changed_file_is_named_with_what_was_expected()
    {
        var message = Refused(SamplePackage.With("model/churn/model.json", Edited("model/churn/model.json", "\"slope\": 1", "\"slope\": 2")));
        Assert.StartsWith("model/churn/model.json was changed: its SHA-256 is ", message, StringComparison.Ordinal);
        Assert.Contains("take it from its source again", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model/churn/model.json", "\"slope\": 1", "\"slope\": 2", "Self-test row 1: the model's churn is")]
    [InlineData("model/churn/model.json", "\"intercept\": 0,", "\"intercept\": 1e999,", "where a finite number is expected")]
    [InlineData("model/churn/model.json", "\"slope\": 1", "\"slope\": NaN", "model.json is no JSON")]
    [InlineData("model/churn/model.json", "\"slope\": 1", "\"slope\": 1, \"slope\": 1", "model.json is no JSON")]
    [InlineData("model/churn/model.json", "\"slope\": 1", "\"slop\": 1", "lacks 'slope'")]
    [InlineData("model/churn/model.json", "\"kind\": \"logit-blend\"", "\"kind\": \"System.Diagnostics.Process\"", "which this program doesn't know")]
    [InlineData("model/churn/model.json", "\"version\": 1", "\"version\": 9", "Use a newer program")]
    [InlineData("model/value/model.json", "\"offset\": 1", "\"offset\": -1", "a number from 0")]
    [InlineData("model/value/model.json", "\"column\": \"net_spend\"", "\"column\": \"noise\"", "features.json lists")]
    [InlineData("features.json", "\"name\": \"net_spend\"", "\"name\": \"noise\"", "features.json lists")]
    [InlineData("MLmodel", "  customervalue:", "  python_function:", "doesn't declare the flavor")]
    [InlineData("metrics.json", "\"test_rows\": 400", "\"test_rows\": \"many\"", "metrics.json isn't the JSON that is expected")]
    [InlineData("features.json", "\"used_by\": [", "\"used_by\": [null,", "features.json has null in a list")]
    [InlineData("calibration.json", "\"decile_error\"", "\"decile_errors\"", "calibration.json isn't the JSON that is expected")]
    [InlineData("selftest.json", "\"tolerance\": 1E-09", "\"tolerance\": 1", "at most 1E-09 is expected")]
    public void An_edit_that_the_manifest_vouches_for_meets_the_parsers_and_the_self_test(string path, string from, string to, string says) =>
        Assert.Contains(says, Refused(SamplePackage.VouchedFor(SamplePackage.With(path, Edited(path, from, to)))), StringComparison.Ordinal);

    [Fact]
    public void A_self_test_of_another_model_is_refused() => Assert.Contains("was made for other models", Refused(
        SamplePackage.VouchedFor(SamplePackage.With("model/churn/model.json", Edited("model/churn/model.json", "\"slope\": 1", "\"slope\": 1.0")), selfTestToo: false)), StringComparison.Ordinal);

    [Fact]
    public void A_newer_form_is_refused_before_its_fields_are_read()
    {
        var newer = Edited("manifest.json", "\"schema_version\": 1", "\"schema_version\": 3, \"of_the_future\": true");
        Assert.Contains("has schema version 3, and this program reads up to 2. Use a newer program.", Refused(SamplePackage.With("manifest.json", newer)), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_no_UTF8_is_refused() => Assert.Contains("model-card.md isn't UTF-8", Refused(
        SamplePackage.VouchedFor(SamplePackage.With("model-card.md", [.. s_package.Files["model-card.md"], 0xC3, 0x28]))), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_no_model_asks_for_is_refused() => Assert.Contains("No model asks for stray.txt", Refused(
        SamplePackage.VouchedFor(SamplePackage.With("model/value/stray.txt", [65]))), StringComparison.Ordinal);

    [Fact]
    public void Models_in_models_without_end_are_refused()
    {
        var nested = string.Concat(Enumerable.Repeat("""{"kind":"logit-blend","version":1,"names":["a","b"],"weights":[0.5,0.5],"intercept":0,"slope":1,"members":[""", 20)) + "1" + string.Concat(Enumerable.Repeat(",1]}", 20));
        Assert.Contains("deep in one another", Refused(SamplePackage.VouchedFor(SamplePackage.With("model/churn/model.json", Encoding.UTF8.GetBytes(nested)))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_self_test_holds_nobodys_row()
    {
        var people = SamplePackage.Data.Cutoffs.SelectMany(c => Enumerable.Range(0, c.Features.Rows).Select(row => string.Join(' ', s_package.Columns.Select(name => c.Features[name][row])))).ToHashSet();
        Assert.Equal(20, s_package.SelfTest.Rows.Count);
        Assert.DoesNotContain(s_package.SelfTest.Rows, row => people.Contains(string.Join(' ', row.Values)));
        Assert.True(s_package.SelfTest.Rows.Select(r => r.Churn).Distinct().Count() > 10);
    }

    [Fact]
    public void A_missing_column_and_a_value_that_is_no_number_are_named()
    {
        var table = SamplePackage.Test.Features;
        Assert.Contains("no column 'net_spend'", Assert.Throws<KeyNotFoundException>(() => s_package.Score(table.Select(["age_weeks", "days_since_last_purchase", "spend_90"]))).Message, StringComparison.Ordinal);
        var columns = table.Columns.Select(c => c.ToArray()).ToArray();
        columns[0][3] = double.NaN;
        Assert.Contains("Customer 'c000003' on row 3: 'days_since_last_purchase' is NaN", Assert.Throws<InvalidDataException>(
            () => s_package.Score(new(table.Cutoff, table.CustomerIds, table.Features, columns))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MLflow_finds_its_fields()
    {
        var text = s_package.Files.Text("MLmodel");
        Assert.StartsWith("flavors:\n  customervalue:\n    data: model\n", text, StringComparison.Ordinal);
        var stream = new YamlDotNet.RepresentationModel.YamlStream();
        stream.Load(new StringReader(text));
        var signature = (YamlDotNet.RepresentationModel.YamlMappingNode)((YamlDotNet.RepresentationModel.YamlMappingNode)stream.Documents[0].RootNode)["signature"];
        using var inputs = System.Text.Json.JsonDocument.Parse(signature["inputs"].ToString());
        Assert.Equal(["customer_id", .. s_package.Columns], inputs.RootElement.EnumerateArray().Select(c => c.GetProperty("name").GetString()!));
        Assert.Equal("""[{"type":"double","name":"value","required":true},{"type":"double","name":"churn_probability","required":true}]""", signature["outputs"].ToString());
    }

    [Fact]
    public void The_card_says_what_for_on_what_how_good_and_where_not()
    {
        var card = s_package.Files.Text("model-card.md");
        foreach (var said in new[] { "## What for", "## Trained on what", "## How good", "## Where not to use it", "| Gini |", "95 % interval", "By foreseen value", "By length of history", "| top 10 % | 40 |", "for the 90 days" })
            Assert.Contains(said, card, StringComparison.Ordinal);
        Assert.Equal(400, s_package.Metrics.Tiers.Where(t => t.By == "value").Sum(t => t.Customers));
        Assert.Equal(10, s_package.Calibration.DecileError!.Count);
        Assert.Equal(15, s_package.Calibration.Ece!.Count);
        Assert.All(s_package.Metrics.Value!.Metrics, f => Assert.InRange(f.Figure, f.Low - 1e-9, Math.Max(f.High, f.Figure)));
    }

    [Fact]
    public void A_candidate_without_a_codec_is_named_with_what_to_do() => Assert.Contains("No codec writes Nameless", Assert.Throws<InvalidOperationException>(
        () => ModelCodecs.Core.Write(new Nameless())).Message, StringComparison.Ordinal);

    private sealed class Nameless : IFittedCandidate
    {
        public IReadOnlyList<string> Columns => [];

        public Scores Predict(CustomerValue.Features.FeatureTable customers) => new();
    }
}
