using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CustomerValue.Mlflow;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>Everything that was recorded between a client and real MLflow servers (3.6 and 3.17, SQLite and file stores, basic authentication, scoring): our client sends
/// what was accepted there, and understands what was answered.</summary>
public sealed class ExchangeTests(ITestOutputHelper output)
{
    private const string User = "user", Password = "pass-word-1234", Token = "token-1234";

    [Theory, InlineData("exchanges.json", 335, 126), InlineData("exchanges-3.17.json", 246, 57)]
    public void Every_recorded_exchange_is_sent_and_understood(string file, int exchanges, int byCallsOfItsOwn)
    {
        var recorded = Read(RealData.Need(Path.Combine("..", "mlflow", file)));
        var (failures, typed) = (new List<string>(), 0);
        foreach (var exchange in recorded)
        {
            try
            {
                if (Call(exchange) is { } call)
                {
                    Replay(exchange, call);
                    typed++;
                }
                else ReplayPlainly(exchange);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                failures.Add($"{exchange.Name} ({exchange.Method} {exchange.Target}): {error.GetType().Name} {error.Message}");
            }
        }
        output.WriteLine($"{file}: {recorded.Count} exchanges, {typed} by the client's own calls, {recorded.Count - typed} by plain requests");
        Assert.True(failures.Count == 0, $"{failures.Count} failed:\n{string.Join('\n', failures)}");
        Assert.Equal((exchanges, byCallsOfItsOwn), (recorded.Count, typed));
    }

    private static List<Exchange> Read(string file) =>
    [
        .. from server in JsonNode.Parse(File.ReadAllBytes(file))!["servers"]!.AsArray()
           from exchange in server!["exchanges"]!.AsArray()
           select new Exchange((string)server["backend"]!, exchange!),
    ];

    // ---- the client's own calls

    private static Func<MlflowApi, object?>? Call(Exchange e)
    {
        var path = e.Path.Replace("/api/2.0/mlflow/", "", StringComparison.Ordinal);
        // An error that the recording provoked with something that our calls can't send (a value of the wrong type, a header of its own) is sent plainly.
        if (e.Headers.Keys.Any(h => h is not ("Content-Type" or "Authorization"))) return null;
        if (e.Method is "POST" or "PATCH" && e.ContentType != "application/json") return null;
        return (e.Method, path) switch
        {
            ("GET", "experiments/get-by-name") => api => api.ExperimentByName(e.Query["experiment_name"]),
            ("POST", "experiments/create") when Has<JsonValue>(e, "name") && Only(e, "name") && e.Json!["name"]!.GetValueKind() == JsonValueKind.String => api => new ExperimentIdAnswer(api.CreateExperiment(Text(e, "name"))),
            ("POST", "runs/create") when Only(e, "experiment_id", "start_time", "run_name", "tags") && e.Json!.AsObject().Count == 4 =>
                api => new RunAnswer(api.CreateRun(Text(e, "experiment_id"), (long)e.Json!["start_time"]!, Text(e, "run_name"), Pairs(e.Json["tags"])!)),
            ("GET", "runs/get") => api => new RunAnswer(api.GetRun(e.Query["run_id"])),
            ("POST", "runs/search") when Only(e, "experiment_ids", "filter", "max_results", "order_by", "run_view_type") => api => api.SearchRuns(e.Json!.Deserialize<RunSearch>(MlflowHttp.Json)!),
            ("POST", "runs/update") when Only(e, "run_id", "status", "end_time") => api => { api.UpdateRun(Text(e, "run_id"), Text(e, "status"), (long?)e.Json!["end_time"]); return null; },
            ("POST", "runs/log-batch") when Batch(e) is { } batch => api => { api.LogBatch(batch.RunId, batch.Metrics, batch.Parameters, batch.Tags); return null; },
            ("POST", "runs/set-tag") => api => { api.SetTag(Text(e, "run_id"), Text(e, "key"), Text(e, "value")); return null; },
            ("POST", "runs/log-inputs") when Only(e, "run_id", "datasets") => api => { api.LogInputs(Text(e, "run_id"), e.Json!["datasets"].Deserialize<List<DatasetInputWire>>(MlflowHttp.Json)!); return null; },
            ("PUT", _) when e.ContentType == "application/octet-stream" && !e.Target.Contains("%2e", StringComparison.Ordinal) => api => { Put(api, e); return null; },
            ("GET", "registered-models/get") => api => api.GetModel(e.Query["name"]) is { } model ? new ModelAnswer(model) : null,
            ("POST", "registered-models/create") when Has<JsonValue>(e, "name") && Only(e, "name") => api => { api.CreateModel(Text(e, "name")); return null; },
            ("POST", "model-versions/create") when Has<JsonValue>(e, "run_id") && Only(e, "name", "source", "run_id", "description", "tags") =>
                api => new VersionAnswer(api.CreateVersion(Text(e, "name"), Text(e, "source"), Text(e, "run_id"), (string?)e.Json!["description"], Pairs(e.Json["tags"]))),
            ("GET", "model-versions/search") when e.Query.Keys.All(k => k is "filter" or "max_results" or "page_token") =>
                api => api.SearchVersions(e.Query["filter"], e.Query.TryGetValue("max_results", out var max) ? int.Parse(max, CultureInfo.InvariantCulture) : null, e.Query.GetValueOrDefault("page_token")),
            ("POST", "model-versions/set-tag") => api => { api.SetVersionTag(Text(e, "name"), Text(e, "version"), Text(e, "key"), Text(e, "value")); return null; },
            ("POST", "registered-models/alias") => api => { api.SetAlias(Text(e, "name"), Text(e, "alias"), Text(e, "version")); return null; },
            ("GET", "registered-models/alias") => api => api.VersionByAlias(e.Query["name"], e.Query["alias"]) is { } version ? new VersionAnswer(version) : null,
            _ => null,
        };
    }

    private static void Replay(Exchange exchange, Func<MlflowApi, object?> call)
    {
        using var stub = new StubServer(_ => exchange.Answer);
        using var http = new MlflowHttp(Server(stub, exchange), TimeProvider.System, CancellationToken.None);
        object? result = null;
        var error = Record.Exception(() => result = call(new MlflowApi(http)));
        Sent(exchange, stub);

        var code = (string?)exchange.AnswerJson?["error_code"];
        var absent = code == "RESOURCE_DOES_NOT_EXIST" && exchange.Method == "GET" && !exchange.Path.Contains("runs/", StringComparison.Ordinal)
            || code == "INVALID_PARAMETER_VALUE" && exchange.Method == "GET" && exchange.Path.EndsWith("registered-models/alias", StringComparison.Ordinal);
        if (exchange.Status >= 400 && !absent) Refused(exchange, error);
        else if (exchange.Status >= 400) Assert.Equal((null, null), (error, result));
        else
        {
            Assert.Null(error);
            if (result is ExperimentWire experiment) result = new ExperimentAnswer(experiment);
            if (result is not null) Understood(exchange.AnswerJson, result, exchange.Name);
        }
    }

    // Everything that our documents have a place for was read, as it was answered.
    private static void Understood(JsonNode? recorded, object? ours, string where)
    {
        switch (ours)
        {
            case null:
                Assert.True(recorded is null, $"{where}: {recorded} wasn't read");
                break;
            case string or long or double:
                Assert.True(recorded is not null && Equivalent(recorded, JsonSerializer.SerializeToNode(ours, MlflowHttp.Json)), $"{where}: {recorded} was read as {ours}");
                break;
            case IEnumerable list:
                var entries = list.Cast<object?>().ToList();
                Assert.Equal(recorded!.AsArray().Count, entries.Count);
                for (var i = 0; i < entries.Count; i++) Understood(recorded[i], entries[i], $"{where}[{i}]");
                break;
            default:
                foreach (var property in ours.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
                    Understood(recorded![name], property.GetValue(ours), $"{where}.{name}");
                }
                break;
        }
    }

    // ---- requests that the client has no call for

    private static void ReplayPlainly(Exchange exchange)
    {
        using var stub = new StubServer(_ => exchange.Answer);
        using var http = new MlflowHttp(Server(stub, exchange), TimeProvider.System, CancellationToken.None);
        MlflowAnswer? answer = null;
        var body = exchange.Body;
        var error = Record.Exception(() => answer = http.Send(new(new HttpMethod(exchange.Method), exchange.Target.TrimStart('/'))
        {
            Bytes = body is null ? null : () => new MemoryStream(body), MediaType = exchange.ContentType,
            Headers = Special(exchange),
        }));
        Sent(exchange, stub);
        if (exchange.Status >= 400) { Refused(exchange, error); return; }

        Assert.Null(error);
        Assert.Equal(exchange.Status, answer!.Status);
        if (exchange.AnswerJson is { } json) Assert.True(Equivalent(json, answer.Json<JsonNode>()), $"{exchange.Name}: another document was read");
        else if (exchange.Method != "HEAD") Assert.Equal(exchange.AnswerBody, answer.Body);
    }

    // ---- what both have in common

    private static MlflowServer Server(StubServer stub, Exchange exchange) => exchange.Headers.GetValueOrDefault("Authorization") switch
    {
        null => MlflowServer.At(stub.Address),
        var basic when basic.StartsWith("Basic", StringComparison.Ordinal) => MlflowServer.At(stub.Address, User, Password),
        _ => MlflowServer.At(stub.Address, token: Token),
    };

    private static void Sent(Exchange exchange, StubServer stub)
    {
        var sent = Assert.Single(stub.Requests);                                                                 // nothing recorded is tried twice
        Assert.Equal((exchange.Method, exchange.Target), (sent.Method, sent.Target));
        Assert.Equal(exchange.ContentType, sent.Headers.GetValueOrDefault("Content-Type"));
        Assert.Equal(exchange.Headers.GetValueOrDefault("Authorization") switch
        {
            null => null,
            var basic when basic.StartsWith("Basic", StringComparison.Ordinal) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")),
            _ => "Bearer " + Token,
        }, sent.Headers.GetValueOrDefault("Authorization"));
        foreach (var (name, value) in Special(exchange)) Assert.Equal(value, sent.Headers.GetValueOrDefault(name));
        if (exchange.Json is { } json) Assert.True(Equivalent(json, sent.Json), $"{exchange.Name}: another document was sent: {Encoding.UTF8.GetString(sent.Body)}");
        else Assert.Equal(exchange.Body ?? [], sent.Body);
    }

    // .NET's client sends no empty Host header (one exchange): there the answer alone is looked at.
    private static Dictionary<string, string> Special(Exchange exchange) => exchange.Headers.Where(h => h.Key is not ("Content-Type" or "Authorization") && h is not { Key: "Host", Value: "" }).ToDictionary();

    private static void Refused(Exchange exchange, Exception? error)
    {
        var refusal = Assert.IsType<MlflowException>(error);
        Assert.Equal(exchange.Status, refusal.Status);
        Assert.Equal((string?)exchange.AnswerJson?["error_code"], refusal.ErrorCode);
        Assert.False(refusal.IsTransient);
        var said = (string?)exchange.AnswerJson?["message"] ?? (string?)exchange.AnswerJson?["detail"]
            ?? (exchange.Answer.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true ? MlflowHtml.Text(Encoding.UTF8.GetString(exchange.AnswerBody)) : Encoding.UTF8.GetString(exchange.AnswerBody));
        Assert.NotEqual("", said.Trim());
        Assert.Contains(said.Trim()[..Math.Min(said.Trim().Length, 500)], refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<h1>", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refusal.Message, StringComparison.Ordinal);
    }

    // Equal as documents: numbers by value, the order of names of no matter.
    private static bool Equivalent(JsonNode? a, JsonNode? b) => (a, b) switch
    {
        (null, null) => true,
        (JsonObject x, JsonObject y) => x.Count == y.Count && x.All(p => y.TryGetPropertyValue(p.Key, out var other) && Equivalent(p.Value, other)),
        (JsonArray x, JsonArray y) => x.Count == y.Count && x.Zip(y).All(p => Equivalent(p.First, p.Second)),
        (JsonValue x, JsonValue y) when x.GetValueKind() == JsonValueKind.Number && y.GetValueKind() == JsonValueKind.Number => Number(x).Equals(Number(y)),
        (JsonValue x, JsonValue y) => x.GetValueKind() == y.GetValueKind() && x.ToString() == y.ToString(),
        _ => false,
    };

    private static double Number(JsonValue value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static bool Has<T>(Exchange e, string name) where T : JsonNode => e.Json?[name] is T;

    private static bool Only(Exchange e, params string[] names) => e.Json is JsonObject map && map.All(p => names.Contains(p.Key));

    private static string Text(Exchange e, string name) => (string)e.Json![name]!;

    private static List<PairWire>? Pairs(JsonNode? list) => list?.Deserialize<List<PairWire>>(MlflowHttp.Json);

    private static BatchWire? Batch(Exchange e) =>
        Only(e, "run_id", "metrics", "params", "tags")
        && (e.Json!["metrics"]?.AsArray() ?? []).All(m => m!.AsObject().Select(p => p.Key).SequenceEqual(["key", "value", "timestamp", "step"]) && m["timestamp"]!.GetValueKind() == JsonValueKind.Number)
        && (e.Json["tags"]?.AsArray() ?? []).All(t => t!["value"] is not null)
            ? e.Json.Deserialize<BatchWire>(MlflowHttp.Json) : null;

    private static void Put(MlflowApi api, Exchange e)
    {
        var place = e.Target.Replace("/api/2.0/mlflow-artifacts/artifacts/", "", StringComparison.Ordinal);
        var at = place.IndexOf("/artifacts/", StringComparison.Ordinal) + "/artifacts".Length;
        var body = e.Body ?? [];
        api.PutArtifact("mlflow-artifacts:/" + place[..at], Uri.UnescapeDataString(place[(at + 1)..]), () => new MemoryStream(body));
    }
}
