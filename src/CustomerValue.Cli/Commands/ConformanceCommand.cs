using System.CommandLine;
using CustomerValue.Cli.Conformance;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

internal static class ConformanceCommand
{
    private static readonly Option<string?> s_data = new("--data")
    {
        Description = "Folder of real data sets (cdnow/, ...). Default: CUSTOMERVALUE_DATA, or ../shared/data beside the checkout. What needs absent data is left out, by name.",
    };

    public static Command Create() =>
        new Command("conformance", """
            Every published number that this project claims to meet, beside what the program computes now: parameters and log-likelihoods of the purchase
            models on the CDNOW cohort, forecasts, closed forms. Fails when one isn't met.

            Example:
              customervalue conformance
              customervalue conformance --data ../shared/data --json
            """) { s_data }
            .Does((parsed, terminal, cancellation) => Task.FromResult<object>(Run(DataFolder.Find(parsed.GetValue(s_data)), terminal, cancellation)),
                failed: result => ((IReadOnlyList<PublishedNumber>)result).Any(n => !n.Met));

    private static IReadOnlyList<PublishedNumber> Run(string? folder, Terminal terminal, CancellationToken cancellation)
    {
        var rows = new List<PublishedNumber>();
        foreach (var subject in ConformanceCatalogue.Subjects)
        {
            cancellation.ThrowIfCancellationRequested();
            var absent = subject.Data.Where(file => folder is null || !File.Exists(Path.Combine(folder, file))).ToList();
            if (absent.Count > 0) terminal.Line($"Left out: {subject.Subject}, as {string.Join(", ", absent)} isn't in {folder ?? "any data folder (see --data)"}.");
            else rows.AddRange(subject.Numbers(folder ?? "", cancellation));
        }

        var table = new Table().AddColumns("number", "published", "ours", "tolerance", "met", "source");
        foreach (var row in rows)
            table.AddRow(
                Markup.Escape(row.Name), Terminal.Text($"{row.Published:0.######}"), Terminal.Text($"{row.Ours:0.######}"), Terminal.Text($"{row.Tolerance:0.######e+0}"),
                row.Met ? "yes" : "[red]NO[/]", Markup.Escape(row.Source));
        terminal.Show(table);
        var missed = rows.Where(r => !r.Met).Select(r => r.Name).ToList();
        terminal.Line(missed.Count == 0 ? $"All {rows.Count} published numbers are met." : $"{missed.Count} of {rows.Count} published numbers aren't met: {string.Join(", ", missed)}.");
        return rows;
    }
}
