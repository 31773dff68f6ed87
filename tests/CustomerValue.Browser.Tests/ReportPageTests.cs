using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace CustomerValue.Browser.Tests;

/// <summary>Pages of reports in a reader's browser: opened from disk, without a network.</summary>
public class ReportPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string English = "report.en.html", Chinese = "report.zh.html", Plain = "tables.html", Index = "index.html";

    [Theory, InlineData(English), InlineData(Chinese), InlineData(Index)]
    public async Task A_page_asks_for_nothing_and_complains_of_nothing(string name)
    {
        await using var opened = await chromium.OpenAsync(name);
        await opened.Page.Locator("#page-theme").ClickAsync();
        await opened.Page.Locator("#page-theme").ClickAsync();
        if (name != Index) await Assertions.Expect(opened.Page.Locator("figure.drawn")).ToHaveCountAsync(2);
        Assert.Empty(opened.Complaints);
        Assert.Equal("blocked", await opened.Page.EvaluateAsync<string>("fetch('https://example.org').then(() => 'fetched', () => 'blocked')"));
        Assert.Contains(opened.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_products_name_that_is_code_is_text()
    {
        await using var opened = await chromium.OpenAsync(Plain);
        await Assertions.Expect(opened.Page.Locator("td", new() { HasTextString = MadeReport.Product })).ToHaveCountAsync(2);
        Assert.Empty(opened.Complaints);
    }

    [Theory, InlineData(Plain, "en", "Show code"), InlineData(Chinese, "zh-Hans", "显示代码")]
    public async Task Code_shows_and_hides_at_a_click_and_by_keyboard(string name, string language, string label)
    {
        await using var opened = await chromium.OpenAsync(name);
        Assert.Equal(language, await opened.Page.Locator("html").GetAttributeAsync("lang"));
        var (button, code) = (opened.Page.GetByRole(AriaRole.Button, new() { Name = label }), opened.Page.Locator("details.code pre").First);
        await Assertions.Expect(code).ToBeHiddenAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-pressed", "false");
        await button.ClickAsync();
        await Assertions.Expect(code).ToBeVisibleAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-pressed", "true");
        await button.FocusAsync();
        await opened.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(code).ToBeHiddenAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-pressed", "false");
        await opened.Page.Locator("details.code summary").First.ClickAsync();
        await Assertions.Expect(code).ToBeVisibleAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Fact]
    public async Task A_table_sorts_at_a_click_and_by_keyboard_numbers_as_numbers()
    {
        await using var opened = await chromium.OpenAsync(Plain);
        var table = opened.Page.Locator(".output table").First;
        var sold = table.Locator("th", new() { HasTextString = "sold" });
        await sold.Locator("button").ClickAsync();
        await Assertions.Expect(sold).ToHaveAttributeAsync("aria-sort", "ascending");
        Assert.Equal(["9", "80", "1,200"], await table.Locator("td:nth-child(2)").AllTextContentsAsync());
        await opened.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(sold).ToHaveAttributeAsync("aria-sort", "descending");
        Assert.Equal(["1,200", "80", "9"], await table.Locator("td:nth-child(2)").AllTextContentsAsync());
        await opened.Page.Keyboard.PressAsync("Shift+Tab");
        await opened.Page.Keyboard.PressAsync("Space");
        await Assertions.Expect(table.Locator("th", new() { HasTextString = "product" })).ToHaveAttributeAsync("aria-sort", "ascending");
        Assert.Null(await sold.GetAttributeAsync("aria-sort"));
        Assert.Equal([MadeReport.Product, "Ball", "茶"], await table.Locator("td:nth-child(1)").AllTextContentsAsync());
    }

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task A_chart_tells_its_figures_under_the_pointer(ColorScheme scheme)
    {
        await using var opened = await chromium.OpenAsync(English, scheme);
        var bar = opened.Page.Locator("figure:not(.has-still) .bars .point").First;
        await bar.HoverAsync(new() { Force = true });
        await Assertions.Expect(opened.Page.Locator(".hoverlayer .hovertext")).ToContainTextAsync("three orders");
        Assert.Empty(opened.Complaints);
    }

    [Theory]
    [InlineData(English, ColorScheme.Light), InlineData(English, ColorScheme.Dark), InlineData(Chinese, ColorScheme.Dark), InlineData(Index, ColorScheme.Light)]
    public async Task Colours_change_and_back_and_all_text_can_be_read_in_both(string name, ColorScheme scheme)
    {
        await using var opened = await chromium.OpenAsync(name, scheme);
        var (page, button) = (opened.Page, opened.Page.Locator("#page-theme"));
        if (name != Index)
        {
            await Assertions.Expect(page.Locator("figure.drawn")).ToHaveCountAsync(2);
            await page.Locator("#page-code").ClickAsync();
        }
        var (first, ground) = (await Fills(page), await Ground(page));
        Assert.Equal(scheme == ColorScheme.Light ? "rgb(255, 255, 255)" : "rgb(20, 24, 31)", ground);
        Assert.Empty(await opened.HardToReadAsync());
        await button.ClickAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-pressed", scheme == ColorScheme.Light ? "true" : "false");
        Assert.NotEqual(ground, await Ground(page));
        if (name != Index) Assert.NotEqual(first, await Fills(page));
        Assert.Empty(await opened.HardToReadAsync());

        for (var i = 0; i < 50 && await Kept(page) != await button.GetAttributeAsync("aria-pressed"); i++) await Task.Delay(100);      // the browser writes it a moment later
        await page.ReloadAsync();                       // the choice is kept
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-pressed", scheme == ColorScheme.Light ? "true" : "false");
        await button.ClickAsync();
        Assert.Equal(ground, await Ground(page));
        if (name != Index) Assert.Equal(first, await Fills(page));
    }

    [Theory, InlineData(English), InlineData(Chinese), InlineData(Index)]
    public async Task No_page_scrolls_sideways_and_wide_tables_do_so_by_themselves(string name)
    {
        await using var opened = await chromium.OpenAsync(name, width: 390);
        if (name != Index)
        {
            await Assertions.Expect(opened.Page.Locator("figure.drawn")).ToHaveCountAsync(2);
            await opened.Page.Locator("#page-code").ClickAsync();
            var table = opened.Page.Locator(".scroll").Last;
            await table.FocusAsync();
            await opened.Page.Keyboard.PressAsync("ArrowRight");
            await opened.Page.WaitForFunctionAsync("() => document.activeElement.scrollLeft > 0");
            Assert.InRange(await table.Locator("td", new() { HasTextString = "a good many words" }).EvaluateAsync<int>("cell => cell.offsetHeight"), 20, 160);
        }
        Assert.Equal(390, await opened.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await opened.Page.SetViewportSizeAsync(1280, 900);
        Assert.Equal(1280, await opened.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Theory, InlineData(390), InlineData(500), InlineData(1280)]
    public async Task Nothing_that_a_chart_says_is_cut_off_or_stands_over_another(int width)
    {
        await using var opened = await chromium.OpenAsync("charts.html", width: width);
        await Assertions.Expect(opened.Page.Locator("figure.drawn")).ToHaveCountAsync(8);
        var misplaced = await opened.MisplacedAsync();
        Assert.True(misplaced.Length == 0, string.Join('\n', misplaced));
        await opened.Page.SetViewportSizeAsync(width > 640 ? 390 : 1280, 900);                  // a phone that is turned
        misplaced = ["not looked at"];
        for (var i = 0; i < 50 && misplaced.Length > 0; i++)
        {
            await Task.Delay(100);
            misplaced = await opened.MisplacedAsync();
        }
        Assert.True(misplaced.Length == 0, string.Join('\n', misplaced));
        Assert.Empty(opened.Complaints);
    }

    [Theory, InlineData(English, ColorScheme.Dark), InlineData(Chinese, ColorScheme.Light)]
    public async Task On_paper_there_is_neither_code_nor_navigation_and_charts_stand_still(string name, ColorScheme scheme)
    {
        await using var opened = await chromium.OpenAsync(name, scheme);
        var page = opened.Page;
        await Assertions.Expect(page.Locator("figure.drawn")).ToHaveCountAsync(2);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        foreach (var hidden in new[] { "header", "nav", "details.code >> nth=0", ".has-still .chart" }) await Assertions.Expect(page.Locator(hidden)).ToBeHiddenAsync();
        foreach (var shown in new[] { ".has-still .still img", "figure:not(.has-still) .chart", ".key-figures", "math >> nth=0" }) await Assertions.Expect(page.Locator(shown)).ToBeVisibleAsync();
        Assert.Equal("rgb(255, 255, 255)", await Ground(page));
        Assert.DoesNotContain("frac", await page.Locator("body").InnerTextAsync(), StringComparison.Ordinal);
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        Assert.Equal(640, await page.EvaluateAsync<int>("document.querySelector('figure:not(.has-still) .main-svg').getBoundingClientRect().width"));
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('figure:not(.has-still) .main-svg')).backgroundColor"));
        Assert.Equal("%PDF-"u8.ToArray(), (await page.PdfAsync())[..5]);
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task A_reader_with_a_keyboard_gets_from_the_first_page_to_a_report_its_text_its_twin_and_back()
    {
        await using var opened = await chromium.OpenAsync(Index);
        var page = opened.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Who is worth keeping?" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(English)));
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(".skip")).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.EndsWith("#page-text", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "中文" }).PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(Chinese)));
        await page.GetByRole(AriaRole.Link, new() { Name = "全部报告" }).PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(Index)));
        Assert.Empty(opened.Complaints);
    }

    /// <summary>Whether dark is what another page of the site finds chosen.</summary>
    private static async Task<string> Kept(IPage page)
    {
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(page.Url);
        var kept = await other.EvaluateAsync<string?>("localStorage.getItem('customervalue-theme')");
        await other.CloseAsync();
        return kept == "dark" ? "true" : kept == "light" ? "false" : "";
    }

    private static Task<string> Ground(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    /// <summary>The colours of all that charts draw.</summary>
    private static Task<string[]> Fills(IPage page) =>
        page.EvaluateAsync<string[]>("[...document.querySelectorAll('.chart svg *')].map(part => { const style = getComputedStyle(part); return `${part.tagName} ${style.fill} ${style.stroke}`; })");
}
