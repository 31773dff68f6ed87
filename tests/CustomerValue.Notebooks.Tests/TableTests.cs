namespace CustomerValue.Notebooks.Tests;

public class TableTests
{
    [Fact]
    public void Rows_stand_under_the_heads_that_were_chosen()
    {
        var table = Table.Of([("C1", 0.861), ("C2", 0.5)], ("Who", row => row.Item1), ("Leaves", row => $"{row.Item2:0.0 %}"));
        Assert.Equal("Who  Leaves\nC1   86.1 %\nC2   50.0 %", Formatter.Of(table).Forms[MimeBundle.Plain]!.GetValue<string>());
    }

    [Fact]
    public void Heads_and_texts_are_escaped() =>
        Assert.DoesNotContain("<script", Formatter.Of(Table.Of(["<script>"], ("<script>", text => text))).Forms[MimeBundle.Html]!.GetValue<string>(), StringComparison.Ordinal);
}
