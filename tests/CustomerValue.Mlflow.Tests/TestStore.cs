using System.Globalization;
using CustomerValue.Mlflow;
using CustomerValue.Testing;
using CustomerValue.Tracking;
using Microsoft.Data.Sqlite;

namespace CustomerValue.Tests;

/// <summary>A store in a folder of its own, and its database opened by hand, as any SQLite program would.</summary>
public sealed class TestStore : IDisposable
{
    public const string RunId = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    public TestStore() => Store = MlflowSqliteStore.OpenOrCreate(File, Clock);

    public FixedClock Clock { get; } = new();

    public MlflowSqliteStore Store { get; }

    public string Folder => _folder.Path;

    public string File => _folder.In("mlflow", "mlflow.db");

    public static RunStart Start(string id = RunId, string experiment = "0001-shop", string name = "first") => new(id, experiment, name, new Dictionary<string, string> { ["seed"] = "7" });

    /// <summary>All rows of a query, values as invariant text, '|' between them.</summary>
    public List<string> Rows(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "null" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }

    public void Do(string sql) => Rows(sql);

    /// <summary>A folder of files such as a package, with an MLmodel file.</summary>
    public string Package(string content = "weights")
    {
        var folder = Directory.CreateDirectory(_folder.In("package-" + content)).FullName;
        System.IO.File.WriteAllText(Path.Combine(folder, "MLmodel"), "flavors:\n  customervalue:\n    data: model.json\n    list: [a, b]\nsignature: null\n");
        Directory.CreateDirectory(Path.Combine(folder, "parts"));
        System.IO.File.WriteAllText(Path.Combine(folder, "parts", "model.json"), content);
        return folder;
    }

    public static void Write(ITrackedRun run, string path, string text)
    {
        using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        run.Artifact(path, content);
    }

    /// <summary>A run with everything that a run can have, and one inside it.</summary>
    public static void LogAll(IRunTracker tracker, string id = RunId)
    {
        using var run = tracker.Start(Start(id) with { Note = "A **note**", User = "someone", Source = "experiment.cs", Commit = "0123456789abcdef0123456789abcdef01234567" });
        run.Parameters([new("features.sets", "rfm"), new("empty", "")]);
        run.Metrics([new("gini", 0.5), new("loss", 2, 0), new("loss", 1.5, 1), new("odd", double.NaN), new("up", double.PositiveInfinity), new("down", double.NegativeInfinity)]);
        run.Input(new("shop", "abc", "training") { Schema = """{"mlflow_colspec": []}""", Profile = """{"num_rows": 3}""" });
        Write(run, "result.json", "{}");
        Write(run, "plots/a b.txt", "hello");
        using (var nested = run.Nested(RunStart.Inside(run, "0001-shop", "BG/NBD")))
        {
            nested.Parameters([new("r", "0.243")]);
            nested.Metrics([new("gini", 0.25)]);
            nested.End(RunStatus.Finished);
        }
        run.Tags([new("winner", "BG/NBD")]);
        run.End(RunStatus.Finished);
    }

    public void Dispose() => _folder.Dispose();
}
