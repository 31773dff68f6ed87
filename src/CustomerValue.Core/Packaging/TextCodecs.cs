using CustomerValue.Models.Text;
using CustomerValue.Text;

namespace CustomerValue.Packaging;

/// <summary>The codecs of models that tell texts apart and live in this library.</summary>
/// <remarks>
/// N-grams are numbers made of their units' numbers; ascending, only the step from one to the next is kept (a byte or two), then idf, of which there are few different ones, and the
/// weights, class after class, in single precision: probabilities stay within 1e-6 of the fit's. Weights that are 0 are left out behind a bit each, where there are any.
/// </remarks>
internal static class TextCodecs
{
    private const int MostClasses = 100_000, LongestWord = 10_000, MostCells = 1 << 26;
    private const string Characters = "characters";

    public static IReadOnlyList<IModelCodec> All { get; } =
    [
        new ModelCodec<ClauseEncoder>("clause-encoder", (m, to) => to.Model("inner", m.Inner), from => new(from.Model<ITextEncoder>("inner"))),
        new ModelCodec<FoldedEncoder>("folded-encoder", (m, to) => to.Models("groups", m.Groups), from => new(from.Models<ITextEncoder>("groups"))),
        new ModelCodec<FittedNGramClassifier>("n-grams", Write, ReadClassifier,
            notice: "ICU4N (Apache-2.0) with ICU's dictionary (Unicode License), part of the program, cuts Chinese into words where a model of n-grams reads words by dictionary."),
        new ModelCodec<FittedTextBlend>("text-blend", Write, ReadBlend),
        new ModelCodec<FittedFinerLabels>("finer-labels", Write, ReadFinerLabels),
    ];

    private static void Write(FittedNGramClassifier model, ModelWriter to)
    {
        to.Whole("classes", model.Classes);
        to.Number("cost", model.Cost);
        to.Number("intercept", model.Scale.Intercept);
        to.Number("slope", model.Scale.Slope);
        to.Numbers("bias", model.Model.Bias);
        var columns = new List<int>(model.Grams.Columns);
        to.Each("blocks", model.Grams.Blocks, (block, one) =>
        {
            one.Text("units", block.Block.Split?.Name ?? Characters);
            one.Whole("least", block.Block.Least);
            one.Whole("most", block.Block.Most);
            one.Whole("minimum_texts", block.Block.MinimumTexts);
            one.Text("weight", block.Weight.ToString());
            if (block.Units.Words is { } words) one.File("words", Lines(words, block.Block.Split!), ".txt");
            var (packed, order) = Grams(block);
            one.File("grams", packed, ".bin");
            columns.AddRange(order.Select(place => block.First + place));
        });
        to.File("weights", Weights(model.Model, columns), ".bin");
    }

    private static string Lines(IReadOnlyList<string> words, WordSplit split)
    {
        if (Known(split.Name) != split) throw new InvalidOperationException($"Words are split by '{split.Name}', a way that is only known where it was made up, so what reads them can't be packaged. Use {WordSplit.Simple.Name} or {WordSplit.Dictionary.Name}.");
        foreach (var word in words)
            if (word.Length is 0 or > LongestWord || word.Contains('\n', StringComparison.Ordinal) || !Whole(word))
                throw new InvalidOperationException($"The word '{word}' can't stand on a line of a text file, so what reads it can't be packaged.");
        return string.Concat(words.Select(word => word + "\n"));

        static bool Whole(string word) => word.EnumerateRunes().Sum(r => r.Utf16SequenceLength) == word.Length && !word.EnumerateRunes().Any(r => r.Value == 0xFFFD);
    }

    private static WordSplit? Known(string name) => name == WordSplit.Simple.Name ? WordSplit.Simple : name == WordSplit.Dictionary.Name ? WordSplit.Dictionary : null;

    // The units' characters, the n-grams, and what they weigh; and each n-gram's place, in the order written.
    private static (byte[] Packed, int[] Order) Grams(FittedNGramBlock block)
    {
        var to = new NumberPacker();
        if (block.Units.Characters is { } characters)
        {
            to.Whole((ulong)characters.Count);
            for (var i = 0; i < characters.Count; i++) to.Whole(i == 0 ? characters[0] : (ulong)(characters[i] - characters[i - 1]));
        }
        var sorted = block.Places.OrderBy(p => p.Key).ToArray();
        to.Whole((ulong)sorted.Length);
        for (var i = 0; i < sorted.Length; i++) to.Whole(i == 0 ? sorted[0].Key : sorted[i].Key - sorted[i - 1].Key);
        if (block.Weight == NGramWeight.TfIdf)
        {
            float[] different = [.. block.Idf.Distinct().Order()];
            to.Whole((ulong)different.Length);
            foreach (var idf in different) to.Single(idf);
            foreach (var (_, place) in sorted) to.Whole((ulong)Array.BinarySearch(different, block.Idf[place]));
        }
        return (to.ToArray(), [.. sorted.Select(p => p.Value)]);
    }

    // [scores x columns]: class after class, columns in the order of their n-grams.
    private static byte[] Weights(LinearModel model, List<int> columns)
    {
        var (to, scores) = (new NumberPacker(), model.Bias.Length);
        if ((long)columns.Count * scores > MostCells)
            throw new InvalidOperationException($"{columns.Count} n-grams with {scores} weights each are more than the {MostCells} that a package may hold. Raise the number of texts that must hold one, or ask for shorter ones.");
        var cells = new double[columns.Count * scores];
        for (var score = 0; score < scores; score++)
            for (var c = 0; c < columns.Count; c++) cells[score * columns.Count + c] = model.Weights[columns[c] * scores + score];
        var masked = cells.Any(w => (float)w == 0);
        to.Whole(masked ? 1UL : 0);
        if (masked) to.Flags([.. cells.Select(w => (float)w != 0)]);
        foreach (var weight in cells)
            if (!masked || (float)weight != 0) to.Single(weight);
        return to.ToArray();
    }

    private static FittedNGramClassifier ReadClassifier(ModelReader from)
    {
        var classes = from.Whole("classes", 2, MostClasses);
        var (scores, bias) = (classes == 2 ? 1 : classes, from.Numbers("bias"));
        Check.SameLength(scores, bias.Length, "bias");
        var (scale, cost) = (new ScoreScale(from.Number("intercept"), from.Number("slope")), from.Number("cost", 0));
        var first = 0;
        var blocks = from.Each("blocks", one =>
        {
            var block = ReadBlock(one, first);
            first += block.Columns;
            return block;
        });
        if (blocks.Length == 0) throw new InvalidDataException("there are no n-grams.");
        return new(new(blocks), new(ReadWeights(from.Bytes("weights"), first, scores), bias), scale, classes, cost, Threads: 1);
    }

    private static FittedNGramBlock ReadBlock(ModelReader from, int first)
    {
        var (units, least, minimum) = (from.Text("units"), from.Whole("least", 1, 8), from.Whole("minimum_texts", 1, int.MaxValue));
        var most = from.Whole("most", least, 8);
        var weight = from.Text("weight") is var name && Enum.TryParse<NGramWeight>(name, out var one) && one.ToString() == name ? one
            : throw new InvalidDataException($"an n-gram weighs '{name}'; {string.Join(" or ", Enum.GetNames<NGramWeight>())} is expected.");
        var split = units == Characters ? null : Known(units) ?? throw new InvalidDataException($"units are '{units}'; {Characters}, {WordSplit.Simple.Name} or {WordSplit.Dictionary.Name} is expected.");
        var block = split is null ? NGramBlock.Characters(least, most, minimum) : NGramBlock.Words(least, most, minimum, split);
        var words = split is null ? null : from.File("words");
        var packed = new NumberUnpacker(from.Bytes("grams"), "grams");
        var (characters, listed) = split is null ? (ReadCharacters(packed), Array.Empty<string>()) : ([], ReadWords(words!));
        var alphabet = split is null ? NGramUnits.Of(characters) : NGramUnits.Of(listed, split);
        var known = characters.Length + listed.Length;
        if (alphabet.Bits * most > 64) throw new InvalidDataException($"n-grams of {most} units of {alphabet.Bits} bits each don't fit into 64 bits.");

        var places = new Dictionary<ulong, int>();
        var (count, gram) = (packed.Count(), 0UL);
        for (var place = 0; place < count; place++)
        {
            var step = packed.Whole(ulong.MaxValue - gram);
            if (step == 0) throw new InvalidDataException($"n-gram {place + 1} doesn't come after the one before it.");
            places.Add(gram += step, place);
            if (!IsGram(gram, known, alphabet.Bits, least, most)) throw new InvalidDataException($"n-gram {place + 1} isn't made of {least} to {most} of the {known} units.");
        }
        var idf = new float[count];
        if (weight == NGramWeight.Presence) Array.Fill(idf, 1);
        else
        {
            var different = packed.Singles(packed.Count());
            if (count > 0 && different.Length == 0 || different.Any(idf => idf <= 0)) throw new InvalidDataException("an n-gram weighs nothing, or less.");
            for (var place = 0; place < count; place++) idf[place] = different[packed.Whole((ulong)(different.Length - 1))];
        }
        packed.RequireEnd();
        return new(alphabet, block, places, idf, weight, first);
    }

    private static bool IsGram(ulong gram, int units, int bits, int least, int most)
    {
        var length = 0;
        for (; gram != 0 && length < most; gram >>= bits, length++)
            if ((gram & ((1UL << bits) - 1)) is var unit && (unit == 0 || unit > (ulong)units)) return false;
        return gram == 0 && length >= least;
    }

    private static char[] ReadCharacters(NumberUnpacker packed)
    {
        var (characters, last) = (new char[packed.Count()], 0UL);
        for (var i = 0; i < characters.Length; i++) characters[i] = (char)(last += packed.Whole(char.MaxValue - last));
        return characters;
    }

    private static string[] ReadWords(string text)
    {
        if (text.Length > 0 && text[^1] != '\n') throw new InvalidDataException("the last word's line doesn't end.");
        var words = text.Length == 0 ? [] : text[..^1].Split('\n');
        return words.All(w => w.Length is > 0 and <= LongestWord) ? words : throw new InvalidDataException($"a word is empty, or longer than {LongestWord} characters.");
    }

    private static double[] ReadWeights(byte[] bytes, int columns, int scores)
    {
        var packed = new NumberUnpacker(bytes, "weights");
        var cells = (long)columns * scores;
        if (cells > MostCells) throw new InvalidDataException($"{columns} n-grams with {scores} weights each are more than a model can have.");
        var there = packed.Whole(1) == 1 ? packed.Flags(cells) : null;
        var values = packed.Singles(there is null ? cells : there.LongCount(t => t));
        packed.RequireEnd();
        var (weights, next) = (new double[cells], 0);
        for (var score = 0; score < scores; score++)
            for (var c = 0; c < columns; c++)
                if (there is null || there[score * columns + c]) weights[c * scores + score] = values[next++];
        return weights;
    }

    // Members that weigh nothing stay behind: answers are the same without them.
    private static void Write(FittedTextBlend model, ModelWriter to)
    {
        int[] counting = [.. Enumerable.Range(0, model.Members.Count).Where(m => model.Weights[m] != 0)];
        to.Texts("names", counting.Select(m => model.Names[m]));
        to.Numbers("weights", counting.Select(m => model.Weights[m]));
        to.Number("factor", model.Factor);
        to.Models("members", counting.Select(m => model.Members[m]));
    }

    private static FittedTextBlend ReadBlend(ModelReader from)
    {
        var (names, weights, factor) = (from.Texts("names"), from.Numbers("weights", 0, 1), from.Number("factor", 0, 1e6));
        var members = from.Models<IFittedTextCandidate>("members");
        if (members.Length == 0) throw new InvalidDataException("a blend has no members.");
        Check.SameLength(members.Length, names.Length, "names");
        Check.SameLength(members.Length, weights.Length, "weights");
        return new(names, members, weights, factor);
    }

    private static void Write(FittedFinerLabels model, ModelWriter to)
    {
        to.Model("inner", model.Inner);
        to.Each("finer", model.Labels.Zip(model.Shares), (label, one) =>
        {
            one.Text("label", label.First);
            one.Numbers("shares", label.Second);
        });
    }

    private static FittedFinerLabels ReadFinerLabels(ModelReader from)
    {
        var inner = from.Model<IFittedTextCandidate>("inner");
        var finer = from.Each("finer", one => (Label: one.Text("label"), Shares: one.Numbers("shares", 0, 1)));
        if (finer.Length < 2 || finer[0].Shares.Length < 2) throw new InvalidDataException("finer labels are fewer than two, or tell fewer than two classes apart.");
        foreach (var (label, shares) in finer)
        {
            Check.SameLength(finer[0].Shares.Length, shares.Length, "shares");
            if (Math.Abs(shares.Sum() - 1) > 1e-9) throw new InvalidDataException($"the shares of '{label}' don't add up to 1.");
        }
        return new(inner, [.. finer.Select(f => f.Label)], [.. finer.Select(f => f.Shares)]);
    }
}
