using System.Globalization;
using CustomerValue.Text;

namespace CustomerValue.Features;

/// <summary>From what an encoder says of each text to features of the customer who wrote them: the sets <see cref="TextSets.Meaning"/> and <see cref="TextSets.Vector"/>.</summary>
/// <remarks>
/// Columns are named after heads and labels, whatever they are. A mean over texts of weights w and values s is (sum of w s + n) / (sum of w + 1), n being what is assumed where nothing was
/// written: a customer of few, or of old, texts is drawn towards it. Weights halve with a text's age in whole days. No value is missing: the catalogue says what stands for what is unknown.
/// </remarks>
public sealed class TextAggregation
{
    /// <summary>Raised with every change of what a column means, so that what was built before isn't taken for it.</summary>
    public const int Version = 1;

    private const int RecentDays = 90;

    private readonly TextFeatureOptions _options;
    private readonly IReadOnlyList<TextSeries> _series;
    private readonly TextVerdict? _complaint, _solved;
    private readonly int _width;

    /// <param name="heads">The encoder's heads, in the order of a row's answers.</param>
    /// <param name="width">H: numbers of the encoder's vector.</param>
    /// <param name="options">What is made of them; null for the defaults.</param>
    /// <exception cref="ArgumentException">Two columns would have one name.</exception>
    public TextAggregation(IReadOnlyList<TextHead> heads, int width, TextFeatureOptions? options = null)
    {
        (_options, _width) = (options ?? new(), width);
        _series = TextSeries.Of(heads, width, _options);
        (_complaint, _solved) = (TextVerdict.Of(heads, width, _options.ComplaintHead, _options.NoComplaint), TextVerdict.Of(heads, width, _options.SolvedHead, _options.NoComplaint));
        Meaning = [.. Counts(), .. _series.SelectMany(Columns), .. Complaints()];
        if (Meaning.CountBy(f => f.Name).FirstOrDefault(n => n.Value > 1) is { Key: { } twice })
            throw new ArgumentException($"Two columns would be called '{twice}'. Names come of heads and labels, of which letters and digits are taken: {string.Join(", ", heads.Select(h => $"{h.Name} ({string.Join(", ", h.Labels)})"))}. Rename one.", nameof(heads));
        var digits = Math.Max(3, width.ToString(CultureInfo.InvariantCulture).Length);
        Vector = _options.Vector ? [.. Enumerable.Range(0, width).Select(k => new FeatureInfo(
            $"{TextSets.Vector}_{k.ToString($"D{digits}", CultureInfo.InvariantCulture)}", "score", string.Create(CultureInfo.InvariantCulture, $"Number {k} of the mean of the texts' vectors, each counting half after {_options.VectorHalfLife} days; 0 when none"), TextSets.Vector))] : [];
    }

    /// <summary>The columns of <see cref="TextSets.Meaning"/>.</summary>
    public IReadOnlyList<FeatureInfo> Meaning { get; }

    /// <summary>The columns of <see cref="TextSets.Vector"/>; none where they weren't asked for.</summary>
    public IReadOnlyList<FeatureInfo> Vector { get; }

    /// <summary>The features of one customer.</summary>
    /// <param name="cutoff">The cutoff; every text lies before it.</param>
    /// <param name="texts">The customer's texts, oldest first.</param>
    /// <param name="numbers">[texts, W]: each text's vector, then the heads' answers.</param>
    /// <param name="meaning">[columns of <see cref="Meaning"/>]: filled in.</param>
    /// <param name="vector">[columns of <see cref="Vector"/>]: filled in.</param>
    public void Fill(DateOnly cutoff, IReadOnlyList<CustomerText> texts, float[] numbers, Span<double> meaning, Span<double> vector)
    {
        var width = texts.Count == 0 ? 0 : numbers.Length / texts.Count;
        var ages = texts.Select(t => cutoff.DayNumber - DateOnly.FromDateTime(t.At).DayNumber).ToArray();
        double[][] weights = [.. _options.HalfLives.Select(days => Weights(ages, days))];
        var place = 0;
        meaning[place++] = texts.Count;
        foreach (var weight in weights) meaning[place++] = weight.Sum();
        foreach (var series in _series) Follow(series, numbers, width, weights, meaning, ref place);
        if (_complaint is not null) Complain(texts, ages, numbers, width, meaning[place..]);
        if (!vector.IsEmpty) MeanVector(ages, numbers, width, vector);
    }

    private void Follow(TextSeries series, float[] numbers, int width, double[][] weights, Span<double> row, ref int place)
    {
        var count = weights[0].Length;
        var values = new double[count];
        var wins = 0;
        for (var t = 0; t < count; t++)
        {
            values[t] = series.Of(Row(numbers, t, width));
            if (!series.IsNumber && series.Wins(Row(numbers, t, width))) wins++;
        }
        if (!series.InShort)
        {
            row[place++] = count > 0 ? values[^1] : series.Neutral;
            row[place++] = Shrunk(values, null, series.Neutral);
        }
        foreach (var weight in series.InShort ? weights[^1..] : weights) row[place++] = Shrunk(values, weight, series.Neutral);
        if (!series.InShort) row[place++] = count > 1 ? Mean(values, weights[0]) - Mean(values, null) : 0;
        if (series.IsNumber)
        {
            row[place++] = count > 0 ? values.Min() : series.Neutral;
            row[place++] = count > 0 ? values.Max() : series.Neutral;
        }
        else row[place++] = count > 0 ? (double)wins / count : 0;
    }

    private void Complain(IReadOnlyList<CustomerText> texts, int[] ages, float[] numbers, int width, Span<double> row)
    {
        var (all, recent, last) = (0, 0, -1);
        for (var t = 0; t < texts.Count; t++)
        {
            if (!_complaint!.Holds(Row(numbers, t, width))) continue;
            (all, last) = (all + 1, t);
            if (ages[t] <= RecentDays) recent++;
        }
        var (answered, solved) = (false, false);
        for (var t = Math.Max(0, last); last >= 0 && t < texts.Count; t++)
        {
            answered |= t == last ? texts[t].Answered : texts[t].AgentSpoke;
            solved |= _solved?.Holds(Row(numbers, t, width)) ?? false;
        }
        var place = 0;
        row[place++] = all;
        row[place++] = recent;
        row[place++] = last < 0 ? -1 : ages[last];
        row[place++] = answered ? 1 : 0;
        if (_solved is not null) row[place++] = solved ? 1 : 0;
        row[place] = last >= 0 && !(_solved is null ? answered : solved) ? 1 : 0;
    }

    private void MeanVector(int[] ages, float[] numbers, int width, Span<double> vector)
    {
        vector.Clear();
        var weights = Weights(ages, _options.VectorHalfLife);
        var total = weights.Sum();
        for (var t = 0; t < ages.Length; t++)
        {
            var share = weights[t] / total;
            var row = Row(numbers, t, width);
            for (var k = 0; k < _width; k++) vector[k] += share * row[k];
        }
    }

    private static ReadOnlySpan<float> Row(float[] numbers, int text, int width) => numbers.AsSpan(text * width, width);

    // At least a number that sums don't lose: a shop's texts may be decades old.
    private static double[] Weights(int[] ages, int halfLife) => Array.ConvertAll(ages, age => Math.Max(1e-12, Math.Pow(0.5, (double)age / halfLife)));

    private static double Shrunk(double[] values, double[]? weights, double neutral)
    {
        var (sum, total) = (neutral, 1.0);
        for (var t = 0; t < values.Length; t++)
        {
            var weight = weights?[t] ?? 1;
            (sum, total) = (sum + weight * values[t], total + weight);
        }
        return sum / total;
    }

    private static double Mean(double[] values, double[]? weights)
    {
        var (sum, total) = (0.0, 0.0);
        for (var t = 0; t < values.Length; t++)
        {
            var weight = weights?[t] ?? 1;
            (sum, total) = (sum + weight * values[t], total + weight);
        }
        return sum / total;
    }

    private IEnumerable<FeatureInfo> Counts()
    {
        yield return Info("texts_read", "texts", "Reviews and chats so far that the encoder read");
        foreach (var days in _options.HalfLives) yield return Info($"texts_read_{days}", "texts", $"The same, each counting half after {days} days: how much the means of that pace rest on");
    }

    private IEnumerable<FeatureInfo> Columns(TextSeries s)
    {
        var unit = s.IsNumber ? "score" : "probability";
        var none = string.Create(CultureInfo.InvariantCulture, $"{s.Neutral:0.####} when nothing was written");
        if (!s.InShort)
        {
            yield return Info($"{s.Name}_last", unit, $"Of the last text: {s.Says}; {none}");
            yield return Info($"{s.Name}_mean", unit, $"Mean over all texts: {s.Says}; few texts are drawn towards {none}");
        }
        foreach (var days in s.InShort ? _options.HalfLives.TakeLast(1) : _options.HalfLives)
            yield return Info($"{s.Name}_recent_{days}", unit, $"Mean over texts that count half after {days} days each: {s.Says}; few or old texts are drawn towards {none}");
        if (!s.InShort) yield return Info($"{s.Name}_trend", unit, $"Mean over texts that count half after {_options.HalfLives[0]} days less the mean over all: {s.Says}; 0 with fewer than two");
        if (s.IsNumber)
        {
            yield return Info($"{s.Name}_min", unit, $"Lowest of all texts: {s.Says}; {none}");
            yield return Info($"{s.Name}_max", unit, $"Highest of all texts: {s.Says}; {none}");
        }
        else yield return Info($"{s.Name}_share", "share", $"Share of texts for which {s.Head.Labels[s.Label]} is the likeliest answer of the head {s.Head.Name}; 0 when none");
    }

    private IEnumerable<FeatureInfo> Complaints()
    {
        if (_complaint is null) yield break;
        yield return Info("complaints", "texts", "Texts so far that complain");
        yield return Info("complaints_90", "texts", "Texts of the last 90 days that complain");
        yield return Info("days_since_complaint", "days", "From the last complaint to the cutoff; -1 when there was none");
        yield return Info("complaint_answered", "flag", "1 when an agent spoke after the last complaint, in its chat or in a later one; 0 when there was none");
        if (_solved is not null) yield return Info("complaint_solved", "flag", "1 when the last complaint, or a text after it, speaks of what was solved; 0 when there was none");
        yield return Info("complaint_open", "flag", _solved is null ? "1 when the last complaint was not answered by an agent; 0 when there was none" : "1 when the last complaint was not solved; 0 when there was none");
    }

    private static FeatureInfo Info(string name, string unit, string meaning) => new(name, unit, meaning, TextSets.Meaning);
}
