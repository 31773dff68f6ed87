using System.CommandLine;
using System.Globalization;
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

/// <summary>Labels texts by a decoder on this machine, or by a large model that is served elsewhere.</summary>
internal static class LabelCommand
{
    private static readonly Option<string?> s_model = new("--model") { Description = "A decoder's folder, as Hugging Face lays it out, that labels on this machine: GPT-2, Llama, Qwen2 or Qwen3. With --endpoint it is taken as --served-model.", HelpName = "DIR" };
    private static readonly Option<string?> s_endpoint = new("--endpoint") { Description = "In place of a folder: address of an OpenAI-compatible service, with its version: http://localhost:8000/v1.", HelpName = "URL" };
    private static readonly Option<string?> s_served = new("--served-model") { Description = "With --endpoint: the model's name there.", HelpName = "NAME" };
    private static readonly Option<string?> s_key = new("--key-variable") { Description = "With --endpoint: environment variable that holds the service's key; the key is written nowhere. Without it none is sent.", HelpName = "NAME" };
    private static readonly Option<string> s_input = new("--input") { Description = "The texts: .txt (one a line), .csv, .tsv, .jsonl (gzipped or not) or .parquet.", Required = true, HelpName = "FILE" };
    private static readonly Option<string?> s_column = new("--column") { Description = "The column that holds the texts; needed for all but .txt.", HelpName = "NAME" };
    private static readonly Option<string?> s_schema = new("--schema") { Description = "The questions, as JSON: {\"questions\": [{\"name\": \"sentiment\", \"about\": \"the writer's feeling\", \"labels\": [\"bad\", \"good\"]}]}. Without it: sentiment, intent, loyalty and reasons.", HelpName = "FILE" };
    private static readonly Option<string> s_output = new("--output") { Description = "Where the labels go, a row for each text in the file's order: .csv, .tsv or .parquet with the columns text, and for each question NAME and NAME_agreement, and failed; or .jsonl.", Required = true, HelpName = "FILE" };
    private static readonly Option<double> s_agreement = new("--agreement") { Description = "Leave a label empty that is less sure, from 0 to 1: the share of the samples that said so, or a decoder's probability. 'text finetune' doesn't learn from empty ones.", DefaultValueFactory = _ => 0 };
    private static readonly Option<double?> s_budget = new("--budget") { Description = "With --endpoint: most that this run may spend: tokens, or money where --prices are given. A request is sent only when the most that it can cost still fits." };
    private static readonly Option<string?> s_prices = new("--prices") { Description = "With --endpoint: price of a million tokens sent and answered, as IN,OUT.", HelpName = "IN,OUT" };
    private static readonly Option<string?> s_cache = new("--cache") { Description = "Folder of answers (default: OUTPUT.answers). With it a stopped run goes on, and nothing is paid or computed twice.", HelpName = "DIR" };
    private static readonly Option<int> s_concurrency = new("--concurrency") { Description = "With --endpoint: requests at once.", DefaultValueFactory = _ => 4 };
    private static readonly Option<int> s_samples = new("--samples") { Description = "With --endpoint: answers to each text; with several, set --temperature above 0.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> s_temperature = new("--temperature") { Description = "With --endpoint: 0 for the likeliest answer.", DefaultValueFactory = _ => 0 };
    private static readonly Option<double> s_timeout = new("--timeout") { Description = "With --endpoint: longest wait for an answer, in seconds.", DefaultValueFactory = _ => 120 };
    private static readonly Option<bool> s_single = new("--single-precision") { Description = "With a folder: convert half-precision weights once, in memory: twice the memory, faster answers." };
    private static readonly Option<int> s_threads = new("--threads") { Description = "With a folder: threads of libtorch; more than 1 only on a quiet machine.", DefaultValueFactory = _ => 1 };

    private static readonly Option[] s_elsewhere = [s_served, s_key, s_budget, s_prices, s_concurrency, s_samples, s_temperature, s_timeout], s_here = [s_single, s_threads];

    public static Command Create() => new Command("label",
        """
        Label texts by a large model, so that a small one learns from it ('text finetune'): by a decoder in a folder, or by a model that is served elsewhere.

        A decoder is asked for the probability of each label, so its answers are always of the schema; its folder's chat template is used where it has one. Its agreement is
        the probability of the label that it chose. A service may be any that speaks OpenAI's chat completions and takes a JSON schema; answers that don't meet the schema are
        asked again, and then counted as failed; busy or broken services are asked again later, as they wish; OUTPUT.requests.jsonl records each request's prompt, model,
        parameters and tokens. A run that ended at its budget, or was stopped, goes on when the same command is given again. Exit code 1 where texts failed.

        Example:
          customervalue text label --model models/qwen3 --schema questions.json --input reviews.csv --column text --output labels.csv
          customervalue text finetune labels.csv --column text --label sentiment --model encoder --output tuned
          customervalue text label --endpoint http://localhost:8000/v1 --served-model qwen3-8b --input reviews.csv --column text --output labels.parquet
          customervalue text label --endpoint https://api.example.com/v1 --key-variable EXAMPLE_KEY --served-model big --prices 0.5,1.5 --budget 2 --input chats.jsonl --column text --output labels.jsonl
        """) { s_model, s_endpoint, s_served, s_key, s_input, s_column, s_schema, s_output, s_agreement, s_budget, s_prices, s_cache, s_concurrency, s_samples, s_temperature, s_timeout, s_single, s_threads }
        .Does(async (parsed, terminal, cancellation) => await Label(parsed, terminal, cancellation), failed: result => ((LabelResult)result).Failed > 0);

    private static async Task<LabelResult> Label(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (input, output, elsewhere) = (parsed.GetValue(s_input)!, parsed.GetValue(s_output)!, parsed.GetValue(s_endpoint) is not null);
        if (!elsewhere && parsed.GetValue(s_model) is null) throw new UsageException("Say who labels: --model DIR for a decoder on this machine, or --endpoint URL with --served-model NAME.");
        if (Array.Find(elsewhere ? s_here : s_elsewhere, option => parsed.GetResult(option) is { Implicit: false }) is { } misplaced)
            throw new UsageException(elsewhere ? $"{misplaced.Name} is about a decoder on this machine, and --endpoint names a service. Leave one of them out." : $"{misplaced.Name} is about a service, and there is no --endpoint. Name it, or leave {misplaced.Name} out.");
        if (parsed.GetValue(s_agreement) is not (>= 0 and <= 1)) throw new UsageException("--agreement: give a share from 0 to 1.");
        LabelledTexts.Check(output);
        var options = elsewhere ? Served(parsed, output) : null;
        if (!File.Exists(input)) throw new FileNotFoundException($"There is no file {input}.", input);
        var schema = parsed.GetValue(s_schema) is { } file ? LabelSchema.Open(file) : LabelSchema.Shop;
        string[] texts = [.. TextColumn.Read(input, parsed.GetValue(s_column)).Select(t => t.Text)];
        return elsewhere ? await Elsewhere(options! with { Schema = schema }, texts, parsed, output, terminal, cancellation)
            : await Task.Run(() => Here(schema, texts, parsed, output, terminal, cancellation), CancellationToken.None);
    }

    private static LabelResult Here(LabelSchema schema, string[] texts, ParseResult parsed, string output, Terminal terminal, CancellationToken cancellation)
    {
        TextThreads.Use(parsed.GetValue(s_threads));
        var (rows, cached) = DecoderLabels.Label(parsed.GetValue(s_model)!, schema, texts, parsed.GetValue(s_cache) ?? output + ".answers", parsed.GetValue(s_single), terminal, cancellation);
        LabelledTexts.Write(output, rows, schema, parsed.GetValue(s_agreement));
        var failed = rows.Count(r => r.Failed is not null);
        var result = new LabelResult(texts.Length, texts.Length - failed, failed, 0, cached, 0, 0, 0, 0, output);
        Tell(result, rows, terminal);
        foreach (var question in schema.Questions)
            terminal.Line($"{question.Name}: {string.Join(", ", rows.Where(r => r.Labels.Count > 0).SelectMany(r => r.Labels[question.Name]).CountBy(label => label).OrderByDescending(c => c.Value).Select(c => Terminal.Text($"{c.Key} {c.Value:#,0}")))}");
        return result;
    }

    private static async Task<LabelResult> Elsewhere(ServedOptions options, string[] texts, ParseResult parsed, string output, Terminal terminal, CancellationToken cancellation)
    {
        var run = await new ServedLabeller(options, TimeProvider.System).LabelAsync(texts, terminal, cancellation);
        var rows = Rows(texts, run, options.Schema);
        LabelledTexts.Write(output, rows, options.Schema, parsed.GetValue(s_agreement));
        var result = new LabelResult(texts.Length, run.Labels.Count, run.Failed.Count, run.Left, run.Cached, run.Requests, run.TokensIn, run.TokensOut, run.Spent, output);
        Tell(result, rows, terminal);
        terminal.Line(Terminal.Text($"{result.Requests:#,0} requests, {result.TokensIn:#,0} tokens sent, {result.TokensOut:#,0} answered, {result.Spent:0.####} {(options.Prices is null ? "tokens" : "of money")} spent"));
        if (run.Left > 0) terminal.Error(Terminal.Text($"The budget of {options.Budget} wouldn't have held for {run.Left:#,0} more. Give the same command again to go on."));
        return result;
    }

    private static void Tell(LabelResult result, IReadOnlyList<LabelledText> rows, Terminal terminal)
    {
        terminal.Line(Terminal.Text($"{result.Labelled:#,0} labelled ({result.Cached:#,0} from before), {result.Failed:#,0} failed, {result.Left:#,0} left -> {result.Output}"));
        foreach (var reason in rows.Where(r => r.Failed is not null).GroupBy(r => r.Failed).OrderByDescending(g => g.Count()).Take(3)) terminal.Error(Terminal.Text($"{reason.Count():#,0} failed: {reason.Key}"));
    }

    // What most samples said of each text.
    private static LabelledText[] Rows(string[] texts, LabelRun run, LabelSchema schema)
    {
        var (labels, failed) = (run.Labels.ToLookup(l => l.Text), run.Failed.ToLookup(f => f.Text));
        string[] places = [.. Enumerable.Range(0, texts.Length).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        var rows = schema.Questions.Where(q => !q.Several).ToDictionary(q => q.Name, q => DistillationSet.Rows(places, run, q).ToDictionary(r => int.Parse(r.Text, CultureInfo.InvariantCulture)));
        IReadOnlyList<string> Said(LabelQuestion question, int at) => question.Several ? [.. question.Labels.Where(l => labels[at].Count(s => s.Labels[question.Name].Contains(l)) * 2 > labels[at].Count())] : [rows[question.Name][at].Label];
        return [.. texts.Select((text, at) => new LabelledText(text,
            labels.Contains(at) ? schema.Questions.ToDictionary(q => q.Name, q => Said(q, at)) : [],
            labels.Contains(at) ? rows.ToDictionary(r => r.Key, r => Math.Round(r.Value[at].Agreement, 4)) : [],
            failed.Contains(at) ? failed[at].First().Reason : null))];
    }

    private static ServedOptions Served(ParseResult parsed, string output)
    {
        if (!Uri.TryCreate(parsed.GetValue(s_endpoint), UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https")) throw new UsageException($"--endpoint {parsed.GetValue(s_endpoint)}: an address such as http://localhost:8000/v1 is expected.");
        if (parsed.GetValue(s_timeout) is not (> 0 and <= 86_400)) throw new UsageException("--timeout: give seconds, above 0 and at most a day.");
        var model = parsed.GetValue(s_served) ?? parsed.GetValue(s_model) ?? throw new UsageException("--endpoint: say which model is asked there, --served-model NAME.");
        try
        {
            return new()
            {
                Endpoint = endpoint, Model = model, KeyVariable = parsed.GetValue(s_key), Budget = parsed.GetValue(s_budget), Prices = Prices(parsed.GetValue(s_prices)), Concurrency = parsed.GetValue(s_concurrency),
                Samples = parsed.GetValue(s_samples), Temperature = (float)parsed.GetValue(s_temperature), Timeout = TimeSpan.FromSeconds(parsed.GetValue(s_timeout)), Cache = parsed.GetValue(s_cache) ?? output + ".answers", Record = output + ".requests.jsonl",
            };
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private static (double In, double Out)? Prices(string? text)
    {
        if (text is null) return null;
        double[] prices = [.. text.Split(',').Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var price) && price >= 0 && double.IsFinite(price) ? price : -1)];
        return prices is [>= 0 and var sent, >= 0 and var answered] ? (sent, answered) : throw new UsageException($"--prices {text}: two numbers are expected, such as 0.5,1.5.");
    }
}
