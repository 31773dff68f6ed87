using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CustomerValue.Testing;

/// <summary>A tracking server in memory that answers as the recorded ones do to what a push asks, and fails where a test says.</summary>
public sealed class FakeMlflow : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StubServer _stub;
    private int _requests;

    /// <summary>Starts it, empty.</summary>
    public FakeMlflow() => _stub = new StubServer(request =>
    {
        lock (_gate)
        {
            // A fault before the work, or after it: the answer is lost, what was asked is done.
            var number = ++_requests;
            if (Before?.Invoke(number, request) is { } refused) return refused;
            var answer = Answer(request);
            return After?.Invoke(number, request) ?? answer;
        }
    });

    /// <summary>Its address.</summary>
    public string Address => _stub.Address;

    /// <summary>What was asked so far.</summary>
    public IReadOnlyList<StubRequest> Requests => _stub.Requests;

    /// <summary>Answers in its place, and nothing is done; null lets it answer itself. The number counts requests from 1.</summary>
    public Func<int, StubRequest, StubAnswer?>? Before { get; set; }

    /// <summary>Answers in its place once what was asked is done.</summary>
    public Func<int, StubRequest, StubAnswer?>? After { get; set; }

    /// <summary>Experiments, as the API shows them.</summary>
    public List<JsonObject> Experiments { get; } = [];

    /// <summary>Runs in the order they were made.</summary>
    public List<FakeRun> Runs { get; } = [];

    /// <summary>Files by their paths behind the proxy.</summary>
    public Dictionary<string, byte[]> Artifacts { get; } = [];

    /// <summary>Registered models, and the version that each alias names.</summary>
    public Dictionary<string, Dictionary<string, int>> Aliases { get; } = [];

    /// <summary>Versions, as they were asked for.</summary>
    public List<JsonObject> Versions { get; } = [];

    /// <inheritdoc/>
    public void Dispose() => _stub.Dispose();

    /// <summary>The one run that carries this id of ours.</summary>
    public FakeRun ByLocalId(string id) => Runs.Single(r => r.Tags["customervalue.run_id"] == id);

    private static StubAnswer Ok(JsonNode? json = null) => StubAnswer.Json(200, (json ?? new JsonObject()).ToJsonString());

    private static StubAnswer Error(int status, string code, string message) => StubAnswer.Json(status, new JsonObject { ["error_code"] = code, ["message"] = message }.ToJsonString());

    private static StubAnswer Missing(string what) => Error(404, "RESOURCE_DOES_NOT_EXIST", what + " not found");

    private StubAnswer Answer(StubRequest request)
    {
        var path = request.Path.Replace("/api/2.0/mlflow/", "", StringComparison.Ordinal);
        var query = request.Target.Contains('?') ? request.Target.Split('?', 2)[1].Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1])) : [];
        var json = request.Body.Length > 0 && request.Headers.GetValueOrDefault("Content-Type") == "application/json" ? request.Json!.AsObject() : [];
        string Text(string name) => (string)json[name]!;
        FakeRun? Run(string id) => Runs.SingleOrDefault(r => r.Id == id);
        switch (request.Method, path)
        {
            case ("GET", "experiments/get-by-name"):
                return Experiments.SingleOrDefault(e => (string)e["name"]! == query["experiment_name"]) is { } found ? Ok(new JsonObject { ["experiment"] = found.DeepClone() }) : Missing("Experiment");
            case ("POST", "experiments/create"):
                if (Experiments.Any(e => (string)e["name"]! == Text("name"))) return Error(400, "RESOURCE_ALREADY_EXISTS", "Experiment already exists");
                Experiments.Add(new() { ["experiment_id"] = Invariant($"{Experiments.Count + 1}"), ["name"] = Text("name"), ["lifecycle_stage"] = "active" });
                return Ok(new JsonObject { ["experiment_id"] = (string)Experiments[^1]["experiment_id"]! });
            case ("POST", "runs/search"):
                var wanted = Regex.Match(Text("filter"), "^tags.`customervalue.run_id` = '(.*)'$").Groups[1].Value;
                var runs = Runs.Where(r => r.Experiment == (string)json["experiment_ids"]![0]! && r.Tags.GetValueOrDefault("customervalue.run_id") == wanted).Take((int)json["max_results"]!).ToList();
                return Ok(runs.Count == 0 ? null : new JsonObject { ["runs"] = new JsonArray([.. runs.Select(r => r.Json())]) });
            case ("POST", "runs/create"):
                Runs.Add(new(Invariant($"{Runs.Count:x32}"), Text("experiment_id"), Text("run_name"), (long)json["start_time"]!));
                foreach (var tag in json["tags"]!.AsArray()) Runs[^1].Tags[(string)tag!["key"]!] = (string)tag["value"]!;
                return Ok(new JsonObject { ["run"] = Runs[^1].Json() });
            case ("GET", "runs/get"):
                return Run(query["run_id"]) is { } shown ? Ok(new JsonObject { ["run"] = shown.Json() }) : Missing("Run");
            case ("POST", "runs/update"):
                (Run(Text("run_id"))!.Status, Run(Text("run_id"))!.EndTime) = (Text("status"), (long?)json["end_time"]);
                return Ok();
            case ("POST", "runs/log-batch"):
                var run = Run(Text("run_id"))!;
                if ((json["metrics"]?.AsArray().Count ?? 0) > 1000 || (json["params"]?.AsArray().Count ?? 0) > 100 || (json["tags"]?.AsArray().Count ?? 0) > 100) return Error(400, "INVALID_PARAMETER_VALUE", "A batch logging request can contain at most");
                foreach (var param in json["params"]?.AsArray() ?? [])
                    if (!run.Parameters.TryAdd((string)param!["key"]!, (string)param["value"]!) && run.Parameters[(string)param["key"]!] != (string)param["value"]!)
                        return Error(400, "INVALID_PARAMETER_VALUE", "Changing param values is not allowed");
                foreach (var metric in json["metrics"]?.AsArray() ?? []) run.Metrics.Add(metric!.ToJsonString());
                foreach (var tag in json["tags"]?.AsArray() ?? []) run.Tags[(string)tag!["key"]!] = (string)tag["value"]!;
                return Ok();
            case ("POST", "runs/set-tag"):
                Run(Text("run_id"))!.Tags[Text("key")] = Text("value");
                return Ok();
            case ("POST", "runs/log-inputs"):
                foreach (var input in json["datasets"]!.AsArray()) Run(Text("run_id"))!.Inputs.Add(input!.ToJsonString());
                return Ok();
            case ("PUT", _):
                Artifacts[Uri.UnescapeDataString(request.Path.Replace("/api/2.0/mlflow-artifacts/artifacts/", "", StringComparison.Ordinal))] = request.Body;
                return new(200);
            case ("GET", "registered-models/get"):
                return !Aliases.TryGetValue(query["name"], out var aliases) ? Missing("Registered Model") : Ok(new JsonObject
                {
                    ["registered_model"] = new JsonObject
                    {
                        ["name"] = query["name"], ["aliases"] = new JsonArray([.. aliases.Select(a => new JsonObject { ["alias"] = a.Key, ["version"] = Invariant($"{a.Value}") })]),
                    },
                });
            case ("POST", "registered-models/create"):
                return Aliases.TryAdd(Text("name"), []) ? Ok(new JsonObject { ["registered_model"] = new JsonObject { ["name"] = Text("name") } }) : Error(400, "RESOURCE_ALREADY_EXISTS", "Registered Model already exists.");
            case ("POST", "model-versions/create"):
                if (!Aliases.ContainsKey(Text("name"))) return Missing("Registered Model");
                var version = json.DeepClone().AsObject();
                version["version"] = Invariant($"{Versions.Count(v => (string)v["name"]! == Text("name")) + 1}");
                Versions.Add(version);
                return Ok(new JsonObject { ["model_version"] = version.DeepClone() });
            case ("GET", "model-versions/search"):
                var filter = Regex.Match(query["filter"], "^(\\w+)=(?:'([^']*)'|\"([^\"]*)\")$");
                var versions = Versions.Where(v => (string)v[filter.Groups[1].Value]! == filter.Groups[2].Value + filter.Groups[3].Value).Select(v => v.DeepClone()).ToArray();
                return Ok(versions.Length == 0 ? null : new JsonObject { ["model_versions"] = new JsonArray(versions) });
            case ("POST", "model-versions/set-tag"):
                var tagged = Versions.Single(v => (string)v["name"]! == Text("name") && (string)v["version"]! == Text("version"));
                var tags = tagged["tags"]?.AsArray() ?? [];
                if (tags.FirstOrDefault(t => (string)t!["key"]! == Text("key")) is { } old) tags.Remove(old);
                tags.Add((JsonNode)new JsonObject { ["key"] = Text("key"), ["value"] = Text("value") });
                if (tagged["tags"] is null) tagged["tags"] = tags;
                return Ok();
            case ("GET", "registered-models/alias"):
                return Aliases.TryGetValue(query["name"], out var named) && named.TryGetValue(query["alias"], out var number)
                    ? Ok(new JsonObject { ["model_version"] = Versions.Single(v => (string)v["name"]! == query["name"] && (string)v["version"]! == Invariant($"{number}")).DeepClone() })
                    : Error(400, "INVALID_PARAMETER_VALUE", $"Registered model alias {query["alias"]} not found.");
            case ("POST", "registered-models/alias"):
                Aliases[Text("name")][Text("alias")] = int.Parse(Text("version"), CultureInfo.InvariantCulture);
                return Ok();
            default:
                return StubAnswer.Text(404, "<!doctype html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found.</p>");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A run at the server.</summary>
    public sealed class FakeRun(string id, string experiment, string name, long startTime)
    {
        public string Id => id;
        public string Experiment => experiment;
        public string Name => name;
        public long StartTime => startTime;
        public long? EndTime { get; set; }
        public string Status { get; set; } = "RUNNING";
        public string Stage { get; set; } = "active";
        public SortedDictionary<string, string> Parameters { get; } = new(StringComparer.Ordinal);
        public SortedSet<string> Metrics { get; } = new(StringComparer.Ordinal);
        public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
        public SortedSet<string> Inputs { get; } = new(StringComparer.Ordinal);

        public JsonObject Json() => new()
        {
            ["info"] = new JsonObject
            {
                ["run_id"] = id, ["experiment_id"] = experiment, ["run_name"] = name, ["status"] = Status, ["start_time"] = startTime, ["end_time"] = EndTime,
                ["artifact_uri"] = $"mlflow-artifacts:/{experiment}/{id}/artifacts", ["lifecycle_stage"] = Stage,
            },
            ["data"] = new JsonObject
            {
                ["params"] = new JsonArray([.. Parameters.Select(p => new JsonObject { ["key"] = p.Key, ["value"] = p.Value })]),
                ["metrics"] = new JsonArray([.. Metrics.Select(m => JsonNode.Parse(m))]),
                ["tags"] = new JsonArray([.. Tags.Select(t => new JsonObject { ["key"] = t.Key, ["value"] = t.Value })]),
            },
            ["inputs"] = new JsonObject { ["dataset_inputs"] = new JsonArray([.. Inputs.Select(i => JsonNode.Parse(i))]) },
        };
    }
}
