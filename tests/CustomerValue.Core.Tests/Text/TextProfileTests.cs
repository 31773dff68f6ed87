using CustomerValue.Testing;
using CustomerValue.Text;

namespace CustomerValue.Core.Tests.Text;

public sealed class TextProfileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Counts_what_texts_are_like()
    {
        var profile = TextProfile.Of([new("很好👍"), new("The size is fine, see http://x.example"), new(" "), new("很好 👍"), new("<b>mail</b> a@b.example")]);
        Assert.Equal((5, 1, 1), (profile.Texts, profile.Empty, profile.Repeated));
        Assert.Equal((2, 2, 1), (profile.Languages[TextLanguage.Chinese], profile.Languages[TextLanguage.English], profile.Languages[TextLanguage.Other]));
        Assert.Equal((0.4, 0.2, 0.2, 0.2), (profile.EmojiShare, profile.UrlShare, profile.EmailShare, profile.HtmlShare));
        Assert.Equal(new WordCount("很好", 2), profile.TopWords[0]);
        Assert.Empty(profile.Groups);
    }

    [Fact]
    public void Groups_are_set_against_one_another()
    {
        var texts = Enumerable.Range(0, 20).SelectMany(_ => new GroupedText[] { new("asked for a refund", "left"), new("物流很快", "stayed") });
        var profile = TextProfile.Of(texts.Append(new("refund", "stayed")));
        Assert.Equal(["left", "stayed"], profile.Groups.Select(g => g.Group));
        Assert.Equal((20, 21), (profile.Groups[0].Texts, profile.Groups[1].Texts));
        var error = Assert.Throws<InvalidDataException>(() => TextProfile.Of(Enumerable.Range(0, 60).Select(n => new GroupedText("x", $"{n}"))));
        Assert.Contains("At most 50 groups", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.csv", "left,text\nyes,\"a, b\"\nno,好\n")]
    [InlineData("t.tsv", "left\ttext\nyes\ta, b\nno\t好\n")]
    [InlineData("t.jsonl", "{\"text\":\"a, b\",\"left\":\"yes\"}\n\n{\"left\":\"no\",\"text\":\"好\"}\n")]
    public void Texts_are_read_from_every_kind_of_table(string name, string content)
    {
        var path = _folder.Write(name, content);
        Assert.Equal([new("a, b", "yes"), new("好", "no")], TextColumn.Read(path, "text", "left"));
        var error = Assert.Throws<InvalidDataException>(() => TextColumn.Read(path, "review").ToList());
        Assert.Contains("no column 'review'", error.Message, StringComparison.Ordinal);
        Assert.Contains("left, text", string.Join(", ", error.Message.Split(": ")[^1].TrimEnd('.').Split(", ").Order()), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_cant_be_read_are_told()
    {
        Assert.Contains("line 2", Assert.Throws<InvalidDataException>(() => TextColumn.Read(_folder.Write("t.jsonl", "{\"text\":\"a\"}\n{oops"), "text").ToList()).Message, StringComparison.Ordinal);
        Assert.Contains("line 3: 3 fields", Assert.Throws<InvalidDataException>(() => TextColumn.Read(_folder.Write("t.csv", "a,text\n1,x\n2,y,z\n"), "text").ToList()).Message, StringComparison.Ordinal);
        Assert.Contains("which column", Assert.Throws<InvalidDataException>(() => TextColumn.Read("t.csv")).Message, StringComparison.Ordinal);
    }
}
