namespace CustomerValue.Charts;

/// <summary>Groups side by side, none of which is more than the others. There are looks for seven; those beyond share one.</summary>
internal static class Groups
{
    private static readonly Role[] s_roles = [Role.Group1, Role.Group2, Role.Group3, Role.Group4, Role.Group5, Role.Group6, Role.Group7];

    /// <summary>The look of a group, by its number from 0.</summary>
    public static Role Of(int number) => number < s_roles.Length ? s_roles[number] : Role.Other;

    /// <summary>The legend of a group; those that share a look share a line.</summary>
    /// <param name="name">The group.</param>
    /// <param name="number">Its number from 0.</param>
    /// <param name="groups">How many there are.</param>
    public static Phrase? Legend(string name, int number, int groups) =>
        number > s_roles.Length ? null : number < s_roles.Length || groups == s_roles.Length + 1 ? Phrase.Name(name) : $"the other {groups - s_roles.Length}";

    /// <summary>How many are shown, where that isn't all.</summary>
    /// <param name="shown">How many are shown.</param>
    /// <param name="all">How many there are.</param>
    /// <param name="told">The same in words.</param>
    public static Phrase Of(int shown, int all, Phrase told) => shown < all ? $"{FigureText.Count(shown)} of {told}" : told;

    /// <summary>At most so many of so many numbers from 0, evenly apart.</summary>
    public static IEnumerable<int> Sample(int of, int most) => of <= most ? Enumerable.Range(0, of) : Enumerable.Range(0, most).Select(i => (int)((long)i * of / most));
}
