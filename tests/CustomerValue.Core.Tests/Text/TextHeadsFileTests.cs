using CustomerValue.Text;

namespace CustomerValue.Core.Tests.Text;

public class TextHeadsFileTests
{
    private static readonly TextHeads s_heads = new(Pooling.Mean, 128,
    [
        new("sentiment", HeadKind.Classification, ["差评", "好评"]),
        new("stars", HeadKind.Ordinal, ["1", "2", "3", "4", "5"]),
        new("spend", HeadKind.Regression, [], Mean: 42.5, Scale: 17.25),
    ]);

    [Fact]
    public void What_was_written_is_read_back()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        TextHeadsFile.Write(folder, s_heads);
        var read = TextHeadsFile.Read(folder);

        Assert.Equal((s_heads.Pooling, s_heads.MaxTokens), (read.Pooling, read.MaxTokens));
        Assert.Equal(s_heads.Heads.Select(Told), read.Heads.Select(Told));
        Assert.Equal([TextHeadsFile.Name], Directory.EnumerateFiles(folder).Select(Path.GetFileName));

        static string Told(TextHead h) => $"{h.Name} {h.Kind} {string.Join('|', h.Labels)} {h.Mean} {h.Scale}";
    }

    [Fact]
    public void The_file_is_camel_case_json_of_format_1()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        TextHeadsFile.Write(folder, s_heads with { Heads = [s_heads.Heads[0]] });
        Assert.Equal("""
            {
              "format": 1,
              "pooling": "mean",
              "maxTokens": 128,
              "heads": [
                {
                  "name": "sentiment",
                  "kind": "classification",
                  "labels": [
                    "差评",
                    "好评"
                  ],
                  "mean": 0,
                  "scale": 1
                }
              ]
            }

            """.ReplaceLineEndings("\n"), File.ReadAllText(Path.Combine(folder, TextHeadsFile.Name)));
    }

    [Theory]
    [InlineData("""{"format":2,"pooling":"mean","maxTokens":8,"heads":[{"name":"a","kind":"regression","labels":[]}]}""", "format 2")]
    [InlineData("""{"format":1,"pooling":"mean","maxTokens":0,"heads":[{"name":"a","kind":"regression","labels":[]}]}""", "maxTokens is 0")]
    [InlineData("""{"format":1,"pooling":"mean","maxTokens":8,"heads":[]}""", "no heads")]
    [InlineData("""{"format":1,"pooling":"mean","maxTokens":8,"heads":[null]}""", "null")]
    [InlineData("""{"format":1,"pooling":"mean","maxTokens":8,"heads":[{"name":"../a","kind":"regression","labels":[]}]}""", "'../a'")]
    [InlineData("""{"format":1,"pooling":"mean","maxTokens":8,"heads":[{"name":"a","kind":"classification","labels":["x"]}]}""", "1 labels")]
    [InlineData("""{"format":1,"pooling":"mean","maxTokens":8,"heads":[{"name":"a","kind":"classification","labels":["x","x"]}]}""", "must differ")]
    [InlineData("""{"format":1,"pooling":"middle","maxTokens":8,"heads":[]}""", "isn't a list of heads")]
    [InlineData("""{"format":1,"maxTokens":8,"heads":[]}""", "isn't a list of heads")]
    [InlineData("not json", "isn't a list of heads")]
    public void A_file_of_another_kind_is_refused_in_words(string json, string said)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, TextHeadsFile.Name), json);
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => TextHeadsFile.Read(folder)).Message);
    }

    [Fact]
    public void A_folder_without_heads_says_what_to_do() =>
        Assert.Contains("finetune", Assert.Throws<FileNotFoundException>(() => TextHeadsFile.Read(Directory.CreateTempSubdirectory().FullName)).Message);
}
