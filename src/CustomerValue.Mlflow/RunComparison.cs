namespace CustomerValue.Mlflow;

/// <summary>A setting, tag or data set that two runs don't have alike.</summary>
/// <param name="Kind">setting, tag, data or run.</param>
/// <param name="Inside">The run inside, by name; null for the run itself.</param>
/// <param name="Name">The setting, tag or data set.</param>
/// <param name="A">What one run has; null where it has none.</param>
/// <param name="B">What the other has.</param>
public sealed record TextDifference(string Kind, string? Inside, string Name, string? A, string? B);

/// <summary>A figure that two runs don't have alike.</summary>
/// <param name="Inside">The run inside, by name; null for the run itself.</param>
/// <param name="Name">The figure.</param>
/// <param name="A">What one run has; null where it has none.</param>
/// <param name="B">What the other has.</param>
/// <param name="Difference">B less A, where both are finite.</param>
public sealed record FigureDifference(string? Inside, string Name, double? A, double? B, double? Difference);

/// <summary>Two runs side by side: what they don't have alike. Runs inside them are matched by name.</summary>
/// <param name="A">One run.</param>
/// <param name="B">The other.</param>
/// <param name="Texts">Settings, tags and data sets that differ.</param>
/// <param name="Figures">Figures that differ.</param>
/// <param name="Same">Settings, tags, data sets and figures that are the same in both.</param>
public sealed record RunComparison(RunSummary A, RunSummary B, IReadOnlyList<TextDifference> Texts, IReadOnlyList<FigureDifference> Figures, int Same)
{
    /// <summary>Compares two runs.</summary>
    /// <param name="a">One run.</param>
    /// <param name="b">The other.</param>
    /// <param name="counts">Whether a name counts; what doesn't is left out, as times and tags that always differ.</param>
    public static RunComparison Of(StoredRun a, StoredRun b, Func<string, bool>? counts = null)
    {
        var (texts, figures, same) = (new List<TextDifference>(), new List<FigureDifference>(), 0);
        counts ??= _ => true;
        Add(null, a, b);
        foreach (var name in a.Nested.Concat(b.Nested).Select(n => n.Run.Name).Distinct())
        {
            var (one, two) = (a.Nested.FirstOrDefault(n => n.Run.Name == name), b.Nested.FirstOrDefault(n => n.Run.Name == name));
            if (one is null || two is null) texts.Add(new("run", name, name, one?.Run.Id, two?.Run.Id));
            else Add(name, one, two);
        }
        return new(a.Run, b.Run, texts, figures, same);

        void Add(string? inside, StoredRun one, StoredRun two)
        {
            Compare("setting", one.Parameters, two.Parameters);
            Compare("tag", one.Tags, two.Tags);
            Compare("data", Data(one), Data(two));
            foreach (var name in one.Metrics.Keys.Union(two.Metrics.Keys).Where(counts))
            {
                var (x, y) = (Figure(one, name), Figure(two, name));
                if (x.Equals(y)) same++;
                else figures.Add(new(inside, name, x, y, x is { } from && y is { } to && double.IsFinite(from) && double.IsFinite(to) ? to - from : null));
            }

            void Compare(string kind, IReadOnlyDictionary<string, string> here, IReadOnlyDictionary<string, string> there)
            {
                foreach (var name in here.Keys.Union(there.Keys).Where(counts))
                {
                    var (x, y) = (here.GetValueOrDefault(name), there.GetValueOrDefault(name));
                    if (x == y) same++;
                    else texts.Add(new(kind, inside, name, x, y));
                }
            }
        }
    }

    private static Dictionary<string, string> Data(StoredRun run) => run.Inputs.GroupBy(i => $"{i.Name} ({i.Context})").ToDictionary(g => g.Key, g => g.Last().Digest);

    private static double? Figure(StoredRun run, string name) => run.Metrics.TryGetValue(name, out var value) ? value : null;
}
