using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Packaging;

namespace CustomerValue.Tests.Packaging;

/// <summary>Made-up messages to a shop, in both languages, with what each is about; and a small package of a model that was learned from them.</summary>
internal static class SampleTexts
{
    private static readonly string[][] s_words =
    [
        ["where is my parcel", "the parcel is late", "tracking says nothing", "物流太慢了", "快递还没到", "什么时候发货"],
        ["i want my money back", "refund please", "you charged me twice", "我要退款", "退货怎么办", "钱还没退"],
        ["the zipper broke", "wrong size and colour", "it doesn't work", "质量很差", "颜色不对", "坏了 🙁"],
    ];

    private static readonly string[] s_more = ["", "please", "really", "ORDER ２０２４", "谢谢", "!!", "hello", "今天", "don't know", "again"];

    public static readonly TextDataset Data = new("sample", ["delivery", "refund", "fault"], Split(240, 1), Split(60, 2), Split(90, 3));

    public static readonly TextDataset Two = new("two", ["other", "delivery"], Binary(Data.Train), Binary(Data.Dev), Binary(Data.Test));

    public static LabelledTexts Of(TextSplit split, TextDataset? data = null) => new(split.Texts, split.Labels, (data ?? Data).Classes);

    public static IFittedTextCandidate Fitted(ITextCandidate candidate, TextDataset? data = null) => candidate.Fit(Of((data ?? Data).Train, data), Of((data ?? Data).Dev, data), new(7), default);

    public static readonly ITextCandidate Characters = new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 3)], Costs = [4, 16] }, new LogisticRegression(), "characters");

    public static readonly ITextCandidate Words = new NGramClassifier(new() { Blocks = [NGramBlock.Words(1, 2), NGramBlock.Words(1, 1, split: WordSplit.Dictionary)], Costs = [1] }, new LinearSvm(), "words");

    public static IFittedTextCandidate Blend() => new FittedTextBlend(["characters", "words"], [Fitted(Characters), Fitted(Words)], [0.4, 0.6], 1.3);

    public static TextPackageInput Input(string candidate, IFittedTextCandidate fitted)
    {
        var test = Of(Data.Test);
        return new()
        {
            Program = new("0.1.0", "0123456789abcdef"), Candidate = candidate, Settings = new Dictionary<string, string> { ["factor"] = "1.3" }, Model = ModelCodecs.Core.Write(fitted), Answers = fitted.Probabilities(test.Texts, default),
            Origin = new("sample", "What is it about?", "abc", "def", 7, 1, Data.Train.Texts.Count, Data.Dev.Texts.Count, test.Texts.Count, "accuracy on dev"),
            Validation = new Dictionary<string, double> { ["accuracy"] = 0.9 }, Metrics = ClassMetric.All, Comparisons = [], Training = Data.Train.Texts, Test = test,
        };
    }

    public static readonly TextPackage Package = new TextPackageBuilder(ModelCodecs.Core).Build(Input("blend", Blend()));

    /// <summary>The package's files with one replaced, added or (null) left out, and a manifest that vouches for what is there where that is wanted.</summary>
    public static PackageFiles With(string path, byte[]? content, bool vouched = false)
    {
        var files = new PackageFiles();
        foreach (var name in Package.Files.Paths.Where(p => p != path && !(vouched && p == "manifest.json"))) files.Add(name, Package.Files[name]);
        if (content is not null) files.Add(path, content);
        if (vouched) files.Add("manifest.json", PackageJson.Write(Package.Manifest with { Files = PackageManifest.List(files) }));
        return files;
    }

    private static TextSplit Split(int count, ulong seed)
    {
        var (chance, texts, labels) = (new SplitMix64(seed), new string[count], new int[count]);
        for (var row = 0; row < count; row++)
        {
            labels[row] = chance.Below(s_words.Length);
            // Now and then of another kind too, so that nothing is quite sure.
            var own = s_words[chance.Below(5) == 0 ? chance.Below(s_words.Length) : labels[row]];
            texts[row] = string.Join(' ', s_more[chance.Below(s_more.Length)], own[chance.Below(own.Length)], own[chance.Below(own.Length)], s_more[chance.Below(s_more.Length)]).Trim();
        }
        return new(texts, labels);
    }

    private static TextSplit Binary(TextSplit split) => new(split.Texts, [.. split.Labels.Select(label => label == 0 ? 1 : 0)]);
}
