using System.Globalization;

namespace CustomerValue.LightGbm;

/// <summary>One tree: inner nodes as arrays, a child below 0 standing for leaf ~child, as in LightGBM.</summary>
/// <param name="Column">[nodes]: position of the column that is asked.</param>
/// <param name="Threshold">[nodes]: up to it to the left, above it to the right.</param>
/// <param name="NaNLeft">[nodes]: where a NaN goes.</param>
/// <param name="Left">[nodes]</param>
/// <param name="Right">[nodes]</param>
/// <param name="Leaves">[nodes + 1]: what the tree adds to the raw score.</param>
internal sealed record Tree(int[] Column, double[] Threshold, bool[] NaNLeft, int[] Left, int[] Right, double[] Leaves);

/// <summary>Reads LightGBM's text format, version 4, so strictly that whatever is accepted can be scored: every node is reached once, every column exists, every number is finite.</summary>
/// <remarks>The native library trusts its text; a damaged one could make it read beyond its arrays or run in circles. So texts pass through here first.</remarks>
internal sealed class TreeText
{
    private const int MostTrees = 1_000_000, MostLeaves = 131_072, MostColumns = 100_000;

    // What LightGBM writes; anything else isn't its, and the native library, which explains scores, isn't given it to guess at.
    private static readonly string[] s_head =
        ["version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx", "objective", "feature_names", "monotone_constraints", "feature_infos", "average_output", "tree_sizes"];
    private static readonly string[] s_tree =
        ["num_leaves", "num_cat", "split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child", "leaf_value", "leaf_weight", "leaf_count",
         "internal_value", "internal_weight", "internal_count", "is_linear", "shrinkage"];

    private delegate T Reader<T>(ReadOnlySpan<char> text);

    private readonly string _text;
    private int _at, _line;

    private TreeText(string text) => _text = text;

    /// <summary>Columns and trees of a model.</summary>
    /// <exception cref="LightGbmException">The text is no model that can be scored; the message names the line.</exception>
    public static (string[] Columns, Tree[] Trees) Read(string text)
    {
        if (!text.StartsWith("tree\n", StringComparison.Ordinal))
            throw new LightGbmException(
                $"This is no LightGBM model: its text begins with '{text[..Math.Min(text.Length, 40)].ReplaceLineEndings(" ")}', where 'tree' is expected. " +
                "Pass the whole of what Booster.Text holds, or a file saved by LightGBM's save_model.");
        if (text.Contains('\0')) throw new LightGbmException("This LightGBM model holds a zero byte; it was damaged. Take it from its source again.");
        return new TreeText(text).Model();
    }

    private (string[], Tree[]) Model()
    {
        Line();
        var head = Fields("tree_sizes", s_head);
        if (head.GetValueOrDefault("version") != "v4") throw Wrong($"version '{head.GetValueOrDefault("version")}' stands where v4 is expected");
        if (head.GetValueOrDefault("num_class") != "1" || head.GetValueOrDefault("num_tree_per_iteration") != "1") throw Wrong("models with one answer a row can be scored, and this has several");
        _ = Whole(Needed(head, "label_index"), 0, MostColumns);
        if (head.ContainsKey("average_output")) throw Wrong("a random forest can't be scored here");
        string[] columns = [.. Needed(head, "feature_names").Split(' ')];
        if (columns.Length > MostColumns || columns.Any(c => c.Length == 0) || columns.Distinct(StringComparer.Ordinal).Count() != columns.Length) throw Wrong("feature_names doesn't name each column once");
        if (Needed(head, "max_feature_idx") != (columns.Length - 1).ToString(CultureInfo.InvariantCulture)) throw Wrong($"max_feature_idx doesn't agree with {columns.Length} feature_names");
        Each<bool>(Needed(head, "feature_infos"), columns.Length, "feature_infos", Range);
        if (!head.GetValueOrDefault("objective", "").All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or ':' or '.' or '_' or '-')) throw Wrong("objective is none of LightGBM's");
        string[] sizes = head["tree_sizes"].Length == 0 ? [] : head["tree_sizes"].Split(' ');

        var trees = new List<Tree>();
        var start = -1;
        while (true)
        {
            var begin = _at;
            var line = Next();
            if (line.Length == 0) continue;
            // The native library jumps from tree to tree by these sizes.
            if (start >= 0 && (trees.Count > sizes.Length || sizes[trees.Count - 1] != (begin - start).ToString(CultureInfo.InvariantCulture)))
                throw Wrong($"tree_sizes doesn't tell the size of tree {trees.Count - 1}, {begin - start} characters");
            if (line == "end of trees") break;
            start = begin;
            if (line != $"Tree={trees.Count.ToString(CultureInfo.InvariantCulture)}") throw Wrong($"'Tree={trees.Count}' or 'end of trees' is expected, found '{Short(line)}'");
            if (trees.Count == MostTrees) throw Wrong($"there are more than {MostTrees} trees");
            trees.Add(One(columns.Length));
        }
        if (trees.Count != sizes.Length) throw Wrong($"tree_sizes tells of {sizes.Length} trees, and {trees.Count} stand here");
        return (columns, [.. trees]);
    }

    private Tree One(int columns)
    {
        var fields = Fields("shrinkage", s_tree);
        var leaves = Whole(Needed(fields, "num_leaves"), 1, MostLeaves);
        if (Needed(fields, "num_cat") != "0") throw Wrong("a tree splits on categories; columns are numbers here");
        if (fields.GetValueOrDefault("is_linear", "0") != "0") throw Wrong("a tree has linear leaves, which can't be scored here");
        var nodes = leaves - 1;
        var values = Each(Needed(fields, "leaf_value"), leaves, "leaf_value", Finite);
        _ = Finite(Needed(fields, "shrinkage"));
        foreach (var (name, count) in ((string, int)[])[("leaf_weight", leaves), ("leaf_count", leaves), ("split_gain", nodes), ("internal_value", nodes), ("internal_weight", nodes), ("internal_count", nodes)])
            if (fields.TryGetValue(name, out var text) && (count > 1 || text.Length > 0)) Each<double>(text, count, name, name.EndsWith("count", StringComparison.Ordinal) ? t => Whole(t, 0, int.MaxValue) : Finite);
        // How often training rows came by: what Shapley values are weighted with.
        if (nodes > 0) foreach (var name in (string[])["leaf_count", "internal_count"]) Each(Needed(fields, name), name == "leaf_count" ? leaves : nodes, name, t => Whole(t, 1, int.MaxValue));
        if (nodes == 0) return new([], [], [], [], [], values);

        var kinds = Each(Needed(fields, "decision_type"), nodes, "decision_type", text => Whole(text, 0, 15));
        foreach (var kind in kinds)
            if ((kind & 1) != 0 || kind >> 2 is not (0 or 2)) throw Wrong($"decision_type {kind} is no split of a number, or one with zeros taken for missing");
        var tree = new Tree(
            Each(Needed(fields, "split_feature"), nodes, "split_feature", text => Whole(text, 0, columns - 1)),
            Each(Needed(fields, "threshold"), nodes, "threshold", Finite),
            // Where no NaN was seen in training (missing type 0) LightGBM takes one for 0.
            new bool[nodes],
            Each(Needed(fields, "left_child"), nodes, "left_child", text => Whole(text, -leaves, nodes - 1)),
            Each(Needed(fields, "right_child"), nodes, "right_child", text => Whole(text, -leaves, nodes - 1)),
            values);
        for (var n = 0; n < nodes; n++) tree.NaNLeft[n] = kinds[n] >> 2 == 2 ? (kinds[n] & 2) != 0 : 0 <= tree.Threshold[n];
        Check(tree);
        return tree;
    }

    // Every node and leaf has one parent, and children come after their parents: then all hang together, and none leads back.
    private void Check(Tree tree)
    {
        var nodes = tree.Left.Length;
        var (inner, leaf) = (new bool[nodes], new bool[nodes + 1]);
        for (var n = 0; n < nodes; n++)
            foreach (var child in (ReadOnlySpan<int>)[tree.Left[n], tree.Right[n]])
            {
                if (child >= 0 ? child <= n || inner[child] : leaf[~child]) throw Wrong($"node {n} has child {child}, which comes before it or has another parent");
                if (child >= 0) inner[child] = true; else leaf[~child] = true;
            }
    }

    private Dictionary<string, string> Fields(string last, string[] known)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            var line = Next();
            if (line.Length == 0) throw Wrong($"'{last}' is expected before an empty line");
            var cut = line.IndexOf('=', StringComparison.Ordinal);
            var name = cut < 0 ? line : line[..cut];
            if (!known.Contains(name)) throw Wrong($"'{Short(name)}' isn't a field of LightGBM's that stands here");
            if (!fields.TryAdd(name, cut < 0 ? "" : line[(cut + 1)..])) throw Wrong($"'{Short(name)}' stands twice");
            if (name == last) return fields;
        }
    }

    private T[] Each<T>(string text, int count, string name, Reader<T> read)
    {
        var values = new T[count];
        var found = 0;
        foreach (var part in text.AsSpan().Split(' '))
        {
            if (found < count) values[found] = read(text.AsSpan(part));
            found++;
        }
        return found == count ? values : throw Wrong($"{name} has {found} values, where {count} are expected");
    }

    private double Finite(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value : throw Wrong($"'{Short(text.ToString())}' is no finite number");

    private int Whole(ReadOnlySpan<char> text, int low, int high) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high
            ? value : throw Wrong($"'{Short(text.ToString())}' is no whole number from {low} to {high}");

    // [low:high] of the training rows, or none.
    private bool Range(ReadOnlySpan<char> text)
    {
        if (text is "none") return true;
        var cut = text.IndexOf(':');
        if (cut < 0 || text[0] != '[' || text[^1] != ']') throw Wrong($"'{Short(text.ToString())}' is no range of a column");
        return Finite(text[1..cut]) <= Finite(text[(cut + 1)..^1]);
    }

    private string Needed(Dictionary<string, string> fields, string name) => fields.GetValueOrDefault(name) ?? throw Wrong($"'{name}' is missing");

    private string Next() => Line() ?? throw Wrong("the text ends in the middle");

    private string? Line()
    {
        if (_at >= _text.Length) return null;
        _line++;
        var end = _text.IndexOf('\n', _at);
        if (end < 0) end = _text.Length;
        var line = _text[_at..end];
        _at = end + 1;
        return line;
    }

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private LightGbmException Wrong(string what) =>
        new($"This LightGBM model can't be scored: line {_line}: {what}. Take the text from Booster.Text or LightGBM's save_model again, whole and unchanged.");
}
