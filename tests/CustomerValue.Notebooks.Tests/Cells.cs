namespace CustomerValue.Notebooks.Tests;

/// <summary>A session whose cells are run one after another, named <c>cell 1</c>, <c>cell 2</c>, ...</summary>
internal sealed class Cells(SessionOptions? options = null) : IDisposable
{
    private int _count;

    public CSharpSession Session { get; } = new(options);

    public Shown Shown { get; private set; } = new();

    public async Task<CellResult> RunAsync(string code, TimeSpan? limit = null, CancellationToken cancellation = default) =>
        await Session.RunAsync(code, $"cell {++_count}", Shown = new(), limit, cancellation);

    /// <summary>The value of a cell that must not fail.</summary>
    public async Task<object?> ValueAsync(string code)
    {
        var result = await RunAsync(code);
        Assert.True(result.Ok, string.Join('\n', result.Error?.Trace ?? []));
        return result.Value;
    }

    /// <summary>The error of a cell that must fail.</summary>
    public async Task<CellError> ErrorAsync(string code)
    {
        var result = await RunAsync(code);
        Assert.False(result.Ok);
        return result.Error!;
    }

    public void Dispose() => Session.Dispose();
}
