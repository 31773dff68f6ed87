using System.Text.Json;
using System.Text.RegularExpressions;
using CustomerValue.Evaluation;
using CustomerValue.Testing;
using Plotly.NET;

namespace CustomerValue.Charts.Tests;

public partial class ChineseChartsTests
{
    // What comes from the data of these charts; longer names before those that stand in them.
    private static readonly string[] s_names =
    [
        Sample.Hostile, "where is my order", "spend-so-far", "hibernating", "champions", "at risk", "0009-sample", "refund", "history", "eval/loss", "loss", "accuracy", "letters", "words", "blend", "trees", "mean", "rule", "far",
    ];

    // What is written in Latin letters in Chinese too.
    private static readonly string[] s_latin = ["AUC", "MAE", "RMSE", "ECE", "Brier"];

    private static IReadOnlyList<Chart> All { get; } = [.. SampleCharts.Every, .. RareCharts.Every];

    public static TheoryData<int, string> Charts => [.. All.Select((c, number) => (number, c.Name))];

    [Theory, MemberData(nameof(Charts))]
    public void No_English_word_of_the_house_is_left(int number, string name)
    {
        var chart = All[number].In("zh");
        Assert.Equal(name, chart.Name);                                                                    // a file's name, in each language
        foreach (var text in (string[])[chart.Title, chart.Subtitle, chart.Reading, chart.Description, .. chart.Phrases().Select(chart.Said)])
            Assert.True(English(Nameless(text)) is null, $"'{English(Nameless(text))}' is left in: {text}");
    }

    /// <summary>Names are cut and broken into lines here, so what is left of them is known by its words.</summary>
    [Theory, MemberData(nameof(Charts))]
    public void Drawings_add_no_English_word(int number, string name)
    {
        var chart = All[number].In("zh");
        Assert.Equal("zh-Hans", chart.Parsed().Attribute("lang")!.Value);
        var drawn = chart.Parsed().Descendants().Where(e => e.Name.LocalName is "text" or "title" or "desc").Select(e => e.Value).Concat(Said(JsonDocument.Parse(GenericChart.toFigureJson(chart.Plotly)).RootElement)).ToList();
        string[] known = [.. s_names.SelectMany(n => Word().Matches(n).Select(m => m.Value)), "lt", "gt", "amp", "br", "span", "style", "font", "size", "color", "px"];
        var left = drawn.SelectMany(text => Word().Matches(Nameless(text)).Select(m => m.Value)).Except(s_latin).Where(word => !known.Any(k => k.StartsWith(word, StringComparison.Ordinal)));
        Assert.True(!left.Any(), $"{name}: {string.Join(", ", left.Distinct())}");
    }

    [Fact]
    public void Each_phrase_of_a_chart_has_words()
    {
        var missing = All.SelectMany(c => c.Phrases()).SelectMany(p => p.Patterns).Where(p => p.House && Word().IsMatch(p.Pattern) && Language.Chinese.Find(p.Pattern) is null).Select(p => p.Pattern).Distinct();
        Assert.True(!missing.Any(), "Words.zh.txt lacks a line for:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void Each_line_of_the_table_is_of_use()
    {
        var used = All.SelectMany(c => c.Phrases()).SelectMany(p => p.Patterns).Select(p => p.Pattern).Concat(PlotlyFigure.Buttons.Select(b => $"button {b}")).ToHashSet(StringComparer.Ordinal);
        var columns = string.Concat(Directory.EnumerateFiles(Path.Combine(RealData.Root, "src", "CustomerValue.DuckDb", "Sql"), "*.sql").Select(File.ReadAllText));
        var idle = Language.Chinese.Patterns.Where(p => !used.Contains(p) && !Regex.IsMatch(columns, p.Split(' ') switch
        {
            ["column", var name] => $@"\b{name.Replace("{0}", @"\d+", StringComparison.Ordinal)},? *-- \[",
            ["unit", var unit] => $@"-- \[{unit}\]",
            _ => "(?!)",                                                                                    // found nowhere
        })).ToList();
        Assert.True(idle.Count == 0, "No chart says, and no column or unit is:\n" + string.Join('\n', idle));
    }

    [Fact]
    public void No_line_of_the_table_loses_what_is_put_in_between()
    {
        foreach (var (english, said) in Language.Lines("Words.zh.txt"))
        {
            Assert.Equal(Hole().Matches(english).Select(m => m.Value).Order(StringComparer.Ordinal), Hole().Matches(said).Select(m => m.Value).Order(StringComparer.Ordinal));
            Assert.Equal((english.Trim(), said.Trim()), (english, said));
        }
    }

    /// <summary>Approved by eye. A change that is meant is approved by copying the file that the message names.</summary>
    [Theory, InlineData("decile-calibration"), InlineData("retention")]
    public void The_same_chart_is_the_same_bytes_on_every_machine(string name)
    {
        var (approved, drawn) = (Path.Combine(RealData.Root, "tests", "golden", $"chart-{name}.zh.svg"), Path.Combine(AppContext.BaseDirectory, $"chart-{name}.zh.svg"));
        File.WriteAllText(drawn, SampleCharts.Every.First(c => c.Name == name).In("zh").ToSvg());
        Assert.True(File.Exists(approved) && File.ReadAllBytes(approved).AsSpan().SequenceEqual(File.ReadAllBytes(drawn)), $"{drawn} isn't {approved}.");
    }

    [Theory, InlineData("better"), InlineData("Customers"), InlineData("{0}; {1}"), InlineData("all have the same"), InlineData("基尼 {0} = 1"), InlineData("")]
    public void Names_from_data_stay_even_where_they_are_the_houses_words(string name)
    {
        var chart = LiftChart.Of(Sample.Labels, [Sample.Candidates[0], (name, Sample.Candidates[2].Scores)], name).In("zh");
        Assert.Contains($"{name}（选定）", chart.Texts());
        Assert.StartsWith($"{name}排在最前的 10 % 客户", chart.Reading.Replace($"{name} 排", $"{name}排", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(name, SegmentMapChart.Of(SampleCharts.Customers, [.. SampleCharts.Segments.Select((s, i) => i % 2 == 0 ? name : s)]).In("zh").Series.Select(s => s.Name.In(Language.Chinese)));
        var matrix = ConfusionMatrixChart.Of([name, "1 other labels"], [0, 1], ("blend", [[0.9, 0.1], [0.2, 0.8]])).In("zh");
        Assert.Equal([name, "1 other labels"], matrix.Y.Rows.Select(r => matrix.Said(r.Name)));
    }

    [Fact]
    public void Features_have_plain_names_where_the_house_knows_them()
    {
        var chart = RareCharts.Every.First(c => c.Name == "reasons-value" && c.Y.Rows.Count == 5).In("zh");
        Assert.Equal(["history", "客龄周数", "近 365 天消费", "近 90 天订单数", "退货金额占比"], chart.Y.Rows.Select(r => chart.Said(r.Name)).Order(StringComparer.Ordinal));
        Assert.Equal("距上次购买天数，分群均值（天）", SampleCharts.Every.First(c => c.Name == "segment-map").In("zh") is var map ? map.Said(map.X.Title) : "");
    }

    [Fact]
    public void Figures_stay_as_they_are_written()
    {
        foreach (var chart in All)
            Assert.Equal(Figures(chart.Description), Figures(chart.In("zh").Description));

        // Their order may differ, as that of clauses does.
        static IEnumerable<string> Figures(string text) => Figure().Matches(text).Select(m => m.Value).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_chart_comes_back_to_English_and_speaks_nothing_else()
    {
        foreach (var chart in SampleCharts.Every) Assert.Equal(chart.ToSvg(), chart.In("zh").In("en").ToSvg());
        Assert.Contains("en (English) and zh (Chinese)", Assert.Throws<ArgumentException>(() => SampleCharts.Every[0].In("fr")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_buttons_beside_a_figure_are_told_too()
    {
        var page = GenericChart.toEmbeddedHTML(SampleCharts.Every[0].In("zh").Plotly);
        Assert.Contains("\"locale\":\"zh-Hans\"", page, StringComparison.Ordinal);
        Assert.Contains("\"Reset axes\":\"重置坐标轴\"", page, StringComparison.Ordinal);
        Assert.All(PlotlyFigure.Buttons, button => Assert.NotNull(Language.Chinese.Find($"button {button}")));
        Assert.DoesNotContain("\"locale\":", GenericChart.toEmbeddedHTML(SampleCharts.Every[0].Plotly), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_drawings_name_fonts_that_have_its_characters() =>
        Assert.All((string[])[SampleCharts.Every[0].In("zh").ToSvg(), GenericChart.toFigureJson(SampleCharts.Every[0].In("zh").Plotly)],
            drawn => Assert.All((string[])["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei"], font => Assert.Contains(font, drawn, StringComparison.Ordinal)));

    [Fact]
    public void What_is_put_in_the_place_of_its_words_stays()
    {
        var chart = SampleCharts.Every[0].In("zh") with { Title = "Who customers are", Reading = "Ours." };
        Assert.Equal(("Who customers are", "Ours."), (chart.Title, chart.Reading));
        Assert.Contains("客户", chart.Subtitle, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Charts))]
    public void Nothing_leaves_the_picture(int number, string name)
    {
        var svg = All[number].In("zh").Parsed();
        double wide = At(svg, "width"), high = At(svg, "height");
        foreach (var text in svg.All("text").Where(t => t.Attribute("transform") is null))
        {
            var (x, width) = (At(text, "x"), SvgText.Width(text.Value, At(text, "font-size")));
            var from = text.Attribute("text-anchor")?.Value switch { "end" => x - width, "middle" => x - width / 2, _ => x };
            Assert.True(from >= 0 && from + width <= wide && At(text, "y") <= high, $"{name}: '{text.Value}' runs from {from:0} to {from + width:0}.");
        }
    }

    [Theory]
    [InlineData("价值最高的客户", 40, "价值最|高的客|户")]
    [InlineData("客户，共三位。", 27, "客|户，|共三|位。")]                                                       // a mark that ends something begins no line
    [InlineData("按客户（本位币）", 40, "按客户|（本位|币）")]
    [InlineData("未来 180 天 blend 模型", 60, "未来 180|天 blend|模型")]
    [InlineData("in words of Latin letters", 60, "in words|of Latin|letters")]
    public void Chinese_is_broken_between_characters(string text, double width, string lines) => Assert.Equal(lines, string.Join('|', SvgText.Lines(text, 12, width)));

    [Fact]
    public void A_space_comes_between_characters_and_figures() =>
        Assert.Equal("未来 26 周的预期购买次数", Phrase.Of($"Purchases expected in the next {26} weeks").In(Language.Chinese));

    private static string Nameless(string text) => s_names.SelectMany(n => (string[])[n, SvgText.Clean(n)]).Aggregate(CutName().Replace(GeneratedName().Replace(text, ""), ""), (left, name) => left.Replace(name, "", StringComparison.Ordinal));

    private static string? English(string text) => Word().Matches(text).Select(m => m.Value).FirstOrDefault(word => !s_latin.Contains(word));

    // What readers see of a figure: titles, names, texts, ticks and notes.
    private static IEnumerable<string> Said(JsonElement element, string of = "") => element.ValueKind switch
    {
        JsonValueKind.String when of is "text" or "name" or "hovertext" or "ticktext" => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Said(e, of)),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Said(p.Value, p.Name)),
        _ => [],
    };

    private static double At(System.Xml.Linq.XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("[A-Za-z]{2,}")]
    private static partial Regex Word();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"[+−]?\d[\d,.]*\d( %)?|\d( %)?")]
    private static partial Regex Figure();

    // The hostile name where it had no room.
    [GeneratedRegex("trees <script>[^…，；]*…(sons\" 客户价值 [\u0001\uFFFD]+)?")]
    private static partial Regex CutName();

    // Customers and groups of the samples.
    [GeneratedRegex(@"\b[cg]\d+\b")]
    private static partial Regex GeneratedName();
}
