using System.CommandLine;
using System.Text;
using CustomerValue.Notebooks;
using DuckDB.NET.Data;

namespace CustomerValue.Cli.Commands;

/// <summary>Runs notebooks, makes pages of them, and keeps those under version control free of what runs leave in them.</summary>
internal static class NotebookCommand
{
    private static readonly Argument<FileInfo> s_file = new Argument<FileInfo>("FILE") { Description = "The notebook (.ipynb, nbformat 4)." }.AcceptExistingOnly();
    private static readonly Argument<FileInfo[]> s_files = new Argument<FileInfo[]>("FILE") { Description = "Notebooks.", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
    private static readonly Argument<string[]> s_stripped = new("FILE") { Description = "Notebooks; - for standard input.", Arity = ArgumentArity.OneOrMore };
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Option<string[]> s_parameters = new("--parameter", "-p") { Description = "A value for a variable of the cell tagged 'parameters'; dates as 2024-07-01.", HelpName = "NAME=VALUE" };
    private static readonly Option<FileInfo?> s_out = new("--out") { Description = "Where the notebook goes with what it showed; also when it fails. Without, it is only run.", HelpName = "FILE" };
    private static readonly Option<double?> s_timeout = new("--timeout") { Description = "How long a cell may take.", HelpName = "SECONDS" };

    private static readonly Option<string> s_page = new("--out") { Description = "The page (.html), or the folder for pages, each named as its notebook.", HelpName = "FILE|FOLDER", Required = true };
    private static readonly Option<DirectoryInfo> s_site = new("--out") { Description = "The folder for the pages and index.html.", HelpName = "FOLDER", Required = true };
    private static readonly Option<string?> s_name = new("--title") { Description = "What the site is called. Without, 'Reports'.", HelpName = "TEXT" };
    private static readonly Option<string?> s_title = new("--title") { Description = "What the page is called. Without, its first heading.", HelpName = "TEXT" };

    public static Command Create() => new Command("notebook",
        """
        Run C# notebooks from top to bottom, with parameters, without Jupyter; make pages for readers; keep those in git free of outputs; be a kernel for Jupyter.

        Examples:
          customervalue notebook run notebooks/01-shop.ipynb -p cutoff=2024-07-01 --out artifacts/01-shop.ipynb
          customervalue notebook render artifacts/01-shop.ipynb --out artifacts/01-shop.html
          customervalue notebook site artifacts/*.ipynb --out artifacts/site
          customervalue notebook strip notebooks/*.ipynb
          customervalue notebook check notebooks/*.ipynb
          customervalue notebook install-kernel
        """) { Run(), Render(), Site(), Strip(), Check(), NotebookKernelCommands.Kernel, NotebookKernelCommands.Install(), NotebookKernelCommands.Uninstall() };

    private static Command Run() => new Command("run",
        """
        Run a notebook in a fresh session, each cell in turn, in the notebook's folder. Stops at the first error (exit code 1) and says where; what was shown until then is kept. A cell tagged raises-exception may fail.
        Notebooks are programs: run those that you trust.

        Example:
          customervalue notebook run notebooks/01-shop.ipynb -p cutoff=2024-07-01 -p weeks=26 --out artifacts/01-shop.ipynb --timeout 600
        """) { s_file, s_parameters, s_out, s_timeout }.Does(async (parsed, terminal, cancellation) =>
    {
        var (file, target) = (parsed.GetValue(s_file)!, parsed.GetValue(s_out)?.FullName);
        if (parsed.GetValue(s_timeout) is { } seconds && seconds is not (> 0 and <= 1e6)) throw new UsageException("--timeout takes seconds, more than 0 and up to 1000000.");
        var folder = file.DirectoryName!;
        var runner = new NotebookRunner(new()
        {
            Parameters = Parameters(parsed.GetValue(s_parameters) ?? []),
            CellLimit = parsed.GetValue(s_timeout) is { } limit ? TimeSpan.FromSeconds(limit) : null,
            Session = new() { WorkingDirectory = folder, Database = () => new DuckDBConnection("DataSource=:memory:") },
        });
        var notebook = NotebookFile.Read(file.FullName);
        Environment.CurrentDirectory = folder;
        var hasRun = false;
        try
        {
            var run = await runner.RunAsync(notebook, new Lines<CellProgress>(cell =>
            {
                hasRun = true;
                terminal.Line(Terminal.Text($"[{cell.Number}/{cell.Of}] {cell.Cell}: {(cell.Ok ? "done" : "failed")}, {cell.Took.TotalSeconds:0.00} s"));
            }), cancellation);
            if (run.Failure is { } failure)
            {
                terminal.Error($"{file.Name}, {failure.Place}: {failure.Error.Kind}: {failure.Error.Message}");
                foreach (var line in failure.Error.Trace) terminal.Error($"  {line}");
            }
            return run;
        }
        catch (NotebookParameterException error)
        {
            throw new UsageException(error.Message);
        }
        finally
        {
            if (hasRun && target is not null)
            {
                notebook.Write(target);
                terminal.Line($"Written: {target}");
            }
        }
    }, failed: run => ((NotebookRun)run).Failure is not null, cancelled: "Cancelled. What was shown until then is kept.");

    private static Command Render() => new Command("render",
        """
        Make one HTML page of a notebook and what it showed: it needs no network, its code is folded, its tables can be sorted. Nothing is run: 'notebook run --out' comes first.

        Examples:
          customervalue notebook render artifacts/01-shop.ipynb --out artifacts/01-shop.html --title "The shop in July"
          customervalue notebook render artifacts/*.ipynb --out artifacts/pages
        """) { s_files, s_page, s_title }.Does((parsed, terminal, cancellation) => Task.Run<object>(() =>
    {
        var (files, target) = (parsed.GetValue(s_files)!, parsed.GetValue(s_page)!);
        var isPage = target.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
        if (isPage && files.Length > 1) throw new UsageException("--out takes a folder for more than one notebook.");
        string[] pages = [.. files.Select(file => Path.GetFullPath(isPage ? target : Path.Combine(target, Path.ChangeExtension(file.Name, ".html"))))];
        if (pages.Distinct(StringComparer.OrdinalIgnoreCase).Count() < pages.Length) throw new UsageException("Two of the notebooks have the same name, and so would their pages.");
        foreach (var (file, page) in files.Zip(pages))
        {
            cancellation.ThrowIfCancellationRequested();
            if (page == file.FullName) throw new UsageException($"--out would write over {file}.");
            var html = ReportRenderer.Render(NotebookFile.Read(file.FullName), parsed.GetValue(s_title), file.DirectoryName);
            Directory.CreateDirectory(Path.GetDirectoryName(page)!);
            File.WriteAllText(page, html);
            terminal.Line($"Written: {page}");
        }
        return new { Pages = pages };
    }, CancellationToken.None));

    private static Command Site() => new Command("site",
        """
        Make a page of each notebook and what it showed, as 'notebook render' does, and index.html, which leads to them and says what each asks and found. Reports whose names differ by their language
        alone (NAME.en.ipynb, NAME.zh.ipynb) stand side by side.

        Example:
          customervalue notebook site artifacts/notebooks/*.ipynb --out artifacts/site --title "The shop in July"
        """) { s_files, s_site, s_name }.Does((parsed, terminal, cancellation) => Task.Run<object>(() =>
    {
        var folder = parsed.GetValue(s_site)!.FullName;
        var reports = parsed.GetValue(s_files)!.Select(file => new SiteReport(Path.GetFileNameWithoutExtension(file.Name), NotebookFile.Read(file.FullName), file.DirectoryName)).ToList();
        if (reports.Select(report => report.Name).Append("index").GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } taken)
            throw new UsageException($"Two of the site's pages would be called {taken.Key}.html.");
        var written = new List<string>();
        foreach (var page in ReportSite.Render(reports, parsed.GetValue(s_name)))
        {
            cancellation.ThrowIfCancellationRequested();
            Directory.CreateDirectory(folder);
            written.Add(Path.Combine(folder, page.FileName));
            File.WriteAllText(written[^1], page.Html);
            terminal.Line($"Written: {written[^1]}");
        }
        return new { Index = written[^1], Pages = written[..^1] };
    }, CancellationToken.None));

    private static Command Strip() => new Command("strip",
        """
        Take outputs, execution counts and cells that a run put in away from notebooks. What else stands in them keeps its bytes.

        With - in place of files a notebook is read from standard input and written to standard output, so that git can do it: git config filter.notebook.clean "customervalue notebook strip -"

        Example:
          customervalue notebook strip notebooks/*.ipynb
        """) { s_stripped }.Does((parsed, terminal, _) => Task.Run<object>(() =>
    {
        var (files, changed) = (parsed.GetValue(s_stripped)!, new List<string>());
        if (files.Contains("-"))
        {
            if (files.Length > 1) throw new UsageException("- stands for standard input, and takes no files beside it.");
            if (parsed.GetValue(Shared.Json)) throw new UsageException("--json writes to standard output, and so does -. Give files.");
            Filter();
            return new { Changed = changed };
        }
        if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing) throw new UsageException($"There is no file {missing}.");
        foreach (var file in files)
        {
            var notebook = NotebookFile.Read(file);
            if (notebook.Leftovers().Count == 0) continue;
            notebook.Strip();
            notebook.Write(file);
            terminal.Line($"Stripped: {file}");
            changed.Add(file);
        }
        return new { Changed = changed };
    }, CancellationToken.None));

    private static void Filter()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), s_utf8);
        using var output = new StreamWriter(Console.OpenStandardOutput(), s_utf8);
        var notebook = NotebookFile.Parse(input.ReadToEnd(), "Standard input");
        notebook.Strip();
        output.Write(notebook.ToString());
    }

    private static Command Check() => new Command("check",
        """
        Fail (exit code 1) where a notebook carries outputs, execution counts or cells that a run put in; each is named.

        Example:
          customervalue notebook check notebooks/*.ipynb
        """) { s_files }.Does((parsed, terminal, _) => Task.Run<object>(() =>
    {
        string[] found = [.. parsed.GetValue(s_files)!.SelectMany(file => NotebookFile.Read(file.FullName).Leftovers().Select(leftover => $"{file}: {leftover}"))];
        foreach (var line in found) terminal.Error(line);
        if (found.Length > 0) terminal.Error("Take them away: customervalue notebook strip FILE...");
        return new Checked(found);
    }, CancellationToken.None), failed: result => ((Checked)result).Found.Count > 0);

    private static Dictionary<string, string> Parameters(IEnumerable<string> given)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1) throw new UsageException($"'-p {text}' must be NAME=VALUE.");
            if (!values.TryAdd(text[..at], text[(at + 1)..])) throw new UsageException($"The parameter '{text[..at]}' is given twice.");
        }
        return values;
    }

    private sealed record Checked(IReadOnlyList<string> Found);

    /// <summary>Tells at once and in order, on the thread that reports.</summary>
    private sealed class Lines<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
