namespace CustomerValue.Notebooks.Tests;

public class StopPointTests
{
    private const string Here = "global::CustomerValue.Notebooks.StopPoint.Pass();";

    [Theory]
    [InlineData("while (a) { b(); }", "while (a) {@ b(); }")]
    [InlineData("while (a) ;", "while (a) {@;}")]
    [InlineData("for (;;) foreach (var x in y) b(x);", "for (;;) {@foreach (var x in y) {@b(x);}}")]
    [InlineData("do b(); while (a);", "do {@b();} while (a);")]
    [InlineData("foreach (var (x, y) in z)\n{ // why\n    b();\n}", "foreach (var (x, y) in z)\n{@ // why\n    b();\n}")]
    [InlineData("int F(int n) { return F(n); }\nclass C { void G() { } int H => 1; ~C() { } }", "int F(int n) {@ return F(n); }\nclass C { void G() {@ } int H => 1; ~C() { } }")]
    [InlineData("a(x => { b(x); }, () => 1, delegate { c(); });", "a(x => {@ b(x); }, () => 1, delegate {@ c(); });")]
    [InlineData("int F(int n) => F(n);\nvoid G()\n  => F(1);\nasync Task H() => await I();", "int F(int n) {@return  F(n);}\nvoid G()\n  {@ F(1);}\nasync Task H() => await I();")]
    [InlineData("class C { string D(int n) => throw new E(n); }", "class C { string D(int n) {@ throw new E(n);} }")]
    [InlineData("a();\nif (b) c();", "a();\nif (b) c();")]
    [InlineData("while (a) { b( }", "while (a) { b( }")]
    public void Every_turn_of_a_loop_and_every_method_has_one_and_no_line_moves(string code, string with) => Assert.Equal(with.Replace("@", Here), StopPoint.Into(code));

    [Fact]
    public async Task Lambdas_have_one_too_but_for_those_that_are_data()
    {
        using var cells = new Cells();
        await cells.ValueAsync("using System.Linq.Expressions;\nvar sum = 0; void Add(int n) => sum += n;");
        Assert.Equal(6, await cells.ValueAsync("Enumerable.Range(1, 3).ToList().ForEach(n => Add(n)); sum"));
        Assert.Equal(9, await cells.ValueAsync("Func<int, Func<int, int>> plus = a => b => a + b; Func<int> fails = () => throw new Exception(); plus(4)(5)"));
        Assert.Equal("x => (x + 1)", await cells.ValueAsync("Expression<Func<int, int>> next = x => x + 1; next.ToString()"));
        Assert.Equal(2, await cells.ValueAsync("await Task.Run(() => 2)"));
        Assert.Equal(3, await cells.ValueAsync("await Task.Run(async () => { await Task.Yield(); return 3; })"));
        Assert.Equal(7, await cells.ValueAsync("var seven = () => 7; seven()"));
        Assert.Equal("b, a", await cells.ValueAsync("string.Join(\", \", new[] { (1, \"a\"), (0, \"b\") }.OrderBy(p => p.Item1).Select(p => $\"{p.Item2}\"))"));
    }

    [Fact]
    public async Task What_code_does_and_what_is_said_of_it_stays_the_same()
    {
        using var cells = new Cells();
        Assert.Equal(10, await cells.ValueAsync("""
            var sum = 0;
            foreach (var (a, b) in new[] { (1, 2), (3, 4) }) for (var i = 0; i < 2; i++) if (a > 1) sum += a;
            do sum += 2; while (sum < 8);
            IEnumerable<int> Two() { while (true) { yield return 1; yield return 1; yield break; } }
            async Task<int> Later() { await Task.Yield(); return 1; }
            $"{new[] { 1 }.Select(x => { return x; }).Count()}".Length + sum + Two().Count() - await Later()
            """));
        var compiled = await cells.ErrorAsync("while (true) { Missing(); }");
        Assert.Contains("cell 2, line 1, column 16: CS0103", compiled.Trace[0]);
        Assert.Equal("    while (true) { Missing(); }", compiled.Trace[1]);
        var thrown = await cells.ErrorAsync("\nwhile (true) {\n  int.Parse(\"no\"); }");
        Assert.Equal(["    at cell 3, line 3"], thrown.Trace.Skip(1));
    }
}
