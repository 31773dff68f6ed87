using System.Text.RegularExpressions;
using CustomerValue.Mlflow;
using CustomerValue.Testing;
using CustomerValue.Tracking;

namespace CustomerValue.Tests;

/// <summary>The database opened by hand: tables, columns and the names that later migrations count on; and written on after an upgrade.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly TestStore _test = new();

    public void Dispose() => _test.Dispose();

    private string Sql(string table) => _test.Rows($"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table}'").Single();

    [Fact]
    public void It_has_the_fifteen_tables_and_the_revision_that_every_MLflow_opens()
    {
        Assert.Equal(
            [
                "alembic_version", "datasets", "experiment_tags", "experiments", "input_tags", "inputs", "latest_metrics", "metrics", "model_version_tags", "model_versions", "params",
                "registered_model_aliases", "registered_model_tags", "registered_models", "runs", "tags",
            ],
            _test.Rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"));
        Assert.Equal(["acf3f17fdcc7"], _test.Rows("SELECT version_num FROM alembic_version"));
        Assert.Equal(["delete"], _test.Rows("PRAGMA journal_mode"));
    }

    [Theory]
    [InlineData("alembic_version", "version_num VARCHAR(32)!")]
    [InlineData("experiments", "experiment_id INTEGER!, name VARCHAR(256)!, artifact_location VARCHAR(256), lifecycle_stage VARCHAR(32), creation_time BIGINT, last_update_time BIGINT")]
    [InlineData("experiment_tags", "key VARCHAR(250)!, value VARCHAR(5000), experiment_id INTEGER!")]
    [InlineData("runs", "run_uuid VARCHAR(32)!, name VARCHAR(250), source_type VARCHAR(20), source_name VARCHAR(500), entry_point_name VARCHAR(50), user_id VARCHAR(256), status VARCHAR(9), start_time BIGINT, end_time BIGINT, deleted_time BIGINT, source_version VARCHAR(50), lifecycle_stage VARCHAR(20), artifact_uri VARCHAR(200), experiment_id INTEGER")]
    [InlineData("params", "key VARCHAR(250)!, value VARCHAR(8000)!, run_uuid VARCHAR(32)!")]
    [InlineData("tags", "key VARCHAR(250)!, value VARCHAR(5000), run_uuid VARCHAR(32)!")]
    [InlineData("metrics", "key VARCHAR(250)!, value FLOAT!, timestamp BIGINT!, run_uuid VARCHAR(32)!, step BIGINT! '0', is_nan BOOLEAN! '0'")]
    [InlineData("latest_metrics", "key VARCHAR(250)!, value FLOAT!, timestamp BIGINT, step BIGINT!, is_nan BOOLEAN!, run_uuid VARCHAR(32)!")]
    [InlineData("datasets", "dataset_uuid VARCHAR(36)!, experiment_id INTEGER!, name VARCHAR(500)!, digest VARCHAR(36)!, dataset_source_type VARCHAR(36)!, dataset_source TEXT!, dataset_schema TEXT, dataset_profile TEXT")]
    [InlineData("inputs", "input_uuid VARCHAR(36)!, source_type VARCHAR(36)!, source_id VARCHAR(36)!, destination_type VARCHAR(36)!, destination_id VARCHAR(36)!")]
    [InlineData("input_tags", "input_uuid VARCHAR(36)!, name VARCHAR(255)!, value VARCHAR(500)!")]
    [InlineData("registered_models", "name VARCHAR(256)!, creation_time BIGINT, last_updated_time BIGINT, description VARCHAR(5000)")]
    [InlineData("registered_model_tags", "key VARCHAR(250)!, value VARCHAR(5000), name VARCHAR(256)!")]
    [InlineData("registered_model_aliases", "alias VARCHAR(256)!, version INTEGER!, name VARCHAR(256)!")]
    [InlineData("model_versions", "name VARCHAR(256)!, version INTEGER!, creation_time BIGINT, last_updated_time BIGINT, description VARCHAR(5000), user_id VARCHAR(256), current_stage VARCHAR(20), source VARCHAR(500), run_id VARCHAR(32), status VARCHAR(20), status_message VARCHAR(500), run_link VARCHAR(500), storage_location VARCHAR(500)")]
    [InlineData("model_version_tags", "key VARCHAR(250)!, value VARCHAR(5000), name VARCHAR(256)!, version INTEGER!")]
    public void Each_column_has_its_type(string table, string columns) =>
        Assert.Equal(columns.Split(", "), _test.Rows($"SELECT name || ' ' || type || CASE WHEN \"notnull\" THEN '!' ELSE '' END || coalesce(' ' || dflt_value, '') FROM pragma_table_info('{table}')"));

    [Theory]
    [InlineData("experiment_tags", "experiments", "experiment_id", "NO ACTION", "NO ACTION")]
    [InlineData("runs", "experiments", "experiment_id", "NO ACTION", "NO ACTION")]
    [InlineData("params", "runs", "run_uuid", "NO ACTION", "NO ACTION")]
    [InlineData("tags", "runs", "run_uuid", "NO ACTION", "NO ACTION")]
    [InlineData("metrics", "runs", "run_uuid", "NO ACTION", "NO ACTION")]
    [InlineData("latest_metrics", "runs", "run_uuid", "NO ACTION", "NO ACTION")]
    [InlineData("datasets", "experiments", "experiment_id", "NO ACTION", "NO ACTION")]
    [InlineData("registered_model_tags", "registered_models", "name", "CASCADE", "NO ACTION")]
    [InlineData("registered_model_aliases", "registered_models", "name", "CASCADE", "CASCADE")]
    [InlineData("model_versions", "registered_models", "name", "CASCADE", "NO ACTION")]
    [InlineData("model_version_tags", "model_versions", "name,version", "CASCADE", "NO ACTION")]
    public void Each_foreign_key_is_there(string table, string parent, string columns, string onUpdate, string onDelete) =>
        Assert.Equal([$"{parent}|{columns}|{onUpdate}|{onDelete}"],
            _test.Rows($"SELECT \"table\", group_concat(\"from\"), on_update, on_delete FROM (SELECT * FROM pragma_foreign_key_list('{table}') ORDER BY id, seq) GROUP BY id"));

    [Fact]
    public void The_names_that_migrations_count_on_are_those_of_the_notes()
    {
        var notes = File.ReadAllText(RealData.Need(Path.Combine("..", "mlflow", "sqlite-schema.md")));
        var lines = notes[notes.IndexOf("| table | primary key, its name and columns |", StringComparison.Ordinal)..].Split('\n').Skip(2).TakeWhile(l => l.StartsWith('|')).ToList();
        Assert.Equal(16, lines.Count);
        var names = 0;
        foreach (var cells in lines.Select(l => l.Split('|').Select(c => c.Trim()).ToArray()))
        {
            var (table, sql) = (cells[1], Sql(cells[1]));
            var key = Regex.Match(cells[2], @"^(\w+) \(([\w, ]+?)(?: TEXT\(32\))?\)$");
            Assert.Contains($"CONSTRAINT {key.Groups[1].Value} PRIMARY KEY ({key.Groups[2].Value})", sql, StringComparison.Ordinal);
            names++;
            foreach (var constraint in Regex.Matches(cells[3], @"\b(experiments_lifecycle_stage|source_type|runs_lifecycle_stage|registered_model_alias_name_fkey)\b").Select(m => m.Value))
            {
                Assert.Contains($"CONSTRAINT {constraint} ", sql, StringComparison.Ordinal);
                names++;
            }
            if (cells[3].Contains("unique (name), unnamed", StringComparison.Ordinal)) Assert.Contains("\n    UNIQUE (name)", sql, StringComparison.Ordinal);
            if (cells[3].Contains("is_nan in (0, 1), unnamed", StringComparison.Ordinal)) Assert.Contains("\n    CHECK (is_nan IN (0, 1))", sql, StringComparison.Ordinal);
            if (cells[3].Contains("check of status, unnamed", StringComparison.Ordinal)) Assert.Contains("\n    CHECK (status IN (", sql, StringComparison.Ordinal);
            var indices = Regex.Matches(cells[4], @"index_\w+").Select(m => m.Value).ToList();
            names += indices.Count;
            Assert.Equal(indices.Order(), _test.Rows($"SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL ORDER BY name"));
        }
        Assert.Equal(28, names);
    }

    [Fact]
    public void A_database_that_a_later_MLflow_has_upgraded_is_written_on()
    {
        TestStore.LogAll(_test.Store);
        using (var run = _test.Store.Start(TestStore.Start("1123456789abcdef0123456789abcdef")))
        {
            _test.Store.Register(run, "shop", _test.Package("one"), "", new Dictionary<string, string>());
            run.End(RunStatus.Finished);
        }
        _test.Store.Promote("shop", 1);
        Upgrade();

        var store = MlflowSqliteStore.OpenOrCreate(_test.File, _test.Clock);
        TestStore.LogAll(store, "2123456789abcdef0123456789abcdef");
        using (var run = store.Start(TestStore.Start("3123456789abcdef0123456789abcdef", experiment: "0002-new")))
        {
            run.Tags([new("long", new string('x', 7000))]);
            Assert.Equal(2, store.Register(run, "shop", _test.Package("two"), "", new Dictionary<string, string>()).Version);
            run.End(RunStatus.Finished);
        }
        store.Promote("shop", 2);

        Assert.Equal(["0|Default|default", "1|0001-shop|default", "7|0001-shop|other", "8|0002-new|default"], _test.Rows("SELECT experiment_id, name, workspace FROM experiments ORDER BY 1"));
        Assert.Equal(["champion|2|default", "former-champion|1|default"], _test.Rows("SELECT alias, version, workspace FROM registered_model_aliases ORDER BY alias"));
        Assert.Equal(["0"], _test.Rows("SELECT DISTINCT step FROM inputs"));
        Assert.Equal(["7000"], _test.Rows("SELECT length(value) FROM tags WHERE key = 'long'"));                        // the wider column is used
        Assert.Equal(["f4a9b2c7d1e6"], _test.Rows("SELECT version_num FROM alembic_version"));
        Assert.Equal(["ok"], _test.Rows("PRAGMA integrity_check"));
        Assert.Empty(_test.Rows("PRAGMA foreign_key_check"));
        Assert.Equal(_test.Store.Read(TestStore.RunId).Metrics, store.Read("2123456789abcdef0123456789abcdef").Metrics);
    }

    // What MLflow 2.17 to 3.18 change in these tables: wider columns, columns with defaults, a workspace in front of names, tables of their own, a later revision.
    private void Upgrade()
    {
        Rebuild("tags", ("value VARCHAR(5000)", "value VARCHAR(8000)"));
        Rebuild("inputs", ("    CONSTRAINT", "    step BIGINT DEFAULT '0' NOT NULL,\n    CONSTRAINT"));
        foreach (var table in new[] { "experiments", "registered_models", "registered_model_tags", "registered_model_aliases", "model_versions", "model_version_tags" })
            Rebuild(table, ("    UNIQUE (name)", "    UNIQUE (workspace, name)"),
                ("FOREIGN KEY (name", "FOREIGN KEY (workspace, name"), ("registered_models (name", "registered_models (workspace, name"), ("model_versions (name", "model_versions (workspace, name"),
                (table == "experiments" ? "" : "PRIMARY KEY (", "PRIMARY KEY (workspace, "));
        _test.Do("INSERT INTO experiments (experiment_id, name, lifecycle_stage, workspace) VALUES (7, '0001-shop', 'active', 'other')");
        _test.Do("CREATE TABLE logged_models (model_id VARCHAR(36) NOT NULL, CONSTRAINT logged_models_pk PRIMARY KEY (model_id))");
        _test.Do("ALTER TABLE datasets ADD COLUMN later TEXT DEFAULT 'x' NOT NULL");
        _test.Do("UPDATE alembic_version SET version_num = 'f4a9b2c7d1e6'");
    }

    private void Rebuild(string table, params (string From, string To)[] changes)
    {
        var sql = Sql(table).Replace($"CREATE TABLE {table} (", "CREATE TABLE upgraded (", StringComparison.Ordinal);
        foreach (var (from, to) in changes.Where(c => c.From.Length > 0)) sql = sql.Replace(from, to, StringComparison.Ordinal);
        if (sql.Contains("(workspace, ", StringComparison.Ordinal)) sql = new Regex("    CONSTRAINT").Replace(sql, "    workspace VARCHAR(63) DEFAULT 'default' NOT NULL,\n    CONSTRAINT", count: 1);
        var columns = string.Join(", ", _test.Rows($"SELECT name FROM pragma_table_info('{table}')"));
        _test.Do($"PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; {sql}; INSERT INTO upgraded ({columns}) SELECT {columns} FROM {table}; DROP TABLE {table}; ALTER TABLE upgraded RENAME TO {table}");
    }
}
