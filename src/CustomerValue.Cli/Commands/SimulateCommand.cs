using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CustomerValue.Simulation;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

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
    private static readonly Option<bool> s_force = new("--force") { Description = "Replace simulated files that are already there." };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads; the files don't depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };

    public static Command Create() => new Command("simulate",
        """
        Write the records of a simulated online shop: purchases and returns, browsing, reviews and service chats in Chinese and English, campaign contacts
        with a held-out group. The same options give the same bytes on every machine; the defaults make data-samples/shop.

        Example, a shop of 100,000 customers with the truth beside it:
          customervalue simulate --customers 100000 --seed 7 --out artifacts/big-shop --truth artifacts/big-shop-truth
        """)
    {
        s_customers, s_seed, s_out, s_from, s_days, s_truth, s_force, s_threads,
    }.Does(Run);

    private static Task<object> Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        SimulationReport report;
        try
        {
            var options = new ShopOptions
            {
                Customers = parsed.GetValue(s_customers),
                Seed = parsed.GetValue(s_seed),
                Start = parsed.GetValue(s_from) ?? s_defaults.Start,
                Days = parsed.GetValue(s_days),
            };
            report = new ShopSimulator(options).Write(
                parsed.GetRequiredValue(s_out).ToString(), parsed.GetValue(s_truth)?.ToString(), parsed.GetValue(s_force), parsed.GetValue(s_threads), terminal, cancellation);
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
        foreach (var file in report.Files)
            table.AddRow(file.Name, Terminal.Text($"{file.Rows:#,0}"), Terminal.Text($"{file.Bytes / 1e6:0.00}"));
        terminal.Show(table);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        terminal.Line(Terminal.Text($"{report.Customers:#,0} customers from {report.From:yyyy-MM-dd} to {report.To:yyyy-MM-dd}, seed {report.Seed}, in {report.Folder} ({seconds:0.0} s)."));
        return Task.FromResult<object>(report);
    }

    private static DateOnly? ReadDate(ArgumentResult argument)
    {
        var text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        argument.AddError($"--from is '{text}', which is no date. Write year, month and day, as 2023-01-01.");
        return null;
    }
}
