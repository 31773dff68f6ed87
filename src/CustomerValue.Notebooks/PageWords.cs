namespace CustomerValue.Notebooks;

/// <summary>A page's own words, in the language of its text.</summary>
internal sealed record PageWords(string Contents, string Skip, string ShowCode, string Dark, string Code, string Given, string Chart, string Picture, string Error, string NoForm, string Untitled)
{
    private static readonly PageWords s_english = new("Contents", "To the text", "Show code", "Dark", "Code", "Parameters of this run", "Chart", "Picture", "Error", "in no form that a page can show", "Notebook");
    private static readonly PageWords s_chinese = new("目录", "跳到正文", "显示代码", "深色", "代码", "本次运行的参数", "图表", "图片", "错误", "无法在页面中显示", "笔记本");

    /// <param name="language">As the page's lang attribute has it.</param>
    public static PageWords Of(string language) => language == "zh-CN" ? s_chinese : s_english;
}
