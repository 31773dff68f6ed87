using System.Data.Common;
using System.Text;
using System.Text.RegularExpressions;
using CustomerValue.Features;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace CustomerValue.Notebooks;

/// <summary>C# cell by cell: what one cell declares, later ones see. One cell runs at a time.</summary>
/// <remarks>Cells run in this process, with all its rights: run notebooks that you trust. The first session redirects the process's console, so that what cells
/// write goes to their outputs.</remarks>
public sealed partial class CSharpSession : IDisposable
{
    private static readonly string[] s_imports =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text", "System.Threading", "System.Threading.Tasks", typeof(InCells).Namespace!, typeof(InCells).FullName!];

    private readonly SessionOptions _session;
    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly SemaphoreSlim _turn = new(1);

    // One compilation at a time binds the references. Two at once would each make their own List<T> of the same file, and what one cell declared would be foreign to the next.
    private readonly Lock _binding = new();
    private readonly HashSet<string> _labels = new(StringComparer.Ordinal);
    private readonly HashSet<string> _referenced = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _packages = new(StringComparer.OrdinalIgnoreCase);
    private volatile ScriptOptions _options;
    private volatile Script<object>? _last;
    private ScriptState<object>? _state;
    private DbConnection? _database;
    private int _displays;
    private CellThreads? _left;

    /// <param name="options">What it has at hand; null for the defaults.</param>
    public CSharpSession(SessionOptions? options = null)
    {
        _session = options ?? new();
        ConsoleTap.Install();
        _options = ScriptOptions.Default.WithImports(s_imports).WithLanguageVersion(LanguageVersion.Latest).WithAllowUnsafe(true).WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8).WithOptimizationLevel(OptimizationLevel.Debug).WithReferences(Array.Empty<MetadataReference>())
            .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(_session.WorkingDirectory));
        Refer([.. References.Framework, typeof(CSharpSession).Assembly.Location]);
        _loader.RegisterDependency(typeof(CSharpSession).Assembly);
    }

    /// <summary>The variables, in the order declared; of those declared twice, the later.</summary>
    public IReadOnlyList<SessionVariable> Variables =>
        _state is null ? [] : [.. _state.Variables.GroupBy(variable => variable.Name).Select(same => same.Last()).Select(variable => new SessionVariable(variable.Name, variable.Type, variable.Value))];

    internal ScriptOptions Options => _options;

    /// <summary>Runs a cell. Whatever goes wrong in it is in the result; what it declared until then stays, but for a cell that was stopped.</summary>
    /// <param name="code">Its text.</param>
    /// <param name="label">What errors call it, as <c>cell 3</c>; a file's name in form.</param>
    /// <param name="output">Where what it shows goes, but for its value.</param>
    /// <param name="limit">How long it may take; null for as long as it wants.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InvalidOperationException">A cell before couldn't be stopped and still runs.</exception>
    public async Task<CellResult> RunAsync(string code, string label, ICellOutput output, TimeSpan? limit = null, CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_left?.IsRunning == true) throw new InvalidOperationException("A cell that couldn't be stopped still runs. Wait until it ends, or start a fresh session.");
            _labels.Add(label);
            return await StoppableAsync(code, label, output, limit, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes the compiler ready, so that the first cell need not wait for it: compiles and runs code of its own, that no cell sees.</summary>
    internal void Warm()
    {
        const string Typical = """
            record Row(int N, string Name);
            var rows = new List<string> { "a" }.Select((name, n) => new Row(n, name)).Where(row => row.N >= 0).ToList();
            await Task.CompletedTask;
            Console.Write($"{rows.Count:0}"[..0]);
            rows
            """;
        Formatter.Of(Bound(CSharpScript.Create<object>(StopPoint.Into(Typical, () => Meaning(Typical)), _options)).RunAsync().GetAwaiter().GetResult().ReturnValue);
    }

    /// <summary>Code as it would follow what has run. May be asked while a cell runs, and then knows nothing of that one.</summary>
    /// <param name="code">The cell's.</param>
    /// <param name="label">What errors call it.</param>
    /// <param name="stoppable">Whether it gets stop points, as code that is run does.</param>
    internal Script<object> Next(string code, string label = "", bool stoppable = false)
    {
        var (last, options) = (_last, _options.WithFilePath(label).WithSourceResolver(new LoadedFiles(_session.WorkingDirectory, stoppable)));
        if (stoppable) code = StopPoint.Into(code, () => Meaning(code));
        // What scripts before have imported is still imported. Said again after a new reference it would be there twice, each method ambiguous with itself.
        return Bound(last is null ? CSharpScript.Create<object>(code, options, assemblyLoader: _loader) : last.ContinueWith<object>(code, options.WithImports(options.Imports.Except(Imported(last)))));
    }

    /// <summary>What code means that would follow what has run.</summary>
    internal SemanticModel Meaning(string code)
    {
        var compilation = Next(code).GetCompilation();
        return compilation.GetSemanticModel(compilation.SyntaxTrees.Last());
    }

    private Script<object> Bound(Script<object> script)
    {
        lock (_binding) _ = script.GetCompilation().GlobalNamespace;
        return script;
    }

    private static IEnumerable<string> Imported(Script script)
    {
        for (var one = script; one is not null; one = one.Previous)
            foreach (var name in one.Options.Imports) yield return name;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _database?.Dispose();
        _turn.Dispose();
    }

    private async Task<CellResult> StoppableAsync(string code, string label, ICellOutput output, TimeSpan? limit, CancellationToken cancellation)
    {
        using var stop = new CancellationTokenSource();
        var cell = new RunningCell(label, output, () => Interlocked.Increment(ref _displays), stop.Token);
        var threads = new CellThreads(stop, error => output.Stream("stderr", $"Unobserved: {error.GetType().FullName}: {error.Message}\n"));
        var isLate = false;
        using var interrupted = cancellation.Register(threads.Stop);
        using var clock = limit is null ? null : _session.Clock.CreateTimer(_ => { isLate = true; threads.Stop(); }, null, limit.Value, Timeout.InfiniteTimeSpan);
        RunningCell.Current = cell;
        try
        {
            return await PartsAsync(code, cell, threads).ConfigureAwait(false);
        }
        catch (DirectiveException error)
        {
            return new(null, CellFailure.Of(error, label));
        }
#pragma warning disable CA1031 // a cell's failure is its result
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!stop.IsCancellationRequested) return new(null, CellFailure.Of(error, label, _labels.Contains));
            _left = await threads.Stopped.ConfigureAwait(false) ? null : threads;
            return new(null, Stopped(label, isLate ? limit : null));
        }
        finally
        {
            RunningCell.Current = null;
        }
    }

    private CellError Stopped(string label, TimeSpan? limit)
    {
        var happened = limit is { } longest ? FormattableString.Invariant($"{label} ran longer than its limit of {longest.TotalSeconds:0.###} seconds") : $"{label} was interrupted";
        var message = _left is null
            ? $"{happened}{(limit is null ? "" : " and was stopped")}. What it declared is gone; what cells before it declared is kept."
            : $"{happened}. It didn't stop: it computes in a library that heeds no interrupt. Wait until it ends, or start a fresh session.";
        return new(limit is null ? CellError.Interrupted : CellError.TimeLimit, message, 0, [message]);
    }

    private async Task<CellResult> PartsAsync(string code, RunningCell cell, CellThreads threads)
    {
        var started = _session.Clock.GetTimestamp();
        var text = CellText.Of(code);
        var result = new CellResult(null, null);
        foreach (var part in text.Parts)
        {
            result = part.Language switch
            {
                "csharp" => await CodeAsync(await DirectivesAsync(part.Text, cell.Cancellation).ConfigureAwait(false), cell, threads).ConfigureAwait(false),
                "sql" => await SqlAsync(SqlPart.Of(part), cell, threads).ConfigureAwait(false),
                "html" => Shown(MimeBundle.Of("HTML", part.Text), cell),
                _ => Shown(MimeBundle.Lone("text/markdown", part.Text), cell),
            };
            if (!result.Ok) return result;
        }
        if (text.IsTimed) Shown(MimeBundle.Of(FormattableString.Invariant($"Wall time: {_session.Clock.GetElapsedTime(started).TotalMilliseconds:0} ms")), cell);
        return result;
    }

    private static CellResult Shown(MimeBundle value, RunningCell cell)
    {
        cell.Output.Display(value, cell.NextDisplayId());
        return new(null, null);
    }

    private async Task<CellResult> CodeAsync(string code, RunningCell cell, CellThreads threads)
    {
        var (script, errors) = Compiled(code, cell);
        if (errors.Count > 0) return new(null, CellFailure.Of(errors, cell.Label));
        var before = _state;
        var after = await threads.RunAsync(() =>
            before is null ? script.RunAsync(null, _ => true, cell.Cancellation) : script.RunFromAsync(before, _ => true, cell.Cancellation)).ConfigureAwait(false);
        cell.Cancellation.ThrowIfCancellationRequested();
        (_state, _last) = (after, script);
        if (after.Exception is { } error) return new(null, CellFailure.Of(error, cell.Label, _labels.Contains));
        if (after.ReturnValue is not { } value) return new(null, null);
        return new(value, null, await threads.RunAsync(() => Task.FromResult(Formatter.Of(value))).ConfigureAwait(false));      // may run the user's code: a sequence's, a property's
    }

    private (Script<object> Script, List<Diagnostic> Errors) Compiled(string code, RunningCell cell)
    {
        var script = Next(code, cell.Label, stoppable: true);
        if (Errors(script, cell).Count == 0) return (script, []);
        script = Next(code, cell.Label);                 // errors are told of the code as it was written; and should stop points be what is wrong with it, it runs without
        return (script, Errors(script, cell));
    }

    private static List<Diagnostic> Errors(Script script, RunningCell cell) => [.. script.Compile(cell.Cancellation).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    private async Task<CellResult> SqlAsync(SqlPart sql, RunningCell cell, CellThreads threads)
    {
        var table = await sql.RunAsync(Connection(sql), Variable, cell.Cancellation).ConfigureAwait(false);
        cell.Cancellation.ThrowIfCancellationRequested();
        if (sql.As is null) return table.Columns.Count == 0 ? new(null, null) : Shown(Formatter.Of(table), cell);
        cell.HandedOver = table;
        return await CodeAsync($"var {sql.As} = (global::{typeof(SqlTable).FullName})global::{typeof(InCells).FullName}.{nameof(InCells.HandedOver)}();", cell, threads).ConfigureAwait(false);
    }

    private DbConnection Connection(SqlPart sql)
    {
        if (sql.Connection is null)
            return _database ??= (_session.Database ?? throw new DirectiveException(sql.Line - 1, "This session has no database of its own: name a variable that holds a connection, '#!sql --connection NAME'."))();
        return Variable(sql.Connection) is (true, DbConnection connection) ? connection : throw new DirectiveException(sql.Line - 1, $"There is no variable '{sql.Connection}' that holds a DbConnection.");
    }

    private (bool Found, object? Value) Variable(string name) => _state?.GetVariable(name) is { } variable ? (true, variable.Value) : (false, null);

    /// <summary>Does what lines with #r ask for, those of files that lines with #load name too, and leaves spaces in their place.</summary>
    private async Task<string> DirectivesAsync(string code, CancellationToken cancellation)
    {
        var (references, rest) = ScriptDirectives.WithoutReferences(code);
        foreach (var (reference, line) in references) await AtLineAsync(line, () => ReferAsync(reference, _session.WorkingDirectory, cancellation)).ConfigureAwait(false);
        foreach (var (file, line) in ScriptDirectives.Loads(code)) await AtLineAsync(line, () => LoadAsync(file, _session.WorkingDirectory, [], cancellation)).ConfigureAwait(false);
        return rest;
    }

    private static async Task AtLineAsync(int line, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (InvalidDataException error)
        {
            throw new DirectiveException(line, error.Message);
        }
    }

    /// <summary>Gets ready for a file that the compiler will read.</summary>
    private async Task LoadAsync(string file, string folder, HashSet<string> seen, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(file, folder);
        if (!File.Exists(path)) throw new InvalidDataException($"There is no file {path}. #load takes the path of a file of C# cells, as \"helpers.csx\".");
        if (!seen.Add(path)) return;
        _labels.Add(Path.GetFileName(path));
        var (code, beside) = (await File.ReadAllTextAsync(path, cancellation).ConfigureAwait(false), Path.GetDirectoryName(path)!);
        try
        {
            foreach (var (reference, _) in ScriptDirectives.WithoutReferences(code).References) await ReferAsync(reference, beside, cancellation).ConfigureAwait(false);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)}: {error.Message}", error);
        }
        foreach (var (loaded, _) in ScriptDirectives.Loads(code)) await LoadAsync(loaded, beside, seen, cancellation).ConfigureAwait(false);
    }

    private async Task ReferAsync(string reference, string folder, CancellationToken cancellation)
    {
        if (reference == References.ProgramName)
        {
            ReferProgram();
            return;
        }
        if (reference.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            if (Package().Match(reference) is not { Success: true } package) throw new InvalidDataException($"'{reference}' must name a package and its version: #r \"nuget: Name, 1.2.3\".");
            _packages[package.Groups["name"].Value] = package.Groups["version"].Value;
            try
            {
                var all = await PackageRestore.RunAsync([.. _packages.Select(p => (p.Key, p.Value)).Order()], _session.WorkingDirectory, cancellation).ConfigureAwait(false);
                Refer([.. References.With(all).Skip(1)]);
            }
            catch (InvalidDataException)
            {
                _packages.Remove(package.Groups["name"].Value);
                throw;
            }
            return;
        }
        var path = Path.GetFullPath(reference, folder);
        if (!File.Exists(path))
            throw new InvalidDataException($"There is no file {path}. #r takes \"customervalue\" (what this program came with), \"nuget: Name, Version\", or the path of a built assembly.");
        Refer(References.With(path));
    }

    /// <summary>Everything that the program came with, and the rooms of the core library without naming them.</summary>
    internal void ReferProgram()
    {
        Refer(References.Program);
        var rooms = typeof(FeatureTable).Assembly.GetExportedTypes().Select(type => type.Namespace!).Distinct();
        _options = _options.WithImports(_options.Imports.Union(rooms));
    }

    /// <summary>Shows files to the compiler. What this program came with is found by itself when it is run; the rest is loaded now, lest the scripts' own loader takes a second copy.</summary>
    private void Refer(IReadOnlyList<string> files)
    {
        var fresh = files.Where(file => _referenced.Add(Path.GetFileNameWithoutExtension(file))).ToList();
        _options = _options.AddReferences(fresh.Select(file => MetadataReference.CreateFromFile(file, documentation: new AssemblyDocs(file))));
        foreach (var file in fresh.Where(file => !References.IsOwn(file)))
            if (References.Load(file) is { } assembly) _loader.RegisterDependency(assembly);
    }

    [GeneratedRegex(@"^nuget:\s*(?<name>[A-Za-z0-9_.-]+)\s*,\s*(?<version>[A-Za-z0-9_.+-]+)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Package();
}
