using System.IO.Compression;
using CustomerValue.Testing;
using CustomerValue.Text.Tagging;

namespace CustomerValue.Core.Tests.Text.Tagging;

public sealed class TaggerTests : IDisposable
{
    private static readonly TaggerOptions s_quick = new() { Epochs = 3, RarestFeature = 1, FeatureDropout = 0 };
    private static readonly TaggedSentence[] s_english =
    [
        Sentence("the/DET dog/NOUN barks/VERB"), Sentence("a/DET cat/NOUN sleeps/VERB"), Sentence("the/DET cat/NOUN barks/VERB"), Sentence("a/DET dog/NOUN sleeps/VERB well/ADV"),
    ];
    private static readonly TaggedSentence[] s_chinese =
    [
        Sentence("手机/NOUN 很/ADV 好/ADJ"), Sentence("屏幕/NOUN 很/ADV 好/ADJ"), Sentence("手机/NOUN 的/PART 屏幕/NOUN 不/ADV 好/ADJ"), Sentence("我/PRON 买/VERB 手机/NOUN"), Sentence("我/PRON 买/VERB 屏幕/NOUN"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TaggedSentence Sentence(string text)
    {
        var pairs = text.Split(' ').Select(w => w.Split('/')).ToArray();
        return new([.. pairs.Select(p => p[0])], [.. pairs.Select(p => p[1])]);
    }

    private static PartOfSpeechTagger Chinese() => new TaggerTrainer("zh", s_quick with { Epochs = 20 }).Fit(s_chinese);

    [Fact]
    public void Learns_what_it_is_shown()
    {
        var tagger = new TaggerTrainer("en", s_quick).Fit(s_english);
        Assert.Equal(["DET", "NOUN", "VERB"], tagger.Tag(["a", "dog", "barks"]));
        Assert.Empty(tagger.Tag([]));
        Assert.Equal([new("The", "DET"), new("cat", "NOUN"), new("sleeps", "VERB")], tagger.Analyse("The cat sleeps"));
    }

    [Fact]
    public void Chinese_is_cut_into_words_and_space_always_ends_one()
    {
        var tagger = Chinese();
        Assert.Equal(["我", "买", "手机"], tagger.Segment("我买手机"));
        Assert.Equal(["手机", "很", "好"], tagger.Segment(" 手机 很好 "));
        Assert.Equal("我/PRON 买/VERB 屏幕/NOUN", string.Join(' ', tagger.Analyse("我买屏幕").Select(w => $"{w.Word}/{w.Tag}")));
        Assert.Empty(tagger.Segment(""));
    }

    [Theory]
    [InlineData("I don't know, it's $5.50!!", "I|do|n't|know|,|it|'s|$|5.50|!!")]
    [InlineData("Cannot wait 👍", "Can|not|wait|👍")]
    public void English_is_cut_as_the_treebank_does(string text, string words) => Assert.Equal(words, string.Join('|', EnglishWords.Of(text)));

    [Fact]
    public void The_same_seed_gives_the_same_file_and_a_file_tags_as_before()
    {
        var (a, b) = (_folder.In("a"), _folder.In("b"));
        Chinese().Save(a);
        Chinese().Save(b);
        Assert.Equal(File.ReadAllBytes(a), File.ReadAllBytes(b));
        var opened = PartOfSpeechTagger.Open(a);
        opened.Save(b);
        Assert.Equal(File.ReadAllBytes(a), File.ReadAllBytes(b));
        Assert.Equal(["手机", "的", "屏幕"], opened.Segment("手机的屏幕"));
    }

    [Fact]
    public void Cut_off_and_changed_files_are_refused_in_words()
    {
        var path = _folder.In("zh.tagger");
        Chinese().Save(path);
        var whole = File.ReadAllBytes(path);
        var random = new SplitMix64(7);
        for (var n = 0; n < 2000; n++)
        {
            var hostile = n % 2 == 0 ? whole[..random.Below(whole.Length)] : (byte[])whole.Clone();
            if (n % 2 == 1) hostile[10 + random.Below(whole.Length - 10)] ^= (byte)(1 + random.Below(255));      // after gzip's own header, whose time and system mean nothing
            var error = Assert.Throws<InvalidDataException>(() => TaggerFile.Read(new MemoryStream(hostile), "zh.tagger"));
            Assert.StartsWith("zh.tagger: not a tagger that can be used", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_malformed_under_a_right_digest_is_refused_too()
    {
        var path = _folder.In("zh.tagger");
        Chinese().Save(path);
        using var plain = new MemoryStream();
        using (var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress)) packed.CopyTo(plain);
        var whole = plain.ToArray();
        var (random, refused) = (new SplitMix64(11), 0);
        for (var n = 0; n < 3000; n++)
        {
            var body = n % 3 == 0 ? whole[38..(38 + random.Below(whole.Length - 38))] : whole[38..];
            for (var change = n % 3; change > 0; change--) body[random.Below(body.Length)] = (byte)random.Next();
            using var file = new MemoryStream();
            using (var packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
            {
                packed.Write(whole.AsSpan(0, 6));
                packed.Write(System.Security.Cryptography.SHA256.HashData(body));
                packed.Write(body);
            }
            file.Position = 0;
            try
            {
                // Another weight or count is no malformation: then it has to work.
                new PartOfSpeechTagger(TaggerFile.Read(file, "x")).Analyse("我买手机");
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1001, 2999);
    }

    [Fact]
    public void Bad_sentences_are_refused_and_training_can_be_stopped()
    {
        var trainer = new TaggerTrainer("en", s_quick);
        Assert.Contains("no sentence", Assert.Throws<ArgumentException>(() => trainer.Fit([])).Message, StringComparison.Ordinal);
        Assert.Contains("Sentence 1 has 2 words and 1 tags", Assert.Throws<ArgumentException>(() => trainer.Fit([s_english[0], new(["a", "b"], ["X"])])).Message, StringComparison.Ordinal);
        Assert.Contains("There are: en, zh", Assert.Throws<ArgumentException>(() => new TaggerTrainer("de")).Message, StringComparison.Ordinal);
        Assert.Contains("--language zh", Assert.Throws<InvalidOperationException>(() => trainer.Fit(s_english).Segment("x")).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(s_english, null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Treebanks_are_read_with_their_published_totals()
    {
        (int, int) Totals(string split, string folder) => (Treebank.ReadSplit(folder, split).Count, Treebank.ReadSplit(folder, split).Sum(s => s.Words.Count));
        var (en, zh) = (RealData.Need("ud_english_ewt"), RealData.Need("ud_chinese"));
        Assert.Equal((12_544, 204_577), Totals("train", en));
        Assert.Equal((2_077, 25_094), Totals("test", en));
        Assert.Equal((3_997, 98_608), Totals("train", zh));
        Assert.Equal((500, 12_012), Totals("test", zh));
    }

    [Theory]
    [InlineData("1\ta\t_\tX\n", "4 columns")]
    [InlineData("2\ta\t_\tX\t_\t_\t_\t_\t_\t_\n", "its ID is '2' where 1 is due")]
    [InlineData("1\t\t_\tX\t_\t_\t_\t_\t_\t_\n", "FORM or UPOS is empty")]
    public void What_isnt_a_treebank_is_refused_with_its_line(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Treebank.Read(new StringReader("# a\n" + text), "t.conllu")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_part_of_the_Chinese_treebank_already_gives_a_useful_tagger()
    {
        var folder = RealData.Need("ud_chinese");
        var tagger = new TaggerTrainer("zh", new() { Epochs = 3 }).Fit([.. Treebank.ReadSplit(folder, "train").Take(800)]);
        var scores = TaggerEvaluation.Of(tagger, Treebank.ReadSplit(folder, "dev"));
        Assert.InRange(scores.Accuracy, 0.82, 0.95);
        Assert.InRange(scores.SegmentF1!.Value, 0.85, 0.97);
        Assert.InRange(scores.JointF1!.Value, 0.70, scores.SegmentF1.Value);
    }
}
