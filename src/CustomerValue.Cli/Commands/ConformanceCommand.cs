using System.CommandLine;
using CustomerValue.Cli.Conformance;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

internal static class ConformanceCommand
{
    private static readonly Option<string?> s_data = new("--data")
    {
        Description = "Folder of real data sets (cdnow/, ...). Default: CUSTOMERVALUE_DATA, or ../shared/data beside the checkout. What needs absent data is listed as not checked.",
    };

    public static Command Create() =>
        new Command("conformance", """
            Every published number that this project claims to meet, beside what the program computes now: rows, customers and money of well-known data
            sets, parameters and log-likelihoods of the purchase models, forecasts, closed forms. Fails when one isn't met.

            Where ours is known to differ, the row says so and why; that excuses the one value that was looked into. Numbers of data that aren't there
            are listed as not checked.

            Example:
              customervalue conformance
              customervalue conformance --data ../shared/data --json
            """) { s_data }
            .Does((parsed, terminal, cancellation) => Task.FromResult<object>(Run(DataFolder.Find(parsed.GetValue(s_data)), terminal, cancellation)),
                failed: result => ((IReadOnlyList<ConformanceRow>)result).Any(n => n.Failed));

    private static List<ConformanceRow> Run(string? folder, Terminal terminal, CancellationToken cancellation)
    {
        var rows = new List<ConformanceRow>();
        var table = new Table().AddColumns("number", "published", "ours", "tolerance", "met", "source");
        var notChecked = 0;
        foreach (var subject in ConformanceCatalogue.Subjects)
        {
            var absent = subject.Data.Where(file => folder is null || !File.Exists(Path.Combine(folder, file))).ToList();
            if (absent.Count > 0)
            {
                terminal.Line($"Not checked: {subject.Subject}, as {string.Join(", ", absent)} isn't in {folder ?? "any data folder (see --data)"}.");
                foreach (var number in subject.Numbers) AddRow(table, number.Name, number.Published, "", number.Tolerance, "not checked", number.Source);
                notChecked += subject.Numbers.Count;
                continue;
            }
            var own = new List<ConformanceRow>();
            terminal.Report(new(subject.Subject, 0, subject.Numbers.Count, "numbers"));
            foreach (var row in subject.Check(folder ?? "", cancellation))
            {
                own.Add(row);
                AddRow(table, row.Name, row.Published, Terminal.Text($"{row.Ours:0.######}"), row.Tolerance, row.Met ? "yes" : row.Failed ? "[red]NO[/]" : "no, explained", row.Source);
                terminal.Report(new(subject.Subject, own.Count, subject.Numbers.Count, "numbers"));
            }
            rows.AddRange(own);
        }

        terminal.Show(table);
        foreach (var reason in rows.Where(r => r.Explained is not null).GroupBy(r => r.Explained))
            terminal.Line($"Known: {string.Join(", ", reason.Select(r => Terminal.Text($"{r.Name} (published {r.Published:0.####}, ours {r.Ours:0.####})")))}: {reason.Key}.");
        terminal.Line(Verdict(rows, notChecked));
        return rows;
    }

    private static void AddRow(Table table, string name, double published, string ours, double tolerance, string met, string source) =>
        table.AddRow(Markup.Escape(name), Terminal.Text($"{published:0.######}"), ours, Terminal.Text($"{tolerance:0.######e+0}"), met, Markup.Escape(source));

    private static string Verdict(List<ConformanceRow> rows, int notChecked)
    {
        var (failed, explained) = (rows.Where(r => r.Failed).Select(r => r.Name).ToList(), rows.Count(r => r.Explained is not null));
        var first = failed.Count > 0 ? $"{failed.Count} of {rows.Count} published numbers aren't met: {string.Join(", ", failed)}"
            : explained > 0 ? $"{rows.Count - explained} of {rows.Count} published numbers are met, {explained} differ for a known reason" : $"All {rows.Count} published numbers are met";
        return notChecked == 0 ? $"{first}." : $"{first}; {notChecked} more weren't checked.";
    }
}
