using CustomerValue.Mlflow;
using CustomerValue.Tracking;

namespace CustomerValue.Tests;

public sealed class RegistryTests : IDisposable
{
    private static readonly Dictionary<string, string> s_tags = new() { ["experiment"] = "0001-shop" };

    private readonly TestStore _test = new();

    public void Dispose() => _test.Dispose();

    private ModelVersion Register(string id, string content)
    {
        using var run = _test.Store.Start(TestStore.Start(id));
        var version = _test.Store.Register(run, "shop", _test.Package(content), "The winner", s_tags);
        Assert.Equivalent(version, _test.Store.Register(run, "shop", _test.Package(content), "The winner", s_tags));       // the same again is the same
        run.End(RunStatus.Finished);
        return version;
    }

    [Fact]
    public void A_folder_becomes_a_version_that_MLflow_shows()
    {
        var version = Register(TestStore.RunId, "one");
        var source = Path.Combine(_test.Folder, "mlflow", "mlartifacts", "1", TestStore.RunId, "artifacts", "model", "shop");
        Assert.Equal(("shop", 1, TestStore.RunId, source, "The winner"), (version.Name, version.Version, version.RunId, version.Source, version.Description));
        Assert.Equal(["shop|1704067200000|1704067200000|"], _test.Rows("SELECT name, creation_time, last_updated_time, description FROM registered_models"));
        Assert.Equal([$"shop|1|1704067200000|The winner|None|{source}|{TestStore.RunId}|READY|{source}"],
            _test.Rows("SELECT name, version, creation_time, description, current_stage, source, run_id, status, storage_location FROM model_versions"));
        Assert.Equal(["experiment|0001-shop|shop|1"], _test.Rows("SELECT key, value, name, version FROM model_version_tags"));
        Assert.Equal("one", File.ReadAllText(Path.Combine(source, "parts", "model.json")));
        Assert.Equal(
            """[{"run_id":"RUN","artifact_path":"model/shop","utc_time_created":"2024-01-01 00:00:00.000000","flavors":{"customervalue":{"data":"model.json","list":["a","b"]}}}]""".Replace("RUN", TestStore.RunId, StringComparison.Ordinal),
            _test.Rows("SELECT value FROM tags WHERE key = 'mlflow.log-model.history'").Single());
    }

    [Fact]
    public void A_new_champion_keeps_the_older_one_findable()
    {
        Register(TestStore.RunId, "one");
        Register("1123456789abcdef0123456789abcdef", "two");
        _test.Store.Promote("shop", 1);
        Assert.Equal(1, _test.Store.Named("shop", "champion")!.Version);
        Assert.Null(_test.Store.Named("shop", "former-champion"));
        _test.Clock.Advance(TimeSpan.FromDays(1));
        _test.Store.Promote("shop", 2);
        _test.Store.Promote("shop", 2);

        var (one, two) = (_test.Store.Versions("shop")[0], _test.Store.Versions("shop")[1]);
        Assert.Equal(["former-champion"], one.Aliases);
        Assert.Equal(["champion"], two.Aliases);
        Assert.Equal(("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"), (one.Tags["champion_since"], one.Tags["champion_until"]));
        Assert.False(two.Tags.ContainsKey("champion_until"));
        Assert.Equal(["shop|champion|2", "shop|former-champion|1"], _test.Rows("SELECT name, alias, version FROM registered_model_aliases ORDER BY alias"));
        Assert.Contains("There are: 1, 2.", Assert.Throws<ArgumentException>(() => _test.Store.Promote("shop", 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_never_used_again_and_deleted_versions_are_left_out()
    {
        Register(TestStore.RunId, "one");
        Register("1123456789abcdef0123456789abcdef", "two");
        _test.Do("UPDATE model_versions SET current_stage = 'Deleted_Internal', source = 'REDACTED', run_id = 'REDACTED' WHERE version = 2");
        Assert.Equal(3, Register("2123456789abcdef0123456789abcdef", "three").Version);
        Assert.Equal([1, 3], _test.Store.Versions("shop").Select(v => v.Version));
        Assert.Empty(_test.Store.Versions("other"));
        Assert.Equal(3, _test.Store.VersionsOf("2123456789abcdef0123456789abcdef").Single().Version);
    }

    [Fact]
    public void What_is_no_model_is_refused()
    {
        using var run = _test.Store.Start(TestStore.Start());
        Assert.Throws<ArgumentException>(() => _test.Store.Register(run, "a/b:c", _test.Package(), "", s_tags));
        Assert.Throws<ArgumentException>(() => _test.Store.Register(run, "shop", Directory.CreateDirectory(Path.Combine(_test.Folder, "empty")).FullName, "", s_tags));
        using var other = new TestStore();
        using var foreign = other.Store.Start(TestStore.Start());
        Assert.Throws<ArgumentException>(() => _test.Store.Register(foreign, "shop", _test.Package(), "", s_tags));
    }
}
