using System.Xml.Linq;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models;

namespace CustomerValue.Charts.Tests;

/// <summary>Customers made by whole-number arithmetic, and candidates of several kinds; the last one's name is what a careless writer stumbles over.</summary>
internal static class Sample
{
    public const int Rows = 203;
    public const string Hostile = "trees <script>alert(1)</script> & \"sons\" 客户价值 \u0001\ud800";

    public static readonly Labels Labels = Of(row => row % 3 == 0 ? 0 : row * 37 % 101 * (row % 11 + 1) / 4.0);

    public static readonly IReadOnlyList<(string Name, Scores Scores)> Candidates =
    [
        ("mean", new(Spend: Column(_ => 120), Churn: Column(_ => 0.34))),
        ("spend-so-far", new(Spend: Column(row => row * 53 % 211 * 2))),
        ("blend", new(Spend: Column(row => Labels.Spend[row] * 0.7 + row * 29 % 83), Churn: Column(row => (Labels.Churned[row] ? 40 + row % 57 : row % 61) / 100.0))),
        (Hostile, new(Spend: Column(row => Labels.Spend[row] * 0.4 + row * 31 % 97), Churn: Column(row => (Labels.Churned[row] ? 30 + row % 67 : row % 71) / 100.0))),
    ];

    public static Labels Of(Func<int, double> spend, int rows = Rows)
    {
        var spent = Column(spend, rows);
        return new(180, spent, [.. spent.Select(s => s == 0)], [.. spent.Select(s => s == 0 ? 0 : 1)]);
    }

    public static double[] Column(Func<int, double> value, int rows = Rows) => [.. Enumerable.Range(0, rows).Select(value)];

    /// <summary>The findings of a run over these customers; the blend was chosen for both questions.</summary>
    public static RunFindings Findings(Labels labels, IReadOnlyList<(string Name, Scores Scores)> candidates, string? value = "blend", string? churn = "blend")
    {
        var experiment = new Experiment("0009-sample")
        {
            Question = "Who?", Data = _ => throw new InvalidOperationException("Charts read no data."), Pseudonyms = Pseudonyms.Published, Features = null!,
            Split = new([], new(2024, 7, 1), labels.HorizonDays), Candidates = [], Seed = 7,
        };
        var board = Scoreboard.Of(labels, candidates, Metric.All);
        var bootstrap = new PairedBootstrap(labels.Rows, 7, draws: 40);
        var comparisons = new[] { (Target.Value, value), (Target.Churn, churn) }.Where(w => w.Item2 is not null)
            .SelectMany(w => Scoreboard.Compare(w.Item1, w.Item2!, labels, candidates, Metric.All, bootstrap)).ToList();
        return new(experiment, new("0009-sample", "Who?", new string('a', 32), "abc", "data", 7, 1, new([], new(2024, 7, 1), 180, 180), new(0, labels.Rows), new(0, 0, 0),
            [.. board.Candidates.Select(c => new CandidateResult(c.Name, 0, 0, c.Metrics, new Dictionary<string, double>(), new Dictionary<string, string>()))],
            comparisons, new(value, churn, "decree"), []), labels, candidates);
    }

    /// <summary>The picture, read as any XML reader would.</summary>
    public static XElement Parsed(this Chart chart) => XDocument.Parse(chart.ToSvg()).Root!;

    public static IEnumerable<XElement> All(this XElement svg, string name) => svg.Descendants(XName.Get(name, "http://www.w3.org/2000/svg"));

    public static IEnumerable<string> Texts(this Chart chart) => chart.Parsed().All("text").Select(t => t.Value);
}
