using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CustomerValue.Simulation;
using CustomerValue.Simulation.Oracle;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

/// <summary>What was written.</summary>
/// <param name="Folder">Where the records are.</param>
/// <param name="TruthFolder">Where the truth is; null when it wasn't asked for.</param>
/// <param name="Customers">How many customers.</param>
/// <param name="Seed">The seed.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Files">The files of the records, then those of the truth.</param>
/// <param name="Oracle">How good the best predictions are, where the oracle was asked.</param>
internal sealed record SimulateResult(
    string Folder, string? TruthFolder, int Customers, long Seed, DateOnly From, DateOnly To, IReadOnlyList<SimulatedFile> Files, IReadOnlyList<OracleFigures> Oracle);

/// <summary><c>customervalue simulate</c>: writes the records of a simulated shop.</summary>
internal static class SimulateCommand
{
    private static readonly ShopOptions s_defaults = new();

    private static readonly Option<int> s_customers = new("--customers") { Description = "How many customers, 1 to 10,000,000.", DefaultValueFactory = _ => s_defaults.Customers };
    private static readonly Option<long> s_seed = new("--seed") { Description = "Seed of everything drawn; another seed is another shop of the same kind.", DefaultValueFactory = _ => s_defaults.Seed };
    private static readonly Option<DirectoryInfo> s_out = new("--out") { Description = "Folder for the records: purchases, browsing, reviews, dialogues, campaigns (.csv).", Required = true };
    private static readonly Option<DateOnly?> s_from = new("--from") { Description = "First day; 2023-01-01 when left out.", CustomParser = ReadDate };
    private static readonly Option<int> s_days = new("--days") { Description = "Length of the period in days, 60 to 3,660.", DefaultValueFactory = _ => s_defaults.Days };
    private static readonly Option<DirectoryInfo?> s_truth = new("--truth") { Description = "Folder for what nobody sees: rates, dropout dates, moods, true campaign effects. Outside of --out; never an input of the other commands." };
    private static readonly Option<double> s_feeling = new("--feeling-weight") { Description = "How much mood, loyalty and intent, which texts speak of, move orders, dropout and spend: 0 for not at all, 2.5 as in the sample shop.", DefaultValueFactory = _ => s_defaults.Process.FeelingWeight, HelpName = "WEIGHT" };
    private static readonly Option<double> s_noise = new("--text-noise") { Description = "How much noise stands between what a customer feels and what they write from: 0 for none but the writer's choice of what to say, 1 as in the sample shop.", DefaultValueFactory = _ => s_defaults.Process.TextNoise, HelpName = "NOISE" };
    private static readonly Option<double> s_cold = new("--cold-share") { Description = "Share of customers who join without ordering: they look around, some ask in a chat, and order later or never.", DefaultValueFactory = _ => s_defaults.Process.ColdShare, HelpName = "SHARE" };
    private static readonly Option<double> s_visitors = new("--visitors") { Description = "Of those who join without ordering, the share who never order.", DefaultValueFactory = _ => s_defaults.Process.VisitorShare, HelpName = "SHARE" };
    private static readonly Option<double[]> s_languages = new("--languages") { Description = "Shares of customers who write Chinese, English, and both.", DefaultValueFactory = _ => [.. s_defaults.Process.LanguageShares], HelpName = "ZH EN BOTH", Arity = new ArgumentArity(3, 3), AllowMultipleArgumentsPerToken = true };
    private static readonly Option<DateOnly[]> s_oracle = new("--oracle") { Description = "With --truth: a cutoff, such as 2024-07-01; may be given several times. For every customer seen by then the best that could be foreseen: from purchases and browsing, from these and perfectly read texts, and knowing all. Takes minutes for thousands of customers.", HelpName = "DATE", CustomParser = ReadDates, AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int[]> s_horizon = new("--horizon") { Description = "With --oracle: days from the cutoff on; may be given several times.", DefaultValueFactory = _ => [90], HelpName = "DAYS", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int> s_particles = new("--particles") { Description = "With --oracle: possible customers that an answer is a mean over; four times as many halve its error.", DefaultValueFactory = _ => 1_000 };
    private static readonly Option<bool> s_force = new("--force") { Description = "Replace simulated files that are already there." };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads; the files don't depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };

    public static Command Create() => new Command("simulate",
        """
        Write the records of a simulated online shop: purchases and returns, browsing, reviews and service chats in Chinese and English, campaign contacts
        with a held-out group. The same options give the same bytes on every machine; the defaults make data-samples/shop.

        Example, a shop of 100,000 customers with the truth beside it, and what could be foreseen of the sample shop:
          customervalue simulate --customers 100000 --seed 7 --out artifacts/big-shop --truth artifacts/big-shop-truth
          customervalue simulate --out artifacts/shop --truth artifacts/shop-truth --oracle 2024-07-01 --horizon 30 90
        """)
    {
        s_customers, s_seed, s_out, s_from, s_days, s_truth, s_feeling, s_noise, s_cold, s_visitors, s_languages, s_oracle, s_horizon, s_particles, s_force, s_threads,
    }.Does(Run);

    private static Task<object> Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        SimulateResult result;
        try
        {
            var options = new ShopOptions
            {
                Customers = parsed.GetValue(s_customers),
                Seed = parsed.GetValue(s_seed),
                Start = parsed.GetValue(s_from) ?? s_defaults.Start,
                Days = parsed.GetValue(s_days),
                Process = new() { FeelingWeight = parsed.GetValue(s_feeling), TextNoise = parsed.GetValue(s_noise), ColdShare = parsed.GetValue(s_cold), VisitorShare = parsed.GetValue(s_visitors), LanguageShares = parsed.GetValue(s_languages)! },
            };
            var (cutoffs, truth, threads) = (parsed.GetValue(s_oracle) ?? [], parsed.GetValue(s_truth)?.ToString(), parsed.GetValue(s_threads));
            if (cutoffs.Length > 0 && truth is null) throw new UsageException("--oracle writes into the folder of the truth. Name it with --truth.");
            var oracle = cutoffs.Length == 0 ? null : new ShopOracle(options, new() { Cutoffs = cutoffs, HorizonDays = parsed.GetValue(s_horizon)!, Particles = parsed.GetValue(s_particles) });
            var report = new ShopSimulator(options).Write(parsed.GetRequiredValue(s_out).ToString(), truth, parsed.GetValue(s_force), threads, terminal, cancellation);
            var answers = oracle?.Customers(threads, terminal, cancellation) ?? [];
            result = new(report.Folder, report.TruthFolder, report.Customers, report.Seed, report.From, report.To,
                oracle is null ? report.Files : [.. report.Files, OracleFile.Write(truth!, answers)], OracleFigures.Of(answers));
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new UsageException(Terminal.Text($"{error.Message.Split(" (Parameter")[0]} Given: {error.ActualValue}."));
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
        var table = new Table().AddColumns("file", "rows", "MB");
        foreach (var file in result.Files)
            table.AddRow(file.Name, Terminal.Text($"{file.Rows:#,0}"), Terminal.Text($"{file.Bytes / 1e6:0.00}"));
        terminal.Show(table);
        Show(result.Oracle, terminal);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        terminal.Line(Terminal.Text($"{result.Customers:#,0} customers from {result.From:yyyy-MM-dd} to {result.To:yyyy-MM-dd}, seed {result.Seed}, in {result.Folder} ({seconds:0.0} s)."));
        return Task.FromResult<object>(result);
    }

    private static void Show(IReadOnlyList<OracleFigures> oracle, Terminal terminal)
    {
        if (oracle.Count == 0) return;
        var table = new Table().AddColumns("cutoff", "days", "orders so far", "customers", "what is known", "AUC", "Gini", "log loss", "ordering");
        foreach (var o in oracle)
            foreach (var (name, best) in new[] { ("purchases, browsing, campaigns", o.History), ("and texts, read perfectly", o.Read), ("all but chance to come", o.Everything) })
                table.AddRow(Terminal.Text($"{o.Cutoff:yyyy-MM-dd}"), Terminal.Text($"{o.HorizonDays}"), o.Slice, Terminal.Text($"{o.Customers:#,0}"), name,
                    Terminal.Text($"{best.Auc:0.0000}"), Terminal.Text($"{best.Gini:0.0000}"), Terminal.Text($"{best.LogLoss:0.0000}"), Terminal.Text($"{best.Buying:0.0 %} (truly {o.Buying:0.0 %})"));
        terminal.Show(table);
    }

    private static DateOnly[]? ReadDates(ArgumentResult argument)
    {
        var dates = new List<DateOnly>();
        foreach (var token in argument.Tokens)
            if (DateOnly.TryParseExact(token.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) dates.Add(date);
            else argument.AddError($"--oracle is '{token.Value}', which is no date. Write year, month and day, as 2024-07-01.");
        return [.. dates];
    }

    private static DateOnly? ReadDate(ArgumentResult argument)
    {
        var text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        argument.AddError($"--from is '{text}', which is no date. Write year, month and day, as 2023-01-01.");
        return null;
    }
}
