namespace CustomerValue.Notebooks.Tests;

public class ProgressBarTests
{
    [Fact]
    public async Task A_stage_is_one_bar_drawn_anew_in_its_place()
    {
        using var cells = new Cells();
        await cells.ValueAsync("""
            var progress = Progress();
            progress.Report(new("encoding", 0, 200, "texts"));
            for (var i = 1; i <= 200; i++) progress.Report(new("encoding", i, 200, "texts"));
            progress.Report(new("<fitting>", 1, null, "rows", "loss 0.5"));
            """);
        Assert.Equal(["encoding: 200 of 200 texts", "<fitting>: 1 rows, loss 0.5"], cells.Shown.Values.Select((_, i) => cells.Shown.Plain(i)));
        Assert.Contains("<progress max=\"1\" value=\"1\">", cells.Shown.Html(0));
        Assert.Contains("&lt;fitting&gt;", cells.Shown.Html(1));
        Assert.InRange(cells.Shown.Updates, 1, 100);           // not at every step
    }
}
