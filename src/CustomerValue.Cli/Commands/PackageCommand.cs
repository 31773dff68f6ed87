using System.CommandLine;
using System.Diagnostics;
using CustomerValue.Evaluation;
using CustomerValue.Packaging;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

/// <summary>What a package is.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="SchemaVersion">Version of its form.</param>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Their size together.</param>
/// <param name="LoadSeconds">Time to check and open it.</param>
/// <param name="Digest">SHA-256 of models and columns: packages of the same digest score the same.</param>
/// <param name="Program">What made it.</param>
/// <param name="Origin">What it was learned from.</param>
/// <param name="Value">Who answers value.</param>
/// <param name="Churn">Who answers churn.</param>
/// <param name="Outputs">What comes out.</param>
/// <param name="Reasons">The answers that can be explained.</param>
/// <param name="Metrics">How good it is.</param>
/// <param name="Columns">What goes in.</param>
internal sealed record PackageReport(string Name, int SchemaVersion, int Files, long Bytes, double LoadSeconds, string Digest, PackageProgram Program, PackageOrigin Origin,
    PackagedAnswer? Value, PackagedAnswer? Churn, IReadOnlyList<string> Outputs, IReadOnlyList<string> Reasons, PackagedMetrics Metrics, IReadOnlyList<PackagedColumn> Columns);

/// <summary>What a package is that tells texts apart.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="SchemaVersion">Version of its form.</param>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Their size together.</param>
/// <param name="LoadSeconds">Time to check and open it.</param>
/// <param name="Digest">SHA-256 of model and labels: packages of the same digest answer the same.</param>
/// <param name="Program">What made it.</param>
/// <param name="Origin">What it was learned from.</param>
/// <param name="Label">Who answers.</param>
/// <param name="Labels">What a text may be told to be.</param>
/// <param name="Parts">What it is made of, in words: n-grams, encoders with their tokenizers.</param>
/// <param name="Metrics">How good it is.</param>
internal sealed record TextPackageReport(string Name, int SchemaVersion, int Files, long Bytes, double LoadSeconds, string Digest, PackageProgram Program, TextOrigin Origin,
    PackagedAnswer Label, IReadOnlyList<string> Labels, IReadOnlyList<string> Parts, TextMetrics Metrics);

/// <summary>Whether a package can be trusted.</summary>
/// <param name="Verified">Every file is as listed, the models were read, and the self-test's scores are the expected ones.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Their size together.</param>
/// <param name="SelfTestRows">Rows or texts asked.</param>
/// <param name="LoadSeconds">Time it took.</param>
internal sealed record PackageVerdict(bool Verified, string? Reason, int Files, long Bytes, int SelfTestRows, double LoadSeconds);

/// <summary>Looks into packages.</summary>
internal static class PackageCommand
{
    private const int MostLabels = 12;

    private static readonly Argument<string> s_package = new("PACKAGE") { Description = "A package: the .zip that an experiment makes, or the folder beside it." };
    private static readonly Argument<string> s_first = new("FIRST") { Description = "A package." };
    private static readonly Argument<string> s_second = new("SECOND") { Description = "Another." };
    private static readonly Option<bool> s_columns = new("--columns") { Description = "List the columns that go in, with unit, meaning and usual range; of a package of texts the labels, with how well each is told." };
    private static readonly Option<bool> s_card = new("--card") { Description = "Print the model card." };

    public static Command Create() => new("package", """
        Look into a packaged winner: inspect (what it is), verify (whether it can be trusted), diff (what tells two apart).

        Example:
          customervalue package inspect artifacts/package/0001-shop.zip --columns
          customervalue package verify artifacts/package/0001-shop.zip
          customervalue package diff old.zip artifacts/package/0001-shop.zip
        """)
    {
        new Command("inspect", """
            Say what a package is: who answers, learned from what, how good, which columns go in and what comes out.

            Example:
              customervalue package inspect artifacts/package/0001-shop.zip
            """) { s_package, s_columns, s_card }.Does((parsed, terminal, _) => Task.FromResult<object>(Inspect(parsed, terminal))),
        new Command("verify", """
            Check a package: every file against the manifest's SHA-256, nothing missing or extra, models readable, and the self-test's scores as expected.
            Exit code 1 when it can't be trusted; the message says why.

            Example:
              customervalue package verify artifacts/package/0001-shop.zip --json
            """) { s_package }.Does((parsed, terminal, _) => Task.FromResult<object>(Verify(parsed.GetValue(s_package)!, terminal)), result => result is PackageVerdict { Verified: false }),
        new Command("diff", """
            Say what tells two packages apart: origin, settings, figures, columns, files, and their scores on the self-test's rows.

            Example:
              customervalue package diff old.zip artifacts/package/0001-shop.zip
            """) { s_first, s_second }.Does((parsed, terminal, _) => Task.FromResult<object>(Diff(parsed, terminal))),
    };

    private static object Inspect(ParseResult parsed, Terminal terminal)
    {
        var started = Stopwatch.GetTimestamp();
        var files = PackageFiles.Open(parsed.GetValue(s_package)!);
        if (TextPackage.Holds(files)) return InspectTexts(files, parsed, terminal, started);
        var package = ModelPackage.Open(files, PackageCodecs.All);
        var seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3);
        var (manifest, reasons) = (package.Manifest, package.HasReasons);
        var report = new PackageReport(manifest.Name, manifest.SchemaVersion, package.Files.Paths.Count, package.Files.Bytes, seconds, ModelPackage.Digest(package.Files), manifest.Program, manifest.Origin,
            manifest.Value, manifest.Churn, package.Outputs, [.. reasons.Value ? ["value"] : Array.Empty<string>(), .. reasons.Churn ? ["churn"] : Array.Empty<string>()], package.Metrics, package.Features.Columns);

        terminal.Line(Terminal.Text($"{report.Name}: {report.Files} files, {report.Bytes / 1e6:0.00} MB, opened and checked in {seconds:0.00} s. {manifest.Origin.Question}"));
        terminal.Line(Terminal.Text($"Learned from data {manifest.Origin.DataFingerprint[..Math.Min(12, manifest.Origin.DataFingerprint.Length)]}, commit {manifest.Origin.Commit}, seed {manifest.Origin.Seed}, {manifest.Origin.Threads} threads; measured at {manifest.Origin.TestCutoff:yyyy-MM-dd}, {manifest.Origin.HorizonDays} days."));
        terminal.Line(Terminal.Text($"In: {report.Columns.Count} columns. Out: {string.Join(", ", report.Outputs)}. Reasons: {(report.Reasons.Count == 0 ? "none" : string.Join(", ", report.Reasons))}."));
        var table = new Table().Border(TableBorder.Simple).AddColumns("answer", "candidate", "metric").AddColumn(new TableColumn("figure").RightAligned()).AddColumn("95 % interval");
        foreach (var (question, answer) in new[] { ("value", package.Metrics.Value), ("churn", package.Metrics.Churn) })
            foreach (var f in answer?.Metrics ?? [])
                table.AddRow(question, Markup.Escape(answer!.Candidate), Markup.Escape(Metric.All.FirstOrDefault(m => m.Key == f.Metric)?.Title ?? f.Metric), Terminal.Text($"{f.Figure:0.0000}"), Terminal.Text($"{f.Low:0.0000} to {f.High:0.0000}"));
        terminal.Show(table);
        if (parsed.GetValue(s_columns))
        {
            var columns = new Table().Border(TableBorder.Simple).AddColumns("column", "unit", "used by", "5 %", "50 %", "95 %", "meaning");
            foreach (var c in report.Columns)
                columns.AddRow(new Cell(c.Name), new Cell(c.Unit), new Cell(string.Join(", ", c.UsedBy)), new Cell(Terminal.Text($"{c.P05:0.###}")), new Cell(Terminal.Text($"{c.P50:0.###}")), new Cell(Terminal.Text($"{c.P95:0.###}")), new Cell(c.Meaning));
            terminal.Show(columns);
        }
        if (parsed.GetValue(s_card)) terminal.Line(package.Files.Text("model-card.md"));
        return report;
    }

    private static TextPackageReport InspectTexts(PackageFiles files, ParseResult parsed, Terminal terminal, long started)
    {
        using var package = TextPackage.Open(files, PackageCodecs.All);
        var seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3);
        var (manifest, origin) = (package.Manifest, package.Manifest.Origin);
        var report = new TextPackageReport(manifest.Name, manifest.SchemaVersion, files.Paths.Count, files.Bytes, seconds, ModelPackage.Digest(files), manifest.Program, origin, manifest.Label, package.Labels, package.Parts, package.Metrics);

        terminal.Line(Terminal.Text($"{report.Name}: {report.Files} files, {report.Bytes / 1e6:0.00} MB, opened and checked in {seconds:0.00} s. {origin.Question}"));
        terminal.Line(Terminal.Text($"Learned from data {origin.DataFingerprint[..Math.Min(12, origin.DataFingerprint.Length)]}, commit {origin.Commit}, seed {origin.Seed}, {origin.Threads} threads: {origin.TrainTexts:#,0} texts, chosen on {origin.DevTexts:#,0} ({origin.ChosenBy}), measured on {origin.TestTexts:#,0}."));
        terminal.Line(Terminal.Text($"In: a text. Out: {package.Labels.Count} labels with their probabilities: {string.Join(", ", package.Labels.Take(MostLabels))}{(package.Labels.Count > MostLabels ? ", ..." : "")}."));
        foreach (var part in report.Parts) terminal.Line($"Made of: {part}.");
        var table = new Table().Border(TableBorder.Simple).AddColumns("candidate", "metric").AddColumn(new TableColumn("figure").RightAligned()).AddColumn("95 % interval");
        foreach (var f in package.Metrics.Label.Metrics)
            table.AddRow(Markup.Escape(package.Metrics.Label.Candidate), Markup.Escape(ClassMetric.All.FirstOrDefault(m => m.Figure.Key == f.Metric)?.Figure.Title ?? f.Metric), Terminal.Text($"{f.Figure:0.0000}"), Terminal.Text($"{f.Low:0.0000} to {f.High:0.0000}"));
        terminal.Show(table);
        if (parsed.GetValue(s_columns)) foreach (var label in package.Metrics.Labels) terminal.Line(Terminal.Text($"{label.Label}: {label.Texts:#,0} test texts, {label.Told:#,0} told so, {label.Right:#,0} of them rightly"));
        if (parsed.GetValue(s_card)) terminal.Line(files.Text("model-card.md"));
        return report;
    }

    private static PackageVerdict Verify(string path, Terminal terminal)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var files = PackageFiles.Open(path);
            if (TextPackage.Holds(files)) return VerifyTexts(path, files, terminal, started);
            var package = ModelPackage.Open(files, PackageCodecs.All);
            var verdict = new PackageVerdict(true, null, package.Files.Paths.Count, package.Files.Bytes, package.SelfTest.Rows.Count, Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3));
            terminal.Line(Terminal.Text($"{path}: {verdict.Files} files as listed, {verdict.SelfTestRows} self-test rows scored as expected, in {verdict.LoadSeconds:0.00} s."));
            return verdict;
        }
        catch (PackageException error)
        {
            terminal.Error($"{path}: {error.Message}");
            return new(false, error.Message, 0, 0, 0, Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3));
        }
    }

    private static PackageVerdict VerifyTexts(string path, PackageFiles files, Terminal terminal, long started)
    {
        using var package = TextPackage.Open(files, PackageCodecs.All);
        var verdict = new PackageVerdict(true, null, files.Paths.Count, files.Bytes, package.SelfTest.Texts.Count, Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3));
        terminal.Line(Terminal.Text($"{path}: {verdict.Files} files as listed, {verdict.SelfTestRows} self-test texts answered as expected ({package.Labels.Count} labels, to {package.SelfTest.Tolerance}), in {verdict.LoadSeconds:0.00} s."));
        foreach (var part in package.Parts) terminal.Line($"Made of: {part}.");
        return verdict;
    }

    private static PackageDiff Diff(ParseResult parsed, Terminal terminal)
    {
        var diff = PackageDiff.Of(ModelPackage.Open(parsed.GetValue(s_first)!, PackageCodecs.All), ModelPackage.Open(parsed.GetValue(s_second)!, PackageCodecs.All));
        if (diff.Files.Count == 0) terminal.Line("The packages are the same, byte for byte.");
        else if (diff.SameScores) terminal.Line("Models and columns are the same byte for byte, so every score is; other files differ.");
        Rows("what", "first", "second", diff.Origin.Concat(diff.Settings).Select(d => (d.Name, d.First ?? "-", d.Second ?? "-")));
        Rows("figure", "first", "second", diff.Metrics.Select(m => (m.Metric, Number(m.First), Number(m.Second))));
        Rows("file", "first", "second", diff.Files.Select(f => (f.Path, Size(f.FirstBytes), Size(f.SecondBytes))));
        if (diff.ColumnsAdded.Count > 0) terminal.Line($"Only the second reads: {string.Join(", ", diff.ColumnsAdded)}.");
        if (diff.ColumnsDropped.Count > 0) terminal.Line($"Only the first reads: {string.Join(", ", diff.ColumnsDropped)}.");
        foreach (var (answer, apart) in new[] { ("value", diff.Value), ("churn", diff.Churn) })
            if (apart is not null) terminal.Line(Terminal.Text($"{answer} on the self-tests' {apart.Rows} rows: {apart.Differing} differ, by up to {apart.Largest:G6}, {apart.Mean:G6} on average."));
        return diff;

        void Rows(string name, string first, string second, IEnumerable<(string, string, string)> rows)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns(name, first, second);
            foreach (var (a, b, c) in rows) table.AddRow(new Cell(a), new Cell(b), new Cell(c));
            if (table.Rows.Count > 0) terminal.Show(table);
        }

        static string Number(double? figure) => figure is { } f ? Terminal.Text($"{f:0.000000}") : "-";
        static string Size(long? bytes) => bytes is { } b ? Terminal.Text($"{b:#,0} bytes") : "absent";
    }
}
