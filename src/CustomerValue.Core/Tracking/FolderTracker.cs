using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomerValue.Tracking;

/// <summary>Runs as plain folders: <c>RUN_ID/run.json</c> beside <c>RUN_ID/artifacts/</c>, nested runs likewise under <c>RUN_ID/nested/NAME</c>.</summary>
/// <param name="folder">Where the runs lie; made when absent.</param>
/// <param name="time">The clock of start and end times.</param>
public sealed class FolderTracker(string folder, TimeProvider time) : IRunTracker
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <inheritdoc/>
    public string Location => folder;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A run of that id is there already.</exception>
    public ITrackedRun Start(RunStart start)
    {
        var place = Path.Combine(folder, start.Id);
        if (File.Exists(Path.Combine(place, "run.json")))
            throw new InvalidOperationException($"A run {start.Id} is in {folder} already. Run ids are unique; give this one another.");
        return new Run(start, place, time);
    }

    private sealed class Run : ITrackedRun
    {
        private readonly RunStart _start;
        private readonly string _place;
        private readonly TimeProvider _time;
        private readonly DateTimeOffset _startedAt;
        private readonly SortedDictionary<string, string> _parameters = new(StringComparer.Ordinal);
        private readonly List<Point> _metrics = [];
        private RunStatus? _status;

        public Run(RunStart start, string place, TimeProvider time)
        {
            (_start, _place, _time, _startedAt) = (start, place, time, time.GetUtcNow());
            Directory.CreateDirectory(place);
            Write(null);
        }

        public string Id => _start.Id;

        public void Parameter(string name, string value) => _parameters[name] = value;

        public void Metric(string name, double value, long step) => _metrics.Add(new(name, value, step));

        public void Artifact(string path, ReadOnlySpan<byte> content)
        {
            var full = Path.GetFullPath(Path.Combine(_place, "artifacts", path));
            if (!full.StartsWith(Path.GetFullPath(Path.Combine(_place, "artifacts")) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new ArgumentException($"The artifact path '{path}' leaves the run's folder. Give a relative path without '..'.", nameof(path));
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(full, content);
        }

        public ITrackedRun Nested(string name)
        {
            var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Id}/{name}")))[..32];
            var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
            return new Run(new(id, _start.Experiment, name, new SortedDictionary<string, string>(StringComparer.Ordinal) { ["parent"] = Id }),
                           Path.Combine(_place, "nested", safe), _time);
        }

        public void End(RunStatus status)
        {
            _status = status;
            Write(_time.GetUtcNow());
        }

        public void Dispose()
        {
            if (_status is null) End(RunStatus.Failed);
        }

        private void Write(DateTimeOffset? endedAt)
        {
            var document = new Document(_start.Id, _start.Experiment, _start.Name, _status?.ToString().ToUpperInvariant() ?? "RUNNING",
                                        _startedAt, endedAt, new SortedDictionary<string, string>(_start.Tags.ToDictionary(), StringComparer.Ordinal), _parameters, _metrics);
            // Written whole and then renamed, so that a reader never meets half a file.
            var target = Path.Combine(_place, "run.json");
            File.WriteAllBytes(target + ".tmp", JsonSerializer.SerializeToUtf8Bytes(document, s_json));
            File.Move(target + ".tmp", target, overwrite: true);
        }
    }

    private sealed record Point(string Name, double Value, long Step);

    private sealed record Document(string RunId, string Experiment, string Name, string Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
        IReadOnlyDictionary<string, string> Tags, IReadOnlyDictionary<string, string> Parameters, IReadOnlyList<Point> Metrics);
}
