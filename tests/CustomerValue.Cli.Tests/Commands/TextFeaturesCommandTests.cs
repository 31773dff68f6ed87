using CustomerValue.Features;
using CustomerValue.Testing;
using CustomerValue.Text;
using CustomerValue.Text.Weights;

namespace CustomerValue.Cli.Tests.Commands;

/// <summary>Features of what customers wrote, and their topics, with an encoder's folder, as a script would ask for them.</summary>
public sealed class TextFeaturesCommandTests : IDisposable
{
    private const int Width = 32;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A published encoder of 32 numbers with heads from a seed: what it says means nothing, but it says it always.
    private string Encoder()
    {
        var (model, folder) = (RealModels.Need("bert-tiny-random"), _folder.In("encoder"));
        Directory.CreateDirectory(folder);
        foreach (var file in new[] { "config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors" }) File.Copy(Path.Combine(model, file), Path.Combine(folder, file));
        TextHead[] heads = [new("mood", HeadKind.Regression, []), new("topic", HeadKind.Classification, ["delivery", "price", "quality"])];
        TextHeadsFile.Write(folder, new(Pooling.Mean, 64, heads));
        var random = new SplitMix64(3);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(4 * random.Unit() - 2))];
        SafeTensorsWriter.Write(Path.Combine(folder, TextHeadsFile.Weights), heads.SelectMany(h => new[]
        {
            WeightToWrite.Of($"{h.Name}.weight", [Math.Max(1, h.Labels.Count), Width], Numbers(Math.Max(1, h.Labels.Count) * Width)), WeightToWrite.Of($"{h.Name}.bias", [Math.Max(1, h.Labels.Count)], Numbers(Math.Max(1, h.Labels.Count))),
        }));
        return folder;
    }

    private string Shop()
    {
        Directory.CreateDirectory(_folder.In("shop"));
        _folder.Write("shop/reviews.csv", "customer_id,reviewed_at,product_id,stars,text\na,2024-01-10 10:00:00,p,5,the cat sat\nb,2024-01-12 10:00:00,p,1,on the mat\na,2024-02-25 10:00:00,p,3,the dog\na,2024-03-02 10:00:00,p,4,after the cutoff\n");
        _folder.Write("shop/dialogues.csv", "customer_id,dialogue_id,turn,spoken_at,speaker,text\nb,d,1,2024-02-01 10:00:00,customer,where is it\nb,d,2,2024-02-01 10:05:00,agent,on its way\n");
        _folder.Write("shop/purchases.csv", "customer_id,order_id,purchased_at,product_id,quantity,unit_price,currency\na,1,2024-01-01 09:00:00,p,1,10,EUR\nb,3,2024-01-02 09:00:00,p,1,10,EUR\nc,4,2024-01-05 09:00:00,p,1,10,EUR\n");
        return _folder.In("shop");
    }

    [Fact]
    public void Texts_pass_through_the_encoder_once_and_columns_carry_the_heads_names()
    {
        var (encoder, warehouse, output) = (Encoder(), _folder.In("warehouse"), _folder.In("features.parquet"));
        var loaded = CommandRun.Of("ingest", "--data", Shop(), "--warehouse", warehouse);
        Assert.True(loaded.ExitCode == 0, loaded.Errors);
        string[] arguments = ["features", "--warehouse", warehouse, "--at", "2024-03-01", "--encoder", encoder, "--out", output, "--json"];
        var first = CommandRun.Of(arguments);
        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal(4, first.Json.GetProperty("encoded").GetInt64());
        var table = FeatureTableParquet.Read(output);
        Assert.Equal([0, 2, 2], table["texts_read"].Order());
        Assert.Equal(1, table["reply_minutes"].Count(m => m == 5));
        Assert.Contains("topic_price_share", table.Features.Where(f => f.Set == TextSets.Meaning).Select(f => f.Name));
        Assert.Equal(Width, table.Features.Count(f => f.Set == TextSets.Vector));
        Assert.Equal(2, table["mood_mean"].Distinct().Count(m => m != 0));

        var later = CommandRun.Of(["features", "--warehouse", warehouse, "--at", "2024-03-10", "--encoder", encoder, "--sets", "rfm,writing,meaning", "--json"]).Json;
        Assert.Equal(1, later.GetProperty("encoded").GetInt64());
        Assert.Equal(0, CommandRun.Of(arguments).Json.GetProperty("encoded").GetInt64());
    }

    [Fact]
    public void The_catalogue_lists_what_the_heads_give()
    {
        var listed = CommandRun.Of("features", "--catalogue", "--encoder", Encoder(), "--sets", "writing,meaning", "--json").Json.EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!, f => f.GetProperty("set").GetString()!);
        Assert.Equal(TextSets.Writing, listed["last_stars"]);
        Assert.Equal(TextSets.Meaning, listed["mood_recent_30"]);
        Assert.DoesNotContain(TextSets.Vector, listed.Values);
    }

    [Theory]
    [InlineData("--sets rfm,meaning", "comes of an encoder that reads the texts. Name one: --encoder FOLDER")]
    [InlineData("--sets rfm --encoder ENCODER", "--sets doesn't ask for meaning")]
    [InlineData("--sets meaning --encoder ENCODER", "Name a set beside those that the encoder gives")]
    [InlineData("--encoder nowhere", "There is no folder 'nowhere'")]
    public void What_does_not_fit_together_is_told(string arguments, string said)
    {
        var run = CommandRun.Of(["features", "--catalogue", .. arguments.Split(' ').Select(a => a == "ENCODER" ? Encoder() : a)]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Topics_have_customers_and_examples()
    {
        string[] arguments = ["text", "topics", "--data", Shop(), "--encoder", Encoder(), "--at", "2024-03-01", "--cache", _folder.In("cache"), "--json"];
        var topics = CommandRun.Of(arguments).Json.EnumerateArray().ToList();
        Assert.Equal(4, topics.Sum(t => t.GetProperty("texts").GetInt32()));
        Assert.All(topics, t => Assert.Equal("topic", t.GetProperty("head").GetString()));
        Assert.DoesNotContain("after the cutoff", topics.SelectMany(t => t.GetProperty("examples").EnumerateArray()).Select(e => e.GetString()));
        var groups = CommandRun.Of([.. arguments, "--head", "cluster", "--clusters", "2"]).Json.EnumerateArray().Select(t => t.GetProperty("topic").GetString());
        Assert.Equal(["1", "2"], groups.Order());
        Assert.Contains("no head 'mood' with labels. It has: topic, cluster", CommandRun.Of([.. arguments, "--head", "mood"]).Errors, StringComparison.Ordinal);
    }
}
