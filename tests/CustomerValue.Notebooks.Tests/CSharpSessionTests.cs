using CustomerValue.Notebooks.Jupyter;
using CustomerValue.Testing;
using DuckDB.NET.Data;

namespace CustomerValue.Notebooks.Tests;

public class CSharpSessionTests
{
    [Fact]
    public async Task What_a_cell_declares_later_cells_see()
    {
        using var cells = new Cells();
        Assert.Null(await cells.ValueAsync("var n = 20; int Twice(int x) => 2 * x; record Buyer(string Name);"));
        Assert.Equal(42, await cells.ValueAsync("Twice(n) + 2"));
        await cells.ValueAsync("n++;");
        Assert.Equal("Ada 21", await cells.ValueAsync("$\"{new Buyer(\"Ada\").Name} {n}\""));
        Assert.Equal([("n", typeof(int), 21)], cells.Session.Variables.Select(v => (v.Name, v.Type, (int)v.Value!)));
        Assert.Equal("now text", await cells.ValueAsync("var n = \"now text\"; n"));
    }

    [Fact]
    public async Task A_session_that_was_warmed_has_nothing_that_no_cell_declared()
    {
        using var cells = new Cells();
        cells.Session.Warm();
        Assert.Empty(cells.Session.Variables);
        Assert.Equal("CS0103", (await cells.ErrorAsync("rows")).Message[..6]);
        Assert.Equal(1, await cells.ValueAsync("record Row(int N); new Row(1).N"));
    }

    [Fact]
    public async Task Types_are_the_same_in_every_cell_whatever_is_compiled_meanwhile()
    {
        for (var i = 0; i < 8; i++)
        {
            using var cells = new Cells();
            var (warming, asking) = (Task.Run(cells.Session.Warm), Task.Run(() => cells.Session.Meaning("Enumerable.Range(0, 9).Where(n => n > 0)")));
            await cells.ValueAsync("var prices = new List<double> { 1 };");
            Assert.Equal(1, await cells.ValueAsync("prices.Where(p => p > 0).Count()"));
            Assert.Contains("Where", new CodeAid(cells.Session).Completions("prices.Wh", 9).Names);
            await Task.WhenAll(warming, asking);
        }
    }

    [Fact]
    public async Task Cells_await_at_the_top_and_may_wait_for_what_awaits()
    {
        using var cells = new Cells();
        Assert.Equal(3, await cells.ValueAsync("await Task.Yield(); async Task<int> Later(int x) { await Task.Delay(1); return x; }\n1 + await Later(2)"));
        Assert.Equal(7, await cells.ValueAsync("Later(7).Result"));
    }

    [Fact]
    public async Task What_is_written_to_the_console_goes_to_the_cells_output()
    {
        using var cells = new Cells();
        await cells.ValueAsync("Console.WriteLine(\"one\"); Console.Error.Write(\"two\"); await Task.Run(() => Console.Write(3));");
        Assert.Equal(("one\n3", "two"), (cells.Shown.Out, cells.Shown.Errors));
    }

    [Fact]
    public async Task Two_sessions_at_once_keep_apart_what_they_write()
    {
        using Cells a = new(), b = new();
        await Task.WhenAll(a.ValueAsync("for (var i = 0; i < 50; i++) { Console.Write('a'); await Task.Delay(1); }"), b.ValueAsync("for (var i = 0; i < 50; i++) { Console.Write('b'); await Task.Delay(1); }"));
        Assert.Equal((new string('a', 50), new string('b', 50)), (a.Shown.Out, b.Shown.Out));
    }

    [Fact]
    public async Task A_mistake_is_told_with_its_line()
    {
        using var cells = new Cells();
        var error = await cells.ErrorAsync("var a = 1;\n\nvar b = a.Nothing;");
        Assert.Equal(("CompilationError", 3), (error.Kind, error.Line));
        Assert.Contains("cell 1, line 3, column 11: CS1061", error.Trace[0]);
        Assert.Equal("    var b = a.Nothing;", error.Trace[1]);
        Assert.Equal(5, await cells.ValueAsync("2 + 3"));
    }

    [Fact]
    public async Task An_exception_is_told_with_the_users_own_places_and_no_others()
    {
        using var cells = new Cells();
        await cells.ValueAsync("int Check(int n)\n{\n    return n > 0 ? n : throw new InvalidOperationException(\"bad n\");\n}\nasync Task<int> CheckLater(int n) { await Task.Yield(); return Check(n); }");
        var error = await cells.ErrorAsync("var kept = 1;\n\nvar gone = await CheckLater(-1);");
        Assert.Equal(("System.InvalidOperationException", "bad n", 3), (error.Kind, error.Message, error.Line));
        Assert.Equal(["System.InvalidOperationException: bad n", "    at cell 1, line 3, in Check", "    at cell 1, line 5, in CheckLater", "    at cell 2, line 3"], error.Trace);
        Assert.Equal(1, await cells.ValueAsync("kept"));                     // as in a debugger: what was declared before stays

        var lambda = await cells.ErrorAsync("new[] { 1 }\n  .Select(x => int.Parse(\"no\"))\n  .ToList()");
        Assert.Equal(["    at cell 4, line 2, in a lambda", "    at cell 4, line 1"], lambda.Trace.Skip(1));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("Thread.Sleep(Timeout.Infinite);")]
    [InlineData("await Task.Delay(Timeout.Infinite);")]
    [InlineData("await Task.Yield(); while (true) { }")]
    [InlineData("await Task.Delay(1); Thread.Sleep(Timeout.Infinite);")]
    [InlineData("new TaskCompletionSource().Task.Wait();")]
    [InlineData("while (true) { try { Thread.Sleep(10); } catch (Exception) { } }")]
    [InlineData("await Task.Delay(Timeout.Infinite, Interrupted);")]
    [InlineData("for (;;) try { int.Parse(\"no\"); } catch (FormatException) { }")]
    [InlineData("int Deep(int n) { return n == 0 ? 0 : Deep(n - 1) + Deep(n - 1); } Deep(60);")]
    [InlineData("int Deep(int n) => n == 0 ? 0 : Deep(n - 1) + Deep(n - 1); Deep(60);")]
    [InlineData("Enumerable.Repeat(1L, int.MaxValue).Sum(n => Enumerable.Repeat(n, 99).Sum(m => m % 7));")]
    [InlineData("Parallel.For(0L, long.MaxValue, n => Math.Sqrt(n));")]
    public async Task Code_that_computes_waits_or_awaits_for_ever_is_stopped_and_the_session_goes_on(string forEver)
    {
        using var cells = new Cells();
        await cells.ValueAsync("var before = 1;");
        using var interrupt = new CancellationTokenSource();
        var running = cells.RunAsync($"Console.Write(\"on\"); {forEver}", cancellation: interrupt.Token);
        while (cells.Shown.Out != "on") await Task.Delay(5);
        var asked = TimeProvider.System.GetTimestamp();
        await interrupt.CancelAsync();
        var result = await running;
        Assert.Equal("Interrupted", result.Error?.Kind);
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Assert.Equal(2, await cells.ValueAsync("before + 1"));
    }

    [Fact]
    public async Task What_cant_be_stopped_is_told_and_nothing_runs_beside_it_until_it_ends()
    {
        using var cells = new Cells();
        await cells.ValueAsync($"#r \"{typeof(Computation).Assembly.Location}\"");
        using var interrupt = new CancellationTokenSource();
        var running = cells.RunAsync($"{typeof(Computation).FullName}.Run();", cancellation: interrupt.Token);
        await Computation.Started;
        await interrupt.CancelAsync();
        var error = (await running).Error!;
        Assert.Equal("Interrupted", error.Kind);
        Assert.Contains("It didn't stop", error.Message);
        Assert.Contains("fresh session", (await Assert.ThrowsAsync<InvalidOperationException>(() => cells.RunAsync("1"))).Message);
        Computation.IsDone = true;
        for (var ended = false; !ended; await Task.Delay(20))
            ended = await Record.ExceptionAsync(() => cells.ValueAsync("1 + 1")) is null;
    }

    [Fact]
    public async Task What_a_cell_leaves_computing_elsewhere_stops_with_it()
    {
        using var cells = new Cells();
        await cells.ValueAsync("Task left = null; var ended = false; var other = Task.Run(() => { while (!ended) Thread.Sleep(1); });");
        Assert.Equal("TimeLimit", (await cells.RunAsync("left = Task.Run(() => { while (true) { } }); await left;", limit: TimeSpan.FromSeconds(0.3))).Error?.Kind);
        Assert.Equal(true, await cells.ValueAsync("Task.WaitAny(left, Task.Delay(TimeSpan.FromSeconds(20))) == 0"));
        Assert.Equal(false, await cells.ValueAsync("other.IsCompleted"));     // another cell's work isn't this one's to stop
        await cells.ValueAsync("ended = true; await other;");
    }

    [Fact]
    public async Task A_cell_past_its_time_limit_is_stopped()
    {
        using var cells = new Cells();
        var result = await cells.RunAsync("while (true) { }", limit: TimeSpan.FromSeconds(0.3));
        Assert.Equal("TimeLimit", result.Error!.Kind);
        Assert.Contains("cell 1 ran longer than its limit of 0.3 seconds", result.Error.Message);
        Assert.True((await cells.RunAsync("1", limit: TimeSpan.FromMinutes(1))).Ok);
    }

    [Fact]
    public async Task Values_are_shown_at_once_and_anew_in_their_place()
    {
        using var cells = new Cells();
        await cells.ValueAsync("var progress = display(\"0 %\"); 5.Display(); display(\"# T\", \"text/markdown\"); display(HTML(\"<b>x</b>\"));\nprogress.Update(\"50 %\"); progress.Update(\"100 %\");");
        Assert.Equal(4, cells.Shown.Values.Count);
        Assert.Equal((2, "100 %", "5"), (cells.Shown.Updates, cells.Shown.Plain(0), cells.Shown.Plain(1)));
        Assert.Equal("# T", cells.Shown.Values[2].Forms["text/markdown"]!.GetValue<string>());
        Assert.Equal("<b>x</b>", cells.Shown.Html(3));
        await cells.ValueAsync("progress.Update(\"later\");");                 // goes to the cell that showed it
        Assert.Empty(cells.Shown.Values);
    }

    [Fact]
    public async Task A_cell_may_speak_several_languages()
    {
        using var cells = new Cells();
        Assert.Equal(3, await cells.ValueAsync("#!time\nvar a = 1;\n#!markdown\n# Title\n#!html\n<i>i</i>\n#!csharp\na + 2"));
        Assert.Equal("# Title", cells.Shown.Values[0].Forms["text/markdown"]!.GetValue<string>());
        Assert.Equal("<i>i</i>", cells.Shown.Html(1));
        Assert.Matches(@"^Wall time: \d+ ms$", cells.Shown.Plain(2));
        Assert.Equal(8, (await cells.ErrorAsync("#!markdown\nx\n\n#!csharp\n\n\n\nthrow new Exception();")).Line);
        var unknown = await cells.ErrorAsync("1\n#!python\nprint(1)");
        Assert.Equal(("DirectiveError", 2), (unknown.Kind, unknown.Line));
    }

    [Fact]
    public async Task Sql_reads_variables_and_hands_rows_to_them()
    {
        using var cells = new Cells(new() { Database = () => new DuckDBConnection("DataSource=:memory:") });
        await cells.ValueAsync("var least = 15.0; var name = \"O'Hara\"; var day = new DateOnly(2024, 7, 1);");
        await cells.ValueAsync("#!sql\nCREATE TABLE sales AS SELECT * FROM (VALUES ('a', 10.5, DATE '2024-06-30'), ('b', 20.25, DATE '2024-07-01'), ('<i>', NULL, NULL)) t(customer, amount, day)");
        Assert.Empty(cells.Shown.Values);
        await cells.ValueAsync("#!sql --as rich\nSELECT customer, amount, $name AS name, '$nothing' AS text FROM sales WHERE amount > $least AND day >= $day -- $no");
        Assert.Empty(cells.Shown.Values);
        Assert.Equal("1 b 20.25 O'Hara", await cells.ValueAsync("FormattableString.Invariant($\"{rich.Count} {rich[0][\"customer\"]} {rich.Column<double>(\"amount\").Sum()} {rich[0].Get<string>(\"name\")}\")"));
        await cells.ValueAsync("#!sql\nSELECT * FROM sales ORDER BY amount DESC NULLS LAST");
        Assert.Contains("<td>&lt;i&gt;</td><td></td>", cells.Shown.Html(0));
        Assert.Contains("'missing', and there is none", (await cells.ErrorAsync("#!sql\nSELECT $missing")).Message);
        Assert.Contains("nosuch", (await cells.ErrorAsync("#!sql\nSELECT * FROM nosuch")).Message);
        Assert.Contains("--as NAME", (await cells.ErrorAsync("#!sql --into x\nSELECT 1")).Message);
    }

    [Fact]
    public async Task A_long_statement_is_stopped_as_code_is()
    {
        using var cells = new Cells(new() { Database = () => new DuckDBConnection("DataSource=:memory:") });
        await cells.ValueAsync("#!sql\nSELECT 1");
        var result = await cells.RunAsync("#!sql\nSELECT count(*) FROM range(10000000) a, range(1000000) b WHERE a.range * 7 % 13 = b.range % 11", limit: TimeSpan.FromSeconds(0.5));
        Assert.Equal("TimeLimit", result.Error?.Kind);
        Assert.Equal(1, await cells.ValueAsync("1"));
    }

    [Fact]
    public async Task The_library_is_at_hand_with_its_native_parts()
    {
        using var cells = new Cells(new() { WorkingDirectory = RealData.Root });
        await cells.ValueAsync("#r \"customervalue\"\nvar purchases = PurchaseCsv.Read(Path.Combine(" + $"@\"{RealData.Root}\"" + ", \"data-samples/shop/purchases.csv\"));");
        await cells.ValueAsync("var split = new CalibrationSplit(Cutoff: new(2024, 7, 1), HorizonWeeks: 26);\nvar histories = purchases.HistoriesAt(split.Cutoff);\nvar model = new BgNbd().Fit(histories);");
        Assert.True((int)(await cells.ValueAsync("histories.Count"))! > 100);
        Assert.IsType<double>(await cells.ValueAsync("model.ExpectedPurchases(histories, split.HorizonWeeks).Sum()"));
    }

    [Fact]
    public async Task A_built_assembly_is_referred_to_by_its_path()
    {
        using var cells = new Cells(new() { WorkingDirectory = AppContext.BaseDirectory });
        await cells.ValueAsync("#r \"CustomerValue.Core.dll\"\nusing CustomerValue.Features;");
        Assert.Equal(26.0, await cells.ValueAsync("new CalibrationSplit(new(2024, 7, 1), 26).HorizonWeeks"));
        var error = await cells.ErrorAsync("\n#r \"nothing.dll\"");
        Assert.Equal(("DirectiveError", 2), (error.Kind, error.Line));
        Assert.Contains("nothing.dll", error.Message);
    }

    [Fact]
    public async Task A_file_of_cells_is_loaded_with_what_it_refers_to_and_loads_itself()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("shared"));
        folder.Write("shared/weeks.csx", "#r \"customervalue\"\n#load \"parts/half.csx\"\nint Weeks(CalibrationSplit split) => Half((int)split.HorizonWeeks);\nvar loaded = \"é\";");
        Directory.CreateDirectory(folder.In("shared", "parts"));
        folder.Write("shared/parts/half.csx", "int Half(int n)\n{\n    return n > 0 ? n / 2 : throw new InvalidDataException(\"none\");\n}");
        using var cells = new Cells(new() { WorkingDirectory = folder.Path });
        Assert.Equal(13, await cells.ValueAsync("#load \"shared/weeks.csx\"\nWeeks(new(new(2024, 7, 1), 26))"));
        Assert.Equal("é", await cells.ValueAsync("loaded"));
        var thrown = await cells.ErrorAsync("\nHalf(0)");
        Assert.Equal(["System.IO.InvalidDataException: none", "    at half.csx, line 3, in Half", "    at cell 3, line 2"], thrown.Trace);

        folder.Write("shared/bad.csx", "int fine;\nint Wrong() => missing;");
        var mistake = await cells.ErrorAsync("\n#load \"shared/bad.csx\"");
        Assert.Equal(("CompilationError", 0), (mistake.Kind, mistake.Line));
        Assert.Equal(["bad.csx, line 2, column 16: CS0103: The name 'missing' does not exist in the current context", "    int Wrong() => missing;"], mistake.Trace);
        folder.Write("shared/bad.csx", "#r \"nothing.dll\"");
        var refused = await cells.ErrorAsync("\n#load \"shared/bad.csx\"");
        Assert.Equal(("DirectiveError", 2), (refused.Kind, refused.Line));
        Assert.StartsWith($"bad.csx: There is no file {folder.In("shared", "nothing.dll")}", refused.Message);
        Assert.Contains("#load takes the path", (await cells.ErrorAsync("#load \"gone.csx\"")).Message);
        Assert.Equal(13, await cells.ValueAsync("Weeks(new(new(2024, 7, 1), 26))"));
    }

    [Fact]
    public async Task A_package_that_no_feed_has_is_told_by_name()
    {
        using var cells = new Cells();
        var error = await cells.ErrorAsync("#r \"nuget: CustomerValue.No.Such.Package, 1.0.0\"\n1");
        Assert.Equal(("DirectiveError", 1), (error.Kind, error.Line));
        Assert.Contains("CustomerValue.No.Such.Package 1.0.0 can't be restored", error.Message);
        Assert.Contains("must name a package and its version", (await cells.ErrorAsync("#r \"nuget: Markdig\"")).Message);
        Assert.Equal(1, await cells.ValueAsync("1"));                           // forgotten: later cells don't ask for it again
    }

    [Fact]
    public async Task A_package_brings_its_native_libraries()
    {
        using var cells = new Cells();
        await cells.ValueAsync("#r \"nuget: Microsoft.Data.Sqlite, 10.0.15\"\nusing Microsoft.Data.Sqlite;\nvar lite = new SqliteConnection(\"Data Source=:memory:\");");
        await cells.ValueAsync("#!sql --as rows --connection lite\nSELECT 40 + 2 AS answer");
        Assert.Equal(42L, await cells.ValueAsync("rows[0][\"answer\"]"));
    }

    [Fact]
    public async Task A_value_that_fails_or_never_ends_while_it_is_shown_is_the_cells_failure()
    {
        using var cells = new Cells();
        var error = await cells.ErrorAsync("new[] { \"1\", \"x\" }\n  .Select(int.Parse)");
        Assert.Equal("System.FormatException", error.Kind);
        Assert.Equal("TimeLimit", (await cells.RunAsync("Enumerable.Range(0, 9).Where(n => { while (true) { } })", limit: TimeSpan.FromSeconds(0.3))).Error?.Kind);
        Assert.Equal("1", (await cells.RunAsync("1")).Shown!.Forms["text/plain"]!.ToString());
    }

    [Fact]
    public async Task Code_can_be_stopped_and_memory_collected_however_often_code_was_stopped_before()
    {
        using var cells = new Cells();
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal("TimeLimit", (await cells.RunAsync("await Task.Yield(); while (true) { }", limit: TimeSpan.FromSeconds(0.1))).Error?.Kind);
            Assert.Equal("TimeLimit", (await cells.RunAsync("Enumerable.Range(0, 9).Where(n => { while (true) { } })", limit: TimeSpan.FromSeconds(0.1))).Error?.Kind);
            GC.Collect();
        }
        Assert.Equal(2, await cells.ValueAsync("1 + 1"));
    }

    [Fact]
    public async Task What_cells_say_is_known_before_and_after_a_new_reference()
    {
        using var cells = new Cells();
        await cells.ValueAsync("var shown = display(\"first\");");
        await cells.ValueAsync($"#r \"{typeof(Xunit.FactAttribute).Assembly.Location}\"\nvar fact = typeof(Xunit.FactAttribute); display(fact.Name);");
        await cells.ValueAsync("display(Table.Of(new[] { 1 }, (\"n\", n => n))); shown.Update(\"again\");");
        await cells.ValueAsync("#r \"customervalue\"\ndisplay(new DateOnly(2024, 7, 1)); new Prose(\"en\").Text(\"a\", \"b\")");
    }
}

/// <summary>Computes in a library, without a word to stop it.</summary>
public static class Computation
{
    private static readonly TaskCompletionSource s_started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private static volatile bool s_isDone;

    public static Task Started => s_started.Task;

    public static bool IsDone
    {
        set => s_isDone = value;
    }

    public static void Run()
    {
        s_started.SetResult();
        while (!s_isDone)
        {
        }
    }
}
