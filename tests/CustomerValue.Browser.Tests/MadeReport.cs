using System.Text.Json.Nodes;
using CustomerValue.Charts;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Notebooks;
using Chart = CustomerValue.Charts.Chart;
using GenericChart = Plotly.NET.GenericChart;

namespace CustomerValue.Browser.Tests;

/// <summary>Reports with all that a page can hold, as a run would leave them.</summary>
internal static class MadeReport
{
    /// <summary>The name of a product that is code, were it not escaped.</summary>
    public const string Product = "<script>alert(1)</script>";

    private const string Run = "c4789850aabbccddeeff001122334455";

    public static NotebookFile English => Report(
        "# Who is worth keeping?\n\nOf this shop's customers, who leaves in the next half year, with $P(x) = \\frac{a}{b}$?\n\n## What was found\n\nSee [below](#Figures) and `code`.\n\n> A quotation.\n\n### Figures\n\n" +
        $"| product | note |\n|---|---|\n| {Product} | 手机壳 |\n");

    public static NotebookFile Chinese => Report($"# 谁值得挽留？\n\n在这家店的顾客中，未来半年谁会流失？概率为 $P(x) = \\frac{{a}}{{b}}$。\n\n## 发现\n\n见下图。\n\n### 数据\n\n| 商品 | 说明 |\n|---|---|\n| {Product} | 手机壳 |\n");

    /// <summary>Without charts, and so opened in no time.</summary>
    public static NotebookFile Plain => Notebook([Words($"# Tables\n\nWhat sells?\n\n| product | note |\n|---|---|\n| {Product} | 手机壳 |\n"), Code("code", "var amounts = \"text\" + 1;", []), Sold]);

    /// <summary>Charts with what takes room: long names, scales of colours, many series; each in both languages.</summary>
    public static NotebookFile Charts
    {
        get
        {
            string[] classes = ["refund", "where is my order", "something else altogether"];
            double[][] told = [.. Enumerable.Range(0, 30).Select(i => i % 4 == 0 ? (double[])[0.2, 0.2, 0.6] : [0.6, 0.3, 0.1])];
            string[] columns = ["days_since_last_purchase", "mean_spend", "probability_of_loyalty_in_what_was_written"];
            var customers = new FeatureTable(new(2024, 7, 1), [.. Enumerable.Range(0, 50).Select(c => $"c{c:D4}")], [.. columns.Select(name => new FeatureInfo(name, "days", "As it says.", "rfm"))],
                [.. columns.Select((_, k) => Column(c => c * (k + 7) % 31))]);
            var reasons = new Contributions(columns, [.. columns.Select((_, k) => Column(c => c * (k + 7) % 31 / 9.0 - 1))]);
            Chart[] all =
            [
                ConfusionMatrixChart.Of(classes, [.. Enumerable.Range(0, 30).Select(i => i % 3)], ("lightgbm-churn-on-mbg", told)), BeeswarmChart.Of(customers, reasons, Answer.Churn),
                EmbeddingMapChart.Of([.. Enumerable.Range(0, 50).Select(i => (float[])[i % 7, i % 5])], [.. Enumerable.Range(0, 50).Select(i => $"a group with a long name, number {i % 6}")]),
                ConcentrationChart.Of(Column(c => c * c)),
            ];
            return Notebook([Words("# Charts\n\nDo they fit?"), .. all.Concat(all.Select(chart => chart.In("zh"))).Select((chart, i) => Code($"chart{i}", "chart", Forms(chart)))]);
        }
    }

    private static double[] Column(Func<int, double> value) => [.. Enumerable.Range(0, 50).Select(value)];

    private static JsonObject Forms(Chart chart) => new()
    {
        ["application/vnd.plotly.v1+json"] = JsonNode.Parse(GenericChart.toFigureJson(chart.Plotly)), ["image/svg+xml"] = chart.ToSvg(), ["text/plain"] = $"{chart.Title} {chart.Reading}",
    };

    private static JsonObject Sold => Code("table", "products", new()
    {
        ["text/html"] = $"<table><thead><tr><th>product</th><th>sold</th></tr></thead><tbody><tr><td>{Product.Replace("<", "&lt;", StringComparison.Ordinal)}</td><td>9</td></tr><tr><td>茶</td><td>1,200</td></tr><tr><td>Ball</td><td>80</td></tr></tbody></table>",
    });

    private static NotebookFile Report(string text)
    {
        var chart = ConcentrationChart.Of([.. Enumerable.Range(1, 60).Select(i => (double)(i * i))]);
        var heads = string.Concat(Enumerable.Range(0, 30).Select(i => i == 9 ? "<th>said</th>" : $"<th>a_long_column_name_{i}</th>"));
        var cells = heads.Replace("said", "a text of a good many words, which would stand one word a line in a column that nothing keeps wide", StringComparison.Ordinal).Replace("th>", "td>", StringComparison.Ordinal);
        var figures = """{ "data": [{ "type": "bar", "x": ["a", "b"], "y": [3, 1], "hovertext": ["three", "one"], "hovertemplate": "%{hovertext} orders<extra></extra>" }], "layout": { "title": { "text": "A figure alone" } } }""";
        return Notebook(
        [
            Words(text),
            Code("figures", "new KeyFigures([...])", new JsonObject { [KeyFigures.MimeType] = JsonNode.Parse($$"""{ "figures": [{ "name": "AUC", "value": "0.910", "note": "[0.897, 0.923]" }], "run": "{{Run}}" }""") }),
            Code("chart", "// one of the house\nvar amounts = \"text\" + 1;", Forms(chart)),
            Code("alone", "figure", new JsonObject { ["application/vnd.plotly.v1+json"] = JsonNode.Parse(figures) }),
            Sold,
            Code("wide", "wide", new JsonObject { ["text/html"] = $"<table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>" }),
        ]);
    }

    private static NotebookFile Notebook(JsonArray cells) =>
        NotebookFile.Parse(new JsonObject { ["cells"] = cells, ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 5 }.ToJsonString(), "the report");

    private static JsonObject Words(string text) => new() { ["cell_type"] = "markdown", ["id"] = "m", ["metadata"] = new JsonObject(), ["source"] = text };

    private static JsonObject Code(string id, string source, JsonObject data) => new()
    {
        ["cell_type"] = "code", ["id"] = id, ["metadata"] = new JsonObject(), ["execution_count"] = 1, ["source"] = source,
        ["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "execute_result", ["execution_count"] = 1, ["metadata"] = new JsonObject(), ["data"] = data }),
    };
}
