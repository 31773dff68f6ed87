namespace CustomerValue.Experiments;

/// <summary>What every experiment asks of the names of its candidates.</summary>
internal static class CandidateNames
{
    /// <exception cref="ArgumentException">There are none, or two are the same.</exception>
    public static void Check(string experiment, IEnumerable<string> names)
    {
        var all = names.ToList();
        if (all.Count == 0) throw new ArgumentException($"Experiment {experiment} compares nothing: give it candidates, a baseline among them.");
        if (all.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Experiment {experiment} has two candidates named '{twice.Key}'. Names become columns; make them differ.");
    }
}
