using System.Buffers.Binary;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Text.Tokenizers;

namespace CustomerValue.Packaging;

/// <summary>The codecs of what networks that read customers' records are made of, but for the network itself.</summary>
internal static class ReaderCodecs
{
    private const int Longest = 1_000_000;

    public static IReadOnlyList<IModelCodec> All { get; } =
    [
        new ModelCodec<FittedEventLanguage>("event-language", Write, Language),
        new ModelCodec<FittedScaling>("scaling", (m, to) => to.Each("columns", m.Columns, CoreCodecs.Scaled), from => new(from.Each("columns", CoreCodecs.Scaled))),
        new ModelCodec<JointCalibration>("joint-calibration",
            (m, to) => { CoreCodecs.Curve(m.Churn, to); to.Number("spend_factor", m.SpendFactor); to.Number("most_log", m.MostLog); },
            from => new(CoreCodecs.Curve(from), from.Number("spend_factor", 0), from.Number("most_log", 0, 690))),
        new ModelCodec<DenseLayer>("dense-layer", (m, to) => { Floats("weight", m.Weight, to); Floats("bias", m.Bias, to); }, from => new(Floats("weight", from), Floats("bias", from))),
        new ModelCodec<TextAttentionWeights>("text-attention",
            (m, to) =>
            {
                to.Model("look", m.Look);
                Floats("choose", m.Choose, to);
                Floats("nothing", m.Nothing, to);
                to.Model("first", m.First);
                to.Model("second", m.Second);
                to.Model("head", m.Head);
            }, Attention),
    ];

    private static void Write(FittedEventLanguage m, ModelWriter to)
    {
        to.Whole("max_tokens", m.Options.MaxTokens);
        to.Whole("order_tokens", m.Options.OrderTokens);
        to.Whole("text_tokens", m.Options.TextTokens);
        to.Texts("pieces", m.Pieces);
        to.Flag("lower_case", m.Text.LowerCase);
        to.Flag("strip_accents", m.Text.Strips);
        to.Flag("chinese_characters", m.Text.ChineseCharacters);
        to.Numbers("amounts", m.Amounts);
        to.Numbers("totals", m.Totals);
        to.Texts("categories", m.Categories);
        to.Texts("treatments", m.Treatments);
    }

    private static FittedEventLanguage Language(ModelReader from)
    {
        var (pieces, amounts, totals, categories, treatments) = (from.Texts("pieces"), from.Numbers("amounts"), from.Numbers("totals"), from.Texts("categories"), from.Texts("treatments"));
        if (pieces.Length < 5) throw new InvalidDataException($"a language has {pieces.Length} pieces; the five that are no words are expected at least.");
        foreach (var borders in new[] { amounts, totals })
            if (borders.Zip(borders.Skip(1)).Any(pair => pair.First > pair.Second)) throw new InvalidDataException("borders between sizes don't ascend.");
        var options = new EventLanguageOptions { MaxTokens = from.Whole("max_tokens", 16, 100_000), OrderTokens = from.Whole("order_tokens", 0, 1000), TextTokens = from.Whole("text_tokens", 0, 1000) };
        return new(options, pieces, new BertTextOptions(from.Flag("lower_case"), from.Flag("strip_accents"), from.Flag("chinese_characters")), amounts, totals, categories, treatments);
    }

    private static TextAttentionWeights Attention(ModelReader from)
    {
        var m = new TextAttentionWeights(from.Model<DenseLayer>("look"), Floats("choose", from), Floats("nothing", from), from.Model<DenseLayer>("first"), from.Model<DenseLayer>("second"), from.Model<DenseLayer>("head"));
        Check.SameLength(m.Look.Inputs, m.Nothing.Length + ReadText.Facts, "nothing");
        Check.SameLength(m.Look.Bias.Count, m.Choose.Length, "choose");
        Check.SameLength(m.Second.Inputs, m.First.Bias.Count, "first");
        Check.SameLength(m.Head.Inputs, m.Second.Bias.Count, "second");
        Check.SameLength(JointCalibration.Outputs, m.Head.Bias.Count, "head");
        return m.First.Inputs >= m.Nothing.Length ? m : throw new InvalidDataException($"the first layer reads {m.First.Inputs} numbers, where a text's vector alone has {m.Nothing.Length}.");
    }

    // 32 bits each, the lowest byte first.
    private static void Floats(string name, IReadOnlyList<float> values, ModelWriter to)
    {
        var bytes = new byte[4 * values.Count];
        for (var at = 0; at < values.Count; at++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * at), float.IsFinite(values[at]) ? values[at] : throw new InvalidOperationException($"The weight '{name}' holds {values[at]}, and only finite numbers can be packaged: the fit went wrong."));
        to.File(name, bytes, ".f32");
    }

    private static float[] Floats(string name, ModelReader from)
    {
        var bytes = from.Bytes(name);
        if (bytes.Length == 0 || bytes.Length % 4 != 0 || bytes.Length > 4 * Longest) throw new InvalidDataException($"the weight '{name}' has {bytes.Length} bytes; four for each of at most {Longest} numbers are expected.");
        float[] values = [.. Enumerable.Range(0, bytes.Length / 4).Select(at => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * at)))];
        return values.All(float.IsFinite) ? values : throw new InvalidDataException($"the weight '{name}' holds what is no finite number.");
    }
}
