using CustomerValue.Mlflow;
using CustomerValue.Tracking;

namespace CustomerValue.Tests;

public sealed class MlflowSqliteStoreTests : IDisposable
{
    private const string Start = "1704067200000";

    private readonly TestStore _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void A_run_becomes_the_rows_that_MLflow_reads()
    {
        TestStore.LogAll(_test.Store);
        var id = TestStore.RunId;
        var nested = _test.Rows($"SELECT run_uuid FROM tags WHERE key = 'mlflow.parentRunId' AND value = '{id}'").Single();
        var artifacts = Path.Combine(_test.Folder, "mlflow", "mlartifacts", "1");

        Assert.Equal([$"0|Default|{Path.Combine(_test.Folder, "mlflow", "mlartifacts", "0")}|active|{Start}|{Start}", $"1|0001-shop|{artifacts}|active|{Start}|{Start}"],
            _test.Rows("SELECT experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time FROM experiments ORDER BY 1"));
        Assert.Equal(
            [
                $"{id}|first|LOCAL||||someone|FINISHED|{Start}|{Start}|null|active|{artifacts}/{id}/artifacts|1",
                $"{nested}|BG/NBD|LOCAL|||||FINISHED|{Start}|{Start}|null|active|{artifacts}/{nested}/artifacts|1",
            ],
            _test.Rows("SELECT run_uuid, name, source_type, source_name, entry_point_name, source_version, user_id, status, start_time, end_time, deleted_time, lifecycle_stage, artifact_uri, experiment_id FROM runs ORDER BY rowid"));
        Assert.Equal(["empty||" + id, "features.sets|rfm|" + id, "r|0.243|" + nested], _test.Rows("SELECT key, value, run_uuid FROM params ORDER BY key"));
        Assert.Equal(
            [
                $"down|-1.7976931348623157E+308|{Start}|0|0|{id}", $"gini|0.25|{Start}|0|0|{nested}", $"gini|0.5|{Start}|0|0|{id}", $"loss|2|{Start}|0|0|{id}", $"loss|1.5|{Start}|1|0|{id}",
                $"odd|0|{Start}|0|1|{id}", $"up|1.7976931348623157E+308|{Start}|0|0|{id}",
            ],
            _test.Rows("SELECT key, value, timestamp, step, is_nan, run_uuid FROM metrics ORDER BY key, step, value"));
        Assert.Equal(_test.Rows("SELECT * FROM metrics WHERE NOT (key = 'loss' AND step = 0) ORDER BY key, run_uuid").Count, _test.Rows("SELECT * FROM latest_metrics").Count);
        Assert.Equal([$"loss|1.5|{Start}|1|0"], _test.Rows("SELECT key, value, timestamp, step, is_nan FROM latest_metrics WHERE key = 'loss'"));
        Assert.Equal(
            [
                "mlflow.note.content|A **note**", "mlflow.runName|first", "mlflow.source.git.commit|0123456789abcdef0123456789abcdef01234567",
                "mlflow.source.name|experiment.cs", "mlflow.source.type|LOCAL", "mlflow.user|someone", "seed|7", "winner|BG/NBD",
            ],
            _test.Rows($"SELECT key, value FROM tags WHERE run_uuid = '{id}' ORDER BY key"));
        Assert.Equal(["mlflow.parentRunId|" + id, "mlflow.runName|BG/NBD", "mlflow.source.type|LOCAL"], _test.Rows($"SELECT key, value FROM tags WHERE run_uuid = '{nested}' ORDER BY key"));
        Assert.Equal(["1|shop|abc|local|{}|{\"mlflow_colspec\": []}|{\"num_rows\": 3}"],
            _test.Rows("SELECT experiment_id, name, digest, dataset_source_type, dataset_source, dataset_schema, dataset_profile FROM datasets"));
        Assert.Equal([$"DATASET|RUN|{id}|mlflow.data.context|training"],
            _test.Rows("SELECT i.source_type, i.destination_type, i.destination_id, t.name, t.value FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id JOIN input_tags t USING (input_uuid)"));
        Assert.All(_test.Rows("SELECT dataset_uuid FROM datasets UNION SELECT input_uuid FROM inputs"), uuid => Assert.Matches("^[0-9a-f]{32}$", uuid));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(artifacts, id, "artifacts", "plots", "a b.txt")));
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        TestStore.LogAll(_test.Store);
        var run = _test.Store.Read(TestStore.RunId);
        Assert.Equal(new(TestStore.RunId, "0001-shop", "first", RunStatus.Finished, _test.Clock.GetUtcNow(), _test.Clock.GetUtcNow(), null), run.Run);
        Assert.Equal("rfm", run.Parameters["features.sets"]);
        Assert.Equal([double.NegativeInfinity, 0.5, 1.5, double.NaN, double.PositiveInfinity], run.Metrics.Values);
        Assert.Equal("BG/NBD", run.Tags["winner"]);
        Assert.Equal(new DatasetInput("shop", "abc", "training") { Schema = """{"mlflow_colspec": []}""", Profile = """{"num_rows": 3}""" }, run.Inputs.Single());
        Assert.Equal(["plots/a b.txt", "result.json"], run.Artifacts);
        Assert.Equal(("BG/NBD", 0.25), (run.Nested.Single().Run.Name, run.Nested.Single().Metrics["gini"]));
        Assert.Equal(6, _test.Store.Points(TestStore.RunId).Count);
        Assert.Equal([TestStore.RunId], _test.Store.Runs().Select(r => r.Id));
        Assert.Equal([TestStore.RunId], _test.Store.Matching("0123"));
        Assert.Empty(_test.Store.Matching("%"));
        Assert.Throws<KeyNotFoundException>(() => _test.Store.Read("ffffffffffffffffffffffffffffffff"));
    }

    [Fact]
    public void The_latest_point_is_the_greatest_by_step_time_and_value_not_the_last_one()
    {
        using var run = _test.Store.Start(TestStore.Start());
        DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
        run.Metrics([new("m", 3, 1, At(100)), new("m", 5, 1, At(100)), new("m", 9, 1, At(50)), new("m", 7, 0, At(200))]);
        run.Metrics([new("m", 5, 1, At(100))]);                                                                     // the same point twice is one
        Assert.Equal(["5|100|1"], _test.Rows("SELECT value, timestamp, step FROM latest_metrics"));
        Assert.Equal(["4"], _test.Rows("SELECT count(*) FROM metrics"));
    }

    [Fact]
    public void Lengths_and_names_are_what_MLflow_takes()
    {
        using var run = _test.Store.Start(TestStore.Start(name: new string('n', 300)));
        run.Parameters([new("a(b)+c", new string('p', 6001)), new(new string('k', 300), "1"), new("../up//x", "2")]);
        run.Tags([new("t", new string('t', 9000))]);
        Assert.Equal(["_/up/_/x|1", "a_b__c|6000", $"{new string('k', 241)}|1"],
            _test.Rows("SELECT CASE WHEN length(key) = 250 THEN substr(key, 1, 241) ELSE key END, length(value) FROM params ORDER BY key"));
        Assert.EndsWith("(cut, 6001 characters in all)", _test.Rows("SELECT value FROM params WHERE key = 'a_b__c'").Single(), StringComparison.Ordinal);
        Assert.Equal(["5000"], _test.Rows("SELECT length(value) FROM tags WHERE key = 't'"));                          // what the column declares at this revision
        Assert.Equal(["250"], _test.Rows("SELECT length(name) FROM runs"));
        Assert.Throws<ArgumentException>(() => run.Input(new("d", new string('x', 37), "training")));
    }

    [Fact]
    public void A_setting_keeps_its_value()
    {
        using var run = _test.Store.Start(TestStore.Start());
        run.Parameters([new("leaves", "31")]);
        var error = Assert.Throws<InvalidOperationException>(() => run.Parameters([new("more", "1"), new("leaves", "63")]));
        Assert.Contains("'leaves' of run 0123456789abcdef0123456789abcdef is '31' already", error.Message, StringComparison.Ordinal);
        Assert.Equal(["leaves|31"], _test.Rows("SELECT key, value FROM params"));                                      // nothing of the refused call is kept
    }

    [Theory, InlineData("../../escaped.txt"), InlineData("/etc/x"), InlineData("a/./b"), InlineData("a//b"), InlineData("a\\b"), InlineData("")]
    public void An_artifact_stays_inside_its_run(string path)
    {
        using var run = _test.Store.Start(TestStore.Start());
        using var content = new MemoryStream();
        Assert.Throws<ArgumentException>(() => run.Artifact(path, content));
    }

    [Fact]
    public void A_deleted_experiment_is_named_with_the_cure()
    {
        _test.Store.Start(TestStore.Start()).Dispose();
        _test.Do("UPDATE experiments SET lifecycle_stage = 'deleted' WHERE experiment_id = 1");
        var error = Assert.Throws<MlflowException>(() => _test.Store.Start(TestStore.Start("1123456789abcdef0123456789abcdef")));
        Assert.Contains("mlflow experiments restore -x 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_was_moved_with_its_folder_still_has_its_files()
    {
        TestStore.LogAll(_test.Store);
        var moved = Path.Combine(_test.Folder, "elsewhere");
        Directory.Move(Path.Combine(_test.Folder, "mlflow"), moved);
        var store = MlflowSqliteStore.Open(Path.Combine(moved, "mlflow.db"), _test.Clock);
        Assert.Equal(["plots/a b.txt", "result.json"], store.Read(TestStore.RunId).Artifacts);
        using var file = new StreamReader(store.OpenArtifact(TestStore.RunId, "plots/a b.txt"));
        Assert.Equal("hello", file.ReadToEnd());
        Assert.Throws<ArgumentException>(() => store.OpenArtifact(TestStore.RunId, "../../../mlflow.db"));
    }

    [Fact]
    public void In_a_folder_too_deep_for_MLflow_artifacts_are_named_from_the_database_on()
    {
        var file = Path.Combine(_test.Folder, new string('d', 100), new string('e', 60), "mlflow.db");
        var store = MlflowSqliteStore.OpenOrCreate(file, _test.Clock);
        TestStore.LogAll(store);
        Assert.Equal(["plots/a b.txt", "result.json"], store.Read(TestStore.RunId).Artifacts);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "mlartifacts", "1", TestStore.RunId, "artifacts", "result.json")));
    }

    [Fact]
    public void The_command_that_shows_the_runs_is_short_where_it_can_be()
    {
        Assert.Equal("mlflow ui --backend-store-uri sqlite:///mlflow/mlflow.db", _test.Store.ShowCommand(_test.Folder));
        Assert.Equal($"mlflow ui --backend-store-uri sqlite:///{_test.File}", _test.Store.ShowCommand(Path.Combine(_test.Folder, "other")));
    }

    [Fact]
    public void A_file_that_is_no_store_is_left_as_it_is()
    {
        var text = Path.Combine(_test.Folder, "notes.db");
        File.WriteAllText(text, new string('x', 5000));
        Assert.Contains("isn't an SQLite database", Assert.Throws<MlflowException>(() => MlflowSqliteStore.OpenOrCreate(text, _test.Clock)).Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(text));
        Assert.Contains("no runs yet", Assert.Throws<MlflowException>(() => MlflowSqliteStore.Open(Path.Combine(_test.Folder, "none.db"), _test.Clock)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_test.Folder, "none.db")));
    }

    [Fact]
    public void A_database_that_lacks_a_column_is_refused_by_name()
    {
        _test.Do("DROP TABLE input_tags");
        _test.Do("ALTER TABLE runs RENAME COLUMN status TO state");
        var error = Assert.Throws<MlflowException>(() => MlflowSqliteStore.OpenOrCreate(_test.File, _test.Clock));
        Assert.Contains("is MLflow's revision acf3f17fdcc7 and lacks what runs are written into: column runs.status, table input_tags", error.Message, StringComparison.Ordinal);
    }
}
