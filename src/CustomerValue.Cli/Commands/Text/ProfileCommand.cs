using System.CommandLine;
using CustomerValue.Text;
using Spectre.Console;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>Tells what a file of texts is like.</summary>
internal static class ProfileCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "Texts in UTF-8: .txt (one a line), .csv, .tsv or .jsonl; each also gzipped (.gz)." };
    private static readonly Option<string?> s_column = new("--column") { Description = "The column that holds the texts; needed for all but .txt.", HelpName = "NAME" };
    private static readonly Option<string?> s_group = new("--group") { Description = "A column with few values, such as left or stayed: shows what each group writes more than the others.", HelpName = "NAME" };
    private static readonly Option<int> s_top = new("--top") { Description = "Words, and terms of each group, to show.", DefaultValueFactory = _ => 15 };
    private static readonly Option<int> s_least = new("--least") { Description = "Terms of groups seen less often than this are passed by.", DefaultValueFactory = _ => 10 };

    public static Command Create() => new Command("profile",
        """
        Show what a file of texts is like: how many, in which languages, how long, with emoji, addresses or HTML in them, and their commonest words.
        With --group also what each group writes more than all others: log-odds ratios with a prior, z beyond 2 is rarely chance.

        Example: customervalue text profile reviews.csv --column text --group left --top 20
        """)
    {
        s_file, s_column, s_group, s_top, s_least,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() =>
    {
        var (file, top) = (parsed.GetValue(s_file)!, parsed.GetValue(s_top));
        if (top is < 1 or > 10_000) throw new UsageException($"--top {top}: it must lie between 1 and 10000.");
        if (parsed.GetValue(s_least) is var least && least < 1) throw new UsageException($"--least {least}: it must be at least 1.");
        if (!File.Exists(file)) throw new UsageException($"There is no file '{file}'.");
        var texts = TextColumn.Read(file, parsed.GetValue(s_column), parsed.GetValue(s_group));
        var profile = TextProfile.Of(texts, top, new() { LeastCount = least, LeastTexts = Math.Min(least, 5) }, terminal, cancellation);
        Show(profile, terminal);
        return profile;
    }, CancellationToken.None));

    private static void Show(TextProfile profile, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("what").AddColumn(new TableColumn("figure").RightAligned());
        table.AddRow("texts", Terminal.Text($"{profile.Texts:#,0}"));
        table.AddRow("empty", Terminal.Text($"{profile.Empty:#,0}"));
        table.AddRow("repeats of an earlier one", Terminal.Text($"{profile.Repeated:#,0}"));
        foreach (var (language, count) in profile.Languages.OrderByDescending(l => l.Value)) table.AddRow(Name(language), Terminal.Text($"{count:#,0}"));
        table.AddRow("characters: mean / median / 95 % / longest", Terminal.Text($"{profile.Lengths.Mean:0.0} / {profile.Lengths.Median} / {profile.Lengths.P95} / {profile.Lengths.Longest}"));
        table.AddRow("words", Terminal.Text($"{profile.Words:#,0}"));
        table.AddRow("with emoji", Percent(profile.EmojiShare));
        table.AddRow("with a web address", Percent(profile.UrlShare));
        table.AddRow("with an e-mail address", Percent(profile.EmailShare));
        table.AddRow("with HTML", Percent(profile.HtmlShare));
        terminal.Show(table);
        terminal.Line($"Commonest words: {string.Join(", ", profile.TopWords.Select(w => $"{w.Word} {w.Count}"))}");
        foreach (var group in profile.Groups) Show(group, terminal);
    }

    private static void Show(GroupKeywords group, Terminal terminal)
    {
        terminal.Line();
        terminal.Line(Terminal.Text($"{(group.Group.Length == 0 ? "(no value)" : group.Group)}: {group.Texts:#,0} texts write more than the others:"));
        var table = new Table().Border(TableBorder.Simple).AddColumns("term", "language");
        foreach (var title in new[] { "z", "log-odds", "here", "others" }) table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var word in group.Keywords)
            table.AddRow(Markup.Escape(word.Term), Name(word.Language), Terminal.Text($"{word.Z:0.0}"), Terminal.Text($"{word.LogOdds:0.00}"), Terminal.Text($"{word.InGroup}"), Terminal.Text($"{word.InOthers}"));
        terminal.Show(table);
    }

    private static string Name(TextLanguage language) => language switch
    {
        TextLanguage.English => "en",
        TextLanguage.Chinese => "zh",
        TextLanguage.Mixed => "mixed",
        _ => "other",
    };

    private static string Percent(double share) => Terminal.Text($"{100 * share:0.0} %");
}
