using System.Runtime.Intrinsics;

namespace CustomerValue.LightGbm;

/// <summary>Raw scores of rows, in managed code: the same additions in the same order as LightGBM's, so the same bits, and several times as fast on small trees.</summary>
/// <remarks>
/// A small tree is worked out from its leaves up for 32 rows at a time: at each node one comparison of a column's neighbours with the threshold picks
/// between what the two children gave. That asks all nodes where a walk asks only those on its way, but takes no branch and reads columns as they lie.
/// </remarks>
internal sealed unsafe class TreeScores
{
    // Rows of a strip; leaves up to which working out all nodes beats walking; rows whose columns stay near the processor while all trees pass over them; rows that
    // one thread takes at a time.
    private const int Strip = 32, SmallLeaves = 64, TileRows = 512, BlockRows = 4096;

    private readonly Tree[] _trees;
    private readonly Step[]?[] _steps;
    private readonly int _depth;

    public TreeScores(int columns, Tree[] trees)
    {
        _trees = trees;
        _steps = [.. trees.Select(t => t.Leaves.Length <= SmallLeaves ? Steps(t) : null)];
        _depth = _steps.Max(steps => steps?.Length ?? 0) + 1;
        var used = new bool[columns];
        foreach (var tree in trees)
            foreach (var column in tree.Column) used[column] = true;
        Used = used;
    }

    /// <summary>[columns]: whether any tree asks for the column.</summary>
    public IReadOnlyList<bool> Used { get; }

    /// <summary>Sums of the trees' leaf values.</summary>
    /// <param name="columns">[columns][rows]; one that no tree asks for may be empty.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops between blocks of rows.</param>
    public double[] Of(double[][] columns, int rows, int threads, CancellationToken cancellation)
    {
        var answers = new double[rows];
        var blocks = (rows + BlockRows - 1) / BlockRows;
        if (threads == 1 || blocks < 2)
            for (var block = 0; block < blocks; block++)
            {
                cancellation.ThrowIfCancellationRequested();
                Block(columns, block * BlockRows, Math.Min(rows, (block + 1) * BlockRows), answers);
            }
        else
            Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
                block => Block(columns, block * BlockRows, Math.Min(rows, (block + 1) * BlockRows), answers));
        return answers;
    }

    private void Block(double[][] columns, int first, int end, double[] answers)
    {
        var whole = HasNaN(columns, first, end) ? first : first + (end - first) / Strip * Strip;
        if (whole > first)
        {
            var stack = stackalloc double[_depth * Strip];
            for (var tile = first; tile < whole; tile += TileRows)
            {
                var tileEnd = Math.Min(whole, tile + TileRows);
                for (var t = 0; t < _trees.Length; t++)
                    if (_steps[t] is { } steps)
                        for (var row = tile; row < tileEnd; row += Strip) Add(steps, columns, row, answers, stack);
                    else
                        for (var row = tile; row < tileEnd; row++) answers[row] += Walk(_trees[t], columns, row);
            }
        }
        for (var row = whole; row < end; row++)
            foreach (var tree in _trees) answers[row] += Walk(tree, columns, row);
    }

    private bool HasNaN(double[][] columns, int first, int end)
    {
        for (var c = 0; c < columns.Length; c++)
            if (Used[c])
                foreach (var value in columns[c].AsSpan(first, end - first))
                    if (double.IsNaN(value)) return true;
        return false;
    }

    private static double Walk(Tree tree, double[][] columns, int row)
    {
        if (tree.Left.Length == 0) return tree.Leaves[0];
        var node = 0;
        while (node >= 0)
        {
            var value = columns[tree.Column[node]][row];
            node = (double.IsNaN(value) ? tree.NaNLeft[node] : value <= tree.Threshold[node]) ? tree.Left[node] : tree.Right[node];
        }
        return tree.Leaves[~node];
    }

    // One node in the order of working out: both children come before it, as values where they are leaves, else on the stack. Column -1: a tree of one leaf.
    private readonly record struct Step(int Column, bool LeftLeaf, bool RightLeaf, double Threshold, double Left, double Right);

    private static Step[] Steps(Tree tree)
    {
        var steps = new List<Step>(tree.Left.Length);
        // Children come after their parents, so the stack below is never deeper than the tree has nodes.
        var open = new Stack<(int Node, bool Ready)>();
        if (tree.Left.Length > 0) open.Push((0, false));
        while (open.TryPop(out var at))
        {
            var (left, right) = (tree.Left[at.Node], tree.Right[at.Node]);
            if (at.Ready)
            {
                steps.Add(new(tree.Column[at.Node], left < 0, right < 0, tree.Threshold[at.Node], left < 0 ? tree.Leaves[~left] : 0, right < 0 ? tree.Leaves[~right] : 0));
                continue;
            }
            open.Push((at.Node, true));
            if (right >= 0) open.Push((right, false));
            if (left >= 0) open.Push((left, false));
        }
        if (steps.Count == 0) steps.Add(new(-1, true, true, 0, tree.Leaves[0], tree.Leaves[0]));
        return [.. steps];
    }

    private static void Add(Step[] steps, double[][] columns, int row, double[] answers, double* stack)
    {
        var top = stack - Strip;                        // the result that was worked out last
        foreach (ref readonly var step in steps.AsSpan())
        {
            var threshold = Vector256.Create(step.Threshold);
            if (step.Column < 0) { Fill(top += Strip, step.Left); continue; }
            fixed (double* column = &columns[step.Column][row])
            {
                if (step.LeftLeaf && step.RightLeaf)
                {
                    top += Strip;
                    var (left, right) = (Vector256.Create(step.Left), Vector256.Create(step.Right));
                    for (var i = 0; i < Strip; i += 4) Pick(column + i, threshold, left, right).Store(top + i);
                }
                else if (step.LeftLeaf)
                {
                    var left = Vector256.Create(step.Left);
                    for (var i = 0; i < Strip; i += 4) Pick(column + i, threshold, left, Vector256.Load(top + i)).Store(top + i);
                }
                else if (step.RightLeaf)
                {
                    var right = Vector256.Create(step.Right);
                    for (var i = 0; i < Strip; i += 4) Pick(column + i, threshold, Vector256.Load(top + i), right).Store(top + i);
                }
                else
                {
                    top -= Strip;
                    for (var i = 0; i < Strip; i += 4) Pick(column + i, threshold, Vector256.Load(top + i), Vector256.Load(top + Strip + i)).Store(top + i);
                }
            }
        }
        fixed (double* sums = &answers[row])
            for (var i = 0; i < Strip; i += 4) (Vector256.Load(sums + i) + Vector256.Load(top + i)).Store(sums + i);
    }

    private static Vector256<double> Pick(double* values, Vector256<double> threshold, Vector256<double> left, Vector256<double> right) =>
        Vector256.ConditionalSelect(Vector256.LessThanOrEqual(Vector256.Load(values), threshold), left, right);

    private static void Fill(double* place, double value)
    {
        for (var i = 0; i < Strip; i++) place[i] = value;
    }
}
