using CustomerValue.Mlflow;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>Servers that are down, slow, full or refuse: how often they are asked, and what is said.</summary>
public sealed class MlflowHttpTests
{
    private static (MlflowException? Error, int Requests) Ask(Func<int, StubAnswer> answer, double seconds = 20, bool repeatable = true)
    {
        var number = 0;
        using var stub = new StubServer(_ => answer(Interlocked.Increment(ref number)));
        using var http = new MlflowHttp(Quick.Server(stub.Address, seconds), TimeProvider.System, CancellationToken.None);
        var error = Record.Exception(() => http.Send(new(HttpMethod.Get, "api/2.0/mlflow/runs/get?run_id=1") { IsRepeatable = repeatable }).Json<RunAnswer>());
        return (error is null ? null : Assert.IsType<MlflowException>(error), stub.Requests.Count);
    }

    private static StubAnswer Run => StubAnswer.Json(200, """{"run": {"info": {"run_id": "1", "experiment_id": "1", "status": "RUNNING", "artifact_uri": "mlflow-artifacts:/1"}}}""");

    [Theory]
    [InlineData(400, 1, "")]
    [InlineData(401, 1, "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN")]
    [InlineData(403, 1, "ask its administrator for the right to edit the experiment")]
    [InlineData(404, 1, "Check the address (MLFLOW_TRACKING_URI)")]
    [InlineData(408, 4, "It is busy, or starting")]
    [InlineData(413, 1, "have the limit raised")]
    [InlineData(429, 4, "It is busy, or starting")]
    [InlineData(500, 1, "")]
    [InlineData(501, 1, "")]
    [InlineData(502, 4, "It is busy, or starting")]
    [InlineData(503, 4, "It is busy, or starting")]
    [InlineData(504, 4, "It is busy, or starting")]
    [InlineData(507, 1, "Its disk is full")]
    public void What_may_help_is_tried_again_and_the_cure_is_named(int status, int requests, string cure)
    {
        var (error, asked) = Ask(_ => StubAnswer.Text(status, "<!doctype html><title>T</title><style>p{}</style><h1>Sorry</h1>\n<p>no &amp; never</p>"));
        Assert.Equal((status, null, requests), (error!.Status, error.ErrorCode, asked));
        Assert.Contains($"answered {status} to api/2.0/mlflow/runs/get: Sorry no & never", error.Message, StringComparison.Ordinal);
        Assert.Contains(cure, error.Message, StringComparison.Ordinal);
        Assert.Equal(requests > 1, error.IsTransient);
    }

    [Fact]
    public void A_busy_server_that_answers_in_the_end_has_answered()
    {
        var (error, asked) = Ask(n => n < 4 ? new StubAnswer(503) { Headers = new Dictionary<string, string> { ["Retry-After"] = "0" } } : Run);
        Assert.Equal((null, 4), (error, asked));
    }

    [Fact]
    public void What_must_not_be_done_twice_is_sent_once() => Assert.Equal(1, Ask(_ => new(503), repeatable: false).Requests);

    [Fact]
    public void A_server_that_is_down_is_said_to_be()
    {
        using var http = new MlflowHttp(Quick.Server(StubServer.Nowhere()), TimeProvider.System, CancellationToken.None);
        var error = Assert.Throws<MlflowException>(() => http.Send(new(HttpMethod.Get, "version")));
        Assert.Contains("can't be reached", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public void A_server_that_hangs_is_waited_for_only_so_long()
    {
        var clock = new WaitingClock();
        using var stub = new StubServer(_ => new(200) { Hangs = true });
        using var http = new MlflowHttp(Quick.Server(stub.Address, seconds: 0.1), clock, CancellationToken.None);
        var error = Assert.Throws<MlflowException>(() => http.Send(new(HttpMethod.Get, "version")));
        Assert.Equal(3, clock.Waits.Count);                                                                // between four tries
        Assert.Contains("didn't answer within 0.1 s", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public void An_answer_that_breaks_off_is_asked_for_again()
    {
        Assert.Equal((null, 2), Ask(n => n == 1 ? Run with { CutAfter = 20 } : Run));
        var (error, asked) = Ask(_ => Run with { CutAfter = 20 });
        Assert.Equal(4, asked);
        Assert.Contains("broke its answer off", error!.Message, StringComparison.Ordinal);
        Assert.Equal((null, 2), Ask(n => n == 1 ? new(200) { Drops = true } : Run));
    }

    [Theory]
    [InlineData("application/json", "{\"run\": {\"inf", "JSON that breaks off or isn't any")]
    [InlineData("application/json", "null", "JSON that breaks off or isn't any")]
    [InlineData("text/html", "<h1>Please log in</h1>", "text/html, which isn't MLflow's API: perhaps a login page")]
    [InlineData(null, "", "no content type, which isn't MLflow's API")]
    public void An_answer_that_is_no_document_is_said_to_be_none(string? type, string body, string said)
    {
        var (error, asked) = Ask(_ => new(200, type, System.Text.Encoding.UTF8.GetBytes(body)));
        Assert.Equal((200, 1), (error!.Status, asked));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirect_isnt_followed_but_named()
    {
        var (error, asked) = Ask(_ => new(302) { Headers = new Dictionary<string, string> { ["Location"] = "https://u:secret@mlflow.example/login?token=secret" } });
        Assert.Equal((302, 1), (error!.Status, asked));
        Assert.Contains("It points to https://mlflow.example/login; if that is the server, set MLFLOW_TRACKING_URI to it.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_doesnt_know_its_name_is_told_how()
    {
        var (error, _) = Ask(_ => StubAnswer.Text(403, "Invalid Host header - possible DNS rebinding attack detected", "text/plain"));
        Assert.Contains("start it with --allowed-hosts 127.0.0.1", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_error_is_cut_and_says_so()
    {
        var (error, _) = Ask(_ => StubAnswer.Json(400, $$"""{"error_code": "BAD_REQUEST", "message": "{{new string('x', 5000)}}"}"""));
        Assert.Contains("(cut, 5000 characters in all)", error!.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 900);
    }

    [Fact]
    public void Artifacts_that_the_server_keeps_elsewhere_arent_sent_blindly()
    {
        using var stub = new StubServer(_ => new(200));
        using var http = new MlflowHttp(Quick.Server(stub.Address), TimeProvider.System, CancellationToken.None);
        var error = Assert.Throws<MlflowException>(() => new MlflowApi(http).PutArtifact("s3://bucket/1", "a.txt", () => new MemoryStream()));
        Assert.Contains("--serve-artifacts", error.Message, StringComparison.Ordinal);
        Assert.Empty(stub.Requests);
        new MlflowApi(http).PutArtifact("mlflow-artifacts://host:5000/1/2/artifacts", "a b/é.txt", () => new MemoryStream());
        Assert.Equal("/api/2.0/mlflow-artifacts/artifacts/1/2/artifacts/a%20b/%C3%A9.txt", stub.Requests.Single().Target);
    }

    [Fact]
    public void A_path_before_the_api_is_kept()
    {
        using var stub = new StubServer(_ => new(200));
        using var http = new MlflowHttp(Quick.Server(stub.Address + "/team/mlflow/"), TimeProvider.System, CancellationToken.None);
        http.Send(new(HttpMethod.Get, "version"));
        Assert.Equal("/team/mlflow/version", stub.Requests.Single().Target);
    }

    [Theory]
    [InlineData(null, "embedded.db", null)]
    [InlineData("", "embedded.db", null)]
    [InlineData("sqlite:////data/mlflow.db", "/data/mlflow.db", null)]
    [InlineData("http://user:secret@host:5000/mlflow/?token=secret", "embedded.db", "http://host:5000/mlflow")]
    [InlineData("https://host", "embedded.db", "https://host")]
    public void Where_runs_go_is_told_as_MLflows_own_clients_are_told(string? uri, string file, string? server)
    {
        var tracking = MlflowTracking.Choose(name => name == "MLFLOW_TRACKING_URI" ? uri : null, "embedded.db");
        Assert.Equal((file, server), (tracking.StoreFile, tracking.Server?.ToString()));
    }

    [Fact]
    public void User_and_password_go_before_a_token_and_a_token_before_nothing()
    {
        static string? Authorization(params (string Name, string Value)[] variables) =>
            MlflowTracking.Choose(name => variables.FirstOrDefault(v => v.Name == name).Value, "x", "http://host").Server!.Authorization?.ToString();
        Assert.Null(Authorization());
        Assert.Equal("Bearer abc", Authorization(("MLFLOW_TRACKING_TOKEN", "abc")));
        Assert.Equal("Basic dTpw", Authorization(("MLFLOW_TRACKING_TOKEN", "abc"), ("MLFLOW_TRACKING_USERNAME", "u"), ("MLFLOW_TRACKING_PASSWORD", "p")));
    }

    [Theory, InlineData("postgresql://u:secret@host/db"), InlineData("databricks"), InlineData("./mlruns"), InlineData("secret")]
    public void Another_kind_of_store_is_refused_without_repeating_its_address(string uri)
    {
        var error = Assert.Throws<ArgumentException>(() => MlflowTracking.Choose(_ => uri, "embedded.db"));
        Assert.Contains("sqlite:///FILE", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_grow_and_end()
    {
        var clock = new WaitingClock();
        using var stub = new StubServer(_ => new(503));
        using var http = new MlflowHttp(MlflowServer.At(stub.Address), clock, CancellationToken.None);
        Assert.Throws<MlflowException>(() => http.Send(new(HttpMethod.Get, "version")));
        Assert.Equal([0.5, 1, 2], clock.Waits.Select(w => w.TotalSeconds));
    }

    /// <summary>A clock on which every wait is over at once, and remembered.</summary>
    private sealed class WaitingClock : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
