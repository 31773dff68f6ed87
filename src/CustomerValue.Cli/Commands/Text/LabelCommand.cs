using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CustomerValue.ServedModels;
using CustomerValue.Text;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What the label command did.</summary>
/// <param name="Texts">Texts read.</param>
/// <param name="Labelled">Labels obtained; one a text and sample.</param>
/// <param name="Failed">What couldn't be labelled.</param>
/// <param name="Left">What the budget left unasked.</param>
/// <param name="Cached">Of the labels, those that were there before.</param>
/// <param name="Requests">Requests sent.</param>
/// <param name="TokensIn">Tokens sent.</param>
/// <param name="TokensOut">Tokens answered.</param>
/// <param name="Spent">Money, or tokens where no prices were given.</param>
/// <param name="Output">Where the labels are.</param>
internal sealed record LabelResult(int Texts, int Labelled, int Failed, int Left, int Cached, int Requests, long TokensIn, long TokensOut, double Spent, string Output);

/// <summary>Labels texts by a large model that is served elsewhere.</summary>
internal static class LabelCommand
{
    private static readonly Option<string> s_endpoint = new("--endpoint") { Description = "Address of an OpenAI-compatible service, with its version: http://localhost:8000/v1.", Required = true, HelpName = "URL" };
    private static readonly Option<string> s_model = new("--model") { Description = "The model's name there.", Required = true, HelpName = "NAME" };
    private static readonly Option<string?> s_key = new("--key-variable") { Description = "Environment variable that holds the service's key; the key is written nowhere. Without it none is sent.", HelpName = "NAME" };
    private static readonly Option<string> s_input = new("--input") { Description = "The texts: .txt (one a line), .csv, .tsv or .jsonl, gzipped or not.", Required = true, HelpName = "FILE" };
    private static readonly Option<string?> s_column = new("--column") { Description = "The column that holds the texts; needed for all but .txt.", HelpName = "NAME" };
    private static readonly Option<string> s_output = new("--output") { Description = "Where the labels go (JSON lines, one a text): text, labels, agreement or reason of failure.", Required = true, HelpName = "FILE" };
    private static readonly Option<double?> s_budget = new("--budget") { Description = "Most that this run may spend: tokens, or money where --prices are given. A request is sent only when the most that it can cost still fits." };
    private static readonly Option<string?> s_prices = new("--prices") { Description = "Price of a million tokens sent and answered, as IN,OUT.", HelpName = "IN,OUT" };
    private static readonly Option<string?> s_cache = new("--cache") { Description = "Folder of answers (default: OUTPUT.answers). With it a stopped run goes on, and nothing is paid twice.", HelpName = "DIR" };
    private static readonly Option<int> s_concurrency = new("--concurrency") { Description = "Requests at once.", DefaultValueFactory = _ => 4 };
    private static readonly Option<int> s_samples = new("--samples") { Description = "Answers to each text; with several, set --temperature above 0.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> s_temperature = new("--temperature") { Description = "0 for the likeliest answer.", DefaultValueFactory = _ => 0 };
    private static readonly Option<double> s_timeout = new("--timeout") { Description = "Longest wait for an answer, in seconds.", DefaultValueFactory = _ => 120 };

    private static readonly JsonSerializerOptions s_lines = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create() => new Command("label",
        """
        Label texts by a large model that is served elsewhere: sentiment, intent, loyalty and reasons. The labels teach a small encoder ('text finetune').

        Any service that speaks OpenAI's chat completions and takes a JSON schema will do. Answers that don't meet the schema are asked again, and then counted as failed. Busy
        or broken services are asked again later, as they wish. OUTPUT.requests.jsonl records each request's prompt, model, parameters and tokens. A run that ended at its
        budget, or was stopped, goes on when the same command is given again. Exit code 1 where texts failed.

        Example:
          customervalue text label --endpoint http://localhost:8000/v1 --model qwen3-8b --input reviews.csv --column text --output labels.jsonl
          customervalue text label --endpoint https://api.example.com/v1 --key-variable EXAMPLE_KEY --model big --prices 0.5,1.5 --budget 2 --input chats.jsonl --column text --output labels.jsonl
        """) { s_endpoint, s_model, s_key, s_input, s_column, s_output, s_budget, s_prices, s_cache, s_concurrency, s_samples, s_temperature, s_timeout }
        .Does(async (parsed, terminal, cancellation) => await Label(parsed, terminal, cancellation), failed: result => ((LabelResult)result).Failed > 0);

    private static async Task<LabelResult> Label(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (input, output) = (parsed.GetValue(s_input)!, parsed.GetValue(s_output)!);
        if (!Uri.TryCreate(parsed.GetValue(s_endpoint), UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https")) throw new UsageException($"--endpoint {parsed.GetValue(s_endpoint)}: an address such as http://localhost:8000/v1 is expected.");
        if (!File.Exists(input)) throw new FileNotFoundException($"There is no file {input}.", input);
        if (parsed.GetValue(s_timeout) is not (> 0 and <= 86_400)) throw new UsageException("--timeout: give seconds, above 0 and at most a day.");
        var options = Options(() => new ServedOptions
        {
            Endpoint = endpoint, Model = parsed.GetValue(s_model)!, KeyVariable = parsed.GetValue(s_key), Budget = parsed.GetValue(s_budget), Prices = Prices(parsed.GetValue(s_prices)), Concurrency = parsed.GetValue(s_concurrency),
            Samples = parsed.GetValue(s_samples), Temperature = (float)parsed.GetValue(s_temperature), Timeout = TimeSpan.FromSeconds(parsed.GetValue(s_timeout)), Cache = parsed.GetValue(s_cache) ?? output + ".answers", Record = output + ".requests.jsonl",
        });
        string[] texts = [.. TextColumn.Read(input, parsed.GetValue(s_column)).Select(t => t.Text)];
        var run = await new ServedLabeller(options, TimeProvider.System).LabelAsync(texts, terminal, cancellation);
        Write(output, texts, run, options.Schema);

        var result = new LabelResult(texts.Length, run.Labels.Count, run.Failed.Count, run.Left, run.Cached, run.Requests, run.TokensIn, run.TokensOut, run.Spent, output);
        terminal.Line(Terminal.Text($"{result.Labelled:#,0} labelled ({result.Cached:#,0} from before), {result.Failed:#,0} failed, {result.Left:#,0} left -> {output}"));
        terminal.Line(Terminal.Text($"{result.Requests:#,0} requests, {result.TokensIn:#,0} tokens sent, {result.TokensOut:#,0} answered, {result.Spent:0.####} {(options.Prices is null ? "tokens" : "of money")} spent"));
        foreach (var reason in run.Failed.GroupBy(f => f.Reason).OrderByDescending(g => g.Count()).Take(3)) terminal.Error(Terminal.Text($"{reason.Count():#,0} failed: {reason.Key}"));
        if (run.Left > 0) terminal.Error(Terminal.Text($"The budget of {options.Budget} wouldn't have held for {run.Left:#,0} more. Give the same command again to go on."));
        return result;
    }

    // What most samples said, one line a text; complete or as it was.
    private static void Write(string path, string[] texts, LabelRun run, LabelSchema schema)
    {
        var (labels, failed) = (run.Labels.ToLookup(l => l.Text), run.Failed.ToLookup(f => f.Text));
        var rows = schema.Questions.Where(q => !q.Several).ToDictionary(q => q.Name, q => DistillationSet.Rows([.. Enumerable.Range(0, texts.Length).Select(i => i.ToString(CultureInfo.InvariantCulture))], run, q).ToDictionary(r => int.Parse(r.Text, CultureInfo.InvariantCulture)));
        using (var writer = new StreamWriter(path + ".part"))
        {
            for (var at = 0; at < texts.Length; at++)
            {
                var line = new Dictionary<string, object> { ["text"] = texts[at] };
                if (labels.Contains(at))
                {
                    foreach (var question in schema.Questions)
                        line[question.Name] = question.Several ? question.Labels.Where(l => labels[at].Count(s => s.Labels[question.Name].Contains(l)) * 2 > labels[at].Count()).ToArray() : rows[question.Name][at].Label;
                    line["agreement"] = rows.ToDictionary(r => r.Key, r => Math.Round(r.Value[at].Agreement, 4));
                }
                if (failed.Contains(at)) line["failed"] = failed[at].First().Reason;
                writer.Write(JsonSerializer.Serialize(line, s_lines) + "\n");
            }
        }
        File.Move(path + ".part", path, overwrite: true);
    }

    private static (double In, double Out)? Prices(string? text)
    {
        if (text is null) return null;
        double[] prices = [.. text.Split(',').Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var price) && price >= 0 && double.IsFinite(price) ? price : -1)];
        return prices is [>= 0 and var sent, >= 0 and var answered] ? (sent, answered) : throw new UsageException($"--prices {text}: two numbers are expected, such as 0.5,1.5.");
    }

    private static ServedOptions Options(Func<ServedOptions> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
