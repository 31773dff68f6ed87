namespace CustomerValue.Notebooks;

/// <summary>A page's own words, in the language of its text.</summary>
internal sealed record PageWords
{
    private static readonly PageWords s_english = new()
    {
        LanguageName = "English", Contents = "Contents", SkipLink = "To the text", ShowCode = "Show code", Dark = "Dark", Code = "Code", Given = "Parameters of this run", Chart = "Chart", Picture = "Picture",
        Error = "Error", NoForm = "in no form that a page can show", NoMap = "a map, whose outlines would have to be fetched, and so isn't drawn in this page", NoPicture = "picture not in this page", LeftOut = "left out of this page", PictureElsewhere = "a picture from elsewhere", Untitled = "Notebook", Run = "Run", Experiment = "Experiment", Reports = "Reports", AllReports = "All reports", Stopped = "Stopped at an error",
    };

    private static readonly PageWords s_chinese = new()
    {
        LanguageName = "中文", Contents = "目录", SkipLink = "跳到正文", ShowCode = "显示代码", Dark = "深色", Code = "代码", Given = "本次运行的参数", Chart = "图表", Picture = "图片",
        Error = "错误", NoForm = "无法在页面中显示", NoMap = "地图的轮廓需要联网获取，因此本页不绘制", NoPicture = "图片不在本页中", LeftOut = "本页省略", PictureElsewhere = "来自别处的图片", Untitled = "笔记本", Run = "运行", Experiment = "实验", Reports = "报告", AllReports = "全部报告", Stopped = "因错误中止",
    };

    /// <summary>The language's own name.</summary>
    public required string LanguageName { get; init; }

    public required string Contents { get; init; }

    public required string SkipLink { get; init; }

    public required string ShowCode { get; init; }

    public required string Dark { get; init; }

    public required string Code { get; init; }

    /// <summary>Over the cell that a run put in.</summary>
    public required string Given { get; init; }

    public required string Chart { get; init; }

    public required string Picture { get; init; }

    public required string Error { get; init; }

    public required string NoForm { get; init; }

    /// <summary>Of a chart on a map, for which Plotly would fetch outlines.</summary>
    public required string NoMap { get; init; }

    /// <summary>Of a picture that Markdown names and that can't be had.</summary>
    public required string NoPicture { get; init; }

    /// <summary>Of what a cell showed and would run or fetch.</summary>
    public required string LeftOut { get; init; }

    /// <summary>A picture that would have to be fetched.</summary>
    public required string PictureElsewhere { get; init; }

    /// <summary>What a notebook without a heading is called.</summary>
    public required string Untitled { get; init; }

    public required string Run { get; init; }

    public required string Experiment { get; init; }

    /// <summary>What a site is called that nobody named.</summary>
    public required string Reports { get; init; }

    /// <summary>The way back to a site's first page.</summary>
    public required string AllReports { get; init; }

    /// <summary>Of a report whose run failed.</summary>
    public required string Stopped { get; init; }

    /// <param name="language">As the page's lang attribute has it.</param>
    public static PageWords Of(string language) => language == PageText.Chinese ? s_chinese : s_english;
}
