using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>One of the figures that a report leads with.</summary>
/// <param name="Name">What is measured, in the report's language.</param>
/// <param name="Value">The figure as it is to be read, unit included.</param>
/// <param name="Note">What belongs beside it, as its interval; empty for nothing.</param>
public sealed record KeyFigure(string Name, string Value, string Note = "")
{
    /// <summary>As it stands in a sentence.</summary>
    public override string ToString() => $"{Name} {Value} {Note}".TrimEnd();
}

/// <summary>What a report says in short, and the logged run that says it. As a cell's value it is shown as cards; a site's first page reads it from there.</summary>
/// <param name="Figures">At least one, the one that matters most first.</param>
public sealed partial record KeyFigures(IReadOnlyList<KeyFigure> Figures)
{
    /// <summary>The form that pages and a site's first page read.</summary>
    public const string MimeType = "application/vnd.customervalue.key-figures+json";

    /// <summary>The figures, in order.</summary>
    public IReadOnlyList<KeyFigure> Figures { get; } = Figures.Count > 0 ? Figures : throw new ArgumentException("Key figures need one figure at least.", nameof(Figures));

    /// <summary>The run that the figures are of; null where there is none.</summary>
    /// <exception cref="ArgumentException">It isn't 32 hex digits.</exception>
    public string? Run
    {
        get;
        init => field = value is null || RunId().IsMatch(value) ? value : throw new ArgumentException($"A run's id is 32 hex digits in lower case; '{value}' is none.", nameof(Run));
    }

    /// <summary>Where the run can be looked at; null where no server holds it.</summary>
    /// <exception cref="ArgumentException">It isn't an address that begins with http:// or https://.</exception>
    public string? RunLink
    {
        get;
        init => field = value is null || Address().IsMatch(value) ? value : throw new ArgumentException($"A run's link begins with http:// or https://; '{value}' doesn't.", nameof(RunLink));
    }

    /// <summary>The experiment that the run is of, as <c>0001-shop</c>; null where it isn't said.</summary>
    public string? Experiment { get; init; }

    internal MimeBundle ToBundle()
    {
        var words = PageWords.Of(PageText.Language(string.Concat(Figures.Select(figure => figure.Name))));
        return new(new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            [MimeType] = new JsonObject
            {
                ["figures"] = new JsonArray([.. Figures.Select(figure => new JsonObject { ["name"] = figure.Name, ["value"] = figure.Value, ["note"] = figure.Note })]),
                ["run"] = Run,
                ["run_link"] = RunLink,
                ["experiment"] = Experiment,
            },
            [MimeBundle.Html] = $"<style>{PageFrame.Resource("KeyFigures.css")}</style>{ToHtml(words)}",
            [MimeBundle.Plain] = string.Join('\n', [.. Figures.Select(figure => $"{figure.Name}: {figure.Value} {figure.Note}".TrimEnd()), .. Run is null ? [] : new[] { $"{words.Run}: {Run}" }]),
        });
    }

    /// <summary>From the form of <see cref="MimeType"/>; null where a file has something else there.</summary>
    internal static KeyFigures? Of(JsonNode? json)
    {
        if (json is not JsonObject form || form["figures"] is not JsonArray { Count: > 0 } listed) return null;
        var figures = listed.Select(figure => figure is JsonObject f && Text(f["name"]) is { } name && Text(f["value"]) is { } value ? new KeyFigure(name, value, Text(f["note"]) ?? "") : null).ToList();
        if (figures.Contains(null)) return null;
        var (run, link) = (Text(form["run"]), Text(form["run_link"]));
        return new(figures!)
        {
            Run = run is not null && RunId().IsMatch(run) ? run : null,
            RunLink = link is not null && Address().IsMatch(link) ? link : null,
            Experiment = Text(form["experiment"]),
        };
    }

    /// <summary>Cards, and below them where the figures come from.</summary>
    internal string ToHtml(PageWords words)
    {
        var html = new StringBuilder("<div class=\"key-figures\"><dl>");
        foreach (var figure in Figures)
            html.Append($"<div><dt>{PageText.Encode(figure.Name)}</dt><dd>{PageText.Encode(figure.Value)}</dd>{(figure.Note.Length == 0 ? "" : $"<dd class=\"note\">{PageText.Encode(figure.Note)}</dd>")}</div>");
        html.Append("</dl>");
        string[] source = [.. Experiment is null ? [] : new[] { $"{words.Experiment} {PageText.Encode(Experiment)}" }, .. Run is null ? [] : RunParts(words)];
        if (source.Length > 0) html.Append("<p class=\"note\">").AppendJoin(" · ", source).Append("</p>");
        return html.Append("</div>").ToString();
    }

    private string[] RunParts(PageWords words) => RunLink is null
        ? [$"{words.Run} <code>{Run}</code>", $"<code>customervalue runs show {Run![..8]}</code>"]
        : [$"{words.Run} <a href=\"{PageText.Encode(RunLink)}\">{Run}</a>"];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    [GeneratedRegex("^[0-9a-f]{32}\\z")]
    private static partial Regex RunId();

    [GeneratedRegex("^https?://[^\\s/]+(?:/\\S*)?\\z", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
