using CustomerValue.Notebooks;
using CustomerValue.Testing;
using Microsoft.Playwright;

namespace CustomerValue.Browser.Tests;

/// <summary>This machine's Chromium, and a site of reports on disk for it to open. Tests skip where there is no Chromium.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Required = "CUSTOMERVALUE_REQUIRE_BROWSER";

    private readonly TemporaryFolder _site = new();
    private IPlaywright? _driver;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        foreach (var page in ReportSite.Render([new("report.en", MadeReport.English), new("report.zh", MadeReport.Chinese), new("tables", MadeReport.Plain), new("charts", MadeReport.Charts)], "The shop")) _site.Write(page.FileName, page.Html);
        if (Program() is not { } program) return;
        _driver = await Playwright.CreateAsync();
        _browser = await _driver.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _driver?.Dispose();
        _site.Dispose();
    }

    /// <summary>Opens a page of the site from disk, offline. What it asks for, complains of or pops up is kept.</summary>
    /// <param name="name">Its file name.</param>
    /// <param name="scheme">What the system prefers.</param>
    /// <param name="width">Of the window, in pixels.</param>
    public async Task<OpenPage> OpenAsync(string name, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        if (_browser is null)
        {
            const string Missing = "no browser: Chromium or Chrome isn't on the PATH (on Debian and Ubuntu: apt-get install chromium)";
            if (Environment.GetEnvironmentVariable(Required) == "1") Assert.Fail($"{Missing}, and {Required}=1 says that it must be there.");
            Assert.Skip(Missing);
        }
        var context = await _browser!.NewContextAsync(new() { Offline = true, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        var opened = new OpenPage(context, await context.NewPageAsync(), new Uri(_site.In(name)).AbsoluteUri);
        await opened.Page.GotoAsync(opened.Address);
        return opened;
    }

    private static string? Program()
    {
        string[] names = OperatingSystem.IsWindows() ? ["chrome.exe", "msedge.exe"] : ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append("/Applications/Google Chrome.app/Contents/MacOS").Append(@"C:\Program Files\Google\Chrome\Application").Append(@"C:\Program Files (x86)\Microsoft\Edge\Application");
        return names.Append("Google Chrome").SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}

/// <summary>A page that is open.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    internal OpenPage(IBrowserContext context, IPage page, string address)
    {
        (_context, Page, Address) = (context, page, address);
        page.Request += (_, request) => { if (request.ResourceType != "document" && !request.Url.StartsWith("data:", StringComparison.Ordinal)) _complaints.Add($"asked for {request.Url}"); };
        page.Console += (_, message) => { if (message.Type is "error" or "warning") _complaints.Add($"{message.Type}: {message.Text}"); };
        page.PageError += (_, error) => _complaints.Add($"error: {error}");
        page.Dialog += async (_, dialog) => { _complaints.Add($"popped up: {dialog.Message}"); await dialog.DismissAsync(); };
    }

    public IPage Page { get; }

    public string Address { get; }

    /// <summary>What the page asked for beyond itself, and errors, warnings and dialogs.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Texts of charts that are cut off, or lie over each other.</summary>
    public async Task<string[]> MisplacedAsync() => await Page.EvaluateAsync<string[]>(Resource("room.js"));

    /// <summary>The texts that a reader can hardly tell from their ground, each with its contrast; 4.5 is what WCAG asks of text.</summary>
    public async Task<string[]> HardToReadAsync() => await Page.EvaluateAsync<string[]>(Resource("contrast.js"));

    private static string Resource(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name));

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
