using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatResponseFormat = Microsoft.Extensions.AI.ChatResponseFormat;

namespace CustomerValue.ServedModels;

/// <summary>
/// Labels texts by a large model that is served elsewhere, over any OpenAI-compatible endpoint. Answers are kept on disk, so a run that was stopped asks only what is missing;
/// a budget is never passed; what fails is counted.
/// </summary>
/// <param name="options">Which model, and how.</param>
/// <param name="time">The clock of waits.</param>
/// <param name="client">The model; null for the one that the options name.</param>
public sealed class ServedLabeller(ServedOptions options, TimeProvider time, IChatClient? client = null)
{
    private static readonly JsonSerializerOptions s_lines = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string? _key = options.KeyVariable is { } name ? Environment.GetEnvironmentVariable(name) is { Length: > 0 } key ? key
        : throw new ServedModelException($"The environment variable {name} is empty. Set it to the service's key, or leave the name out where the service wants none.") : null;

    private readonly AnswerCache _cache = new(options.Cache);
    private readonly Lock _record = new();
    private int _requests;

    /// <summary>Labels every text, as far as the budget goes.</summary>
    /// <exception cref="ServedModelException">The service refused for good: a wrong key, model or address.</exception>
    public async Task<LabelRun> LabelAsync(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var owned = client is null ? Client() : null;
        var (asked, budget, schema) = (client ?? owned!, new Budget(options.Budget, options.Prices), options.Schema.Json());
        var format = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(schema), "labels");
        var (labels, failed) = (new TextLabels?[texts.Count * options.Samples], new LabelFailure?[texts.Count * options.Samples]);
        var (left, cached, done) = (0, 0, 0);
        _requests = 0;
        await Parallel.ForAsync(0, labels.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellation }, async (at, stop) =>
        {
            var (text, sample) = (at / options.Samples, at % options.Samples);
            var key = AnswerCache.Key(LabelPrompt.Version, LabelPrompt.System, options.Model, schema, options.Temperature.ToString(CultureInfo.InvariantCulture),
                options.MaxAnswerTokens.ToString(CultureInfo.InvariantCulture), sample.ToString(CultureInfo.InvariantCulture), texts[text]);
            if (_cache.Find(key) is { } kept && options.Schema.Read(kept, out var known) is null)
            {
                labels[at] = new(text, sample, known);
                Interlocked.Increment(ref cached);
            }
            else
            {
                var (answer, reason) = await Asked(asked, texts[text], key, at, format, schema, budget, stop);
                if (answer is not null) labels[at] = new(text, sample, answer);
                else if (reason is not null) failed[at] = new(text, sample, reason);
                else Interlocked.Increment(ref left);
            }
            progress?.Report(new("labelling", Interlocked.Increment(ref done), labels.Length, "texts"));
        });
        return new([.. labels.OfType<TextLabels>()], [.. failed.OfType<LabelFailure>()], left, cached, _requests, budget.TokensIn, budget.TokensOut, budget.Spent);
    }

    // Labels; or why there are none; or neither, when the budget wouldn't hold.
    private async Task<(IReadOnlyDictionary<string, IReadOnlyList<string>>? Labels, string? Reason)> Asked(IChatClient asked, string text, string key, int at, ChatResponseFormat format, string schema, Budget budget, CancellationToken cancellation)
    {
        ChatMessage[] messages = [new(ChatRole.System, LabelPrompt.System), new(ChatRole.User, LabelPrompt.User(text))];
        var settings = new ChatOptions { ModelId = options.Model, ResponseFormat = format, Temperature = options.Temperature, MaxOutputTokens = options.MaxAnswerTokens };
        // A token is at least a byte, so this is the most that a request can cost.
        var most = budget.Cost(Encoding.UTF8.GetByteCount(LabelPrompt.System) + Encoding.UTF8.GetByteCount(LabelPrompt.User(text)) + Encoding.UTF8.GetByteCount(schema) + 64, options.MaxAnswerTokens);
        var random = SplitMix64.Stream(options.Seed, at);
        var (failures, malformed) = (0, 0);
        while (true)
        {
            if (!await budget.SetAside(most, cancellation)) return (null, null);
            var counted = false;
            try
            {
                Interlocked.Increment(ref _requests);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(options.Timeout);
                var response = await asked.GetResponseAsync(messages, settings, limit.Token);
                var (tokensIn, tokensOut) = (response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount);
                counted = true;
                budget.Count(most, tokensIn ?? 0, tokensOut ?? 0, tokensIn is null || tokensOut is null ? most : null);       // who tells no usage is taken to have used all
                var fault = options.Schema.Read(response.Text, out var labels);
                Record(key, fault ?? "labelled", tokensIn, tokensOut);
                if (fault is null)
                {
                    _cache.Keep(key, response.Text);
                    return (labels, null);
                }
                if (++malformed >= options.AnswerTries) return (null, $"{malformed} answers don't meet the schema, the last: {fault}");
            }
            catch (Exception error) when (!counted && !cancellation.IsCancellationRequested)
            {
                counted = true;
                var (status, wait, timedOut) = Refusal(error);
                budget.Count(most, 0, 0, timedOut ? most : 0);
                var said = Said(error, status, timedOut);
                Record(key, said, null, null);
                if (status is not (null or 408 or 429 or >= 500)) throw new ServedModelException(said, error);
                if (++failures >= options.Tries) return (null, $"{failures} tries failed, the last: {said}");
                var pause = wait ?? options.Backoff * Math.Pow(2, failures - 1) * (1 - random.Unit() / 2);
                await Task.Delay(pause < options.LongestWait ? pause : options.LongestWait, time, cancellation);
            }
            finally
            {
                if (!counted) budget.Count(most, 0, 0, most);        // cancelled under way: it may be billed
            }
        }
    }

    private (int? Status, TimeSpan? Wait, bool TimedOut) Refusal(Exception error)
    {
        if (error is OperationCanceledException || error.InnerException is OperationCanceledException) return (null, null, true);
        if (error is not ClientResultException { Status: > 0 } refused) return (null, null, false);
        TimeSpan? wait = null;
        if (refused.GetRawResponse() is { } raw && raw.Headers.TryGetValue("Retry-After", out var after))
            wait = double.TryParse(after, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e6 ? TimeSpan.FromSeconds(seconds)
                : DateTimeOffset.TryParse(after, CultureInfo.InvariantCulture, out var date) ? TimeSpan.FromTicks(Math.Max(0, (date - time.GetUtcNow()).Ticks)) : null;
        return (refused.Status, wait, false);
    }

    private string Said(Exception error, int? status, bool timedOut)
    {
        var cure = status switch
        {
            401 or 403 => options.KeyVariable is null ? " It wants a key: name the environment variable that holds it." : $" Check the key in {options.KeyVariable}.",
            404 => " Check the address (it ends in the version, such as /v1) and the model's name.",
            400 or 422 => " The model may not take a JSON schema, or the text may be too long for it.",
            _ => "",
        };
        var what = timedOut ? string.Create(CultureInfo.InvariantCulture, $"didn't answer within {options.Timeout.TotalSeconds:0.#} s") : status is { } code ? string.Create(CultureInfo.InvariantCulture, $"answered {code}: {error.Message}") : $"can't be reached, or broke its answer off: {error.Message}";
        var line = $"{options.Endpoint} {what}{cure}".ReplaceLineEndings(" ");
        return _key is null ? line : line.Replace(_key, "(key)", StringComparison.Ordinal);
    }

    private void Record(string key, string outcome, long? tokensIn, long? tokensOut)
    {
        if (options.Record is null) return;
        var line = JsonSerializer.Serialize(new
        {
            At = time.GetUtcNow(), Prompt = LabelPrompt.Version, System = LabelPrompt.System, options.Model, options.Temperature, options.MaxAnswerTokens, Key = key, Outcome = outcome, TokensIn = tokensIn, TokensOut = tokensOut,
        }, s_lines);
        lock (_record) File.AppendAllText(options.Record, line + "\n");
    }

    // Tries are counted here, so the client itself makes one.
    private IChatClient Client() => new ChatClient(options.Model, new ApiKeyCredential(_key ?? "none"),
        new OpenAIClientOptions { Endpoint = options.Endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0), NetworkTimeout = System.Threading.Timeout.InfiniteTimeSpan }).AsIChatClient();
}
