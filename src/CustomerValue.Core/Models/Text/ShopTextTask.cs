using CustomerValue.Features;

namespace CustomerValue.Models.Text;

/// <summary>What a shop's own records answer of a text.</summary>
public enum ShopTextQuestion
{
    /// <summary>Is the writer content? By the stars given with the text.</summary>
    Sentiment,

    /// <summary>Will the writer order within days?</summary>
    Intent,

    /// <summary>Will a writer who has ordered before go on ordering?</summary>
    Loyalty,
}

/// <summary>Texts of a shop with the answers to one question, parted in time: models learn from what was known at a cutoff, and are judged on what was written from then on.</summary>
/// <param name="Question">The question.</param>
/// <param name="Train">Written before the cutoff, the answer known by then; classes no and yes.</param>
/// <param name="Dev">The same of a tenth of the customers, whose texts aren't learned from: what choices are made on.</param>
/// <param name="Test">Written on or after the cutoff, by anybody.</param>
public sealed record ShopTextTask(ShopTextQuestion Question, LabelledTexts Train, LabelledTexts Dev, LabelledTexts Test)
{
    private const double DevShare = 0.1;

    /// <summary>Probabilities [test texts][classes] of one who reads nothing: for every text the rates among the training texts. What a reader must beat.</summary>
    public double[][] Unread()
    {
        double[] rates = [.. Train.Classes.Select((_, k) => Train.Labels.Count(l => l == k) / (double)Train.Labels.Count)];
        return [.. Test.Texts.Select(_ => rates)];
    }

    /// <summary>Parts labelled texts at a cutoff.</summary>
    /// <param name="asked">The question; null: sentiment where stars were given, loyalty where none were.</param>
    /// <param name="texts">Texts labelled by all records there are, as <see cref="ShopTextLabels"/> gives them at a later cutoff; those without an answer are left out.</param>
    /// <param name="cutoff">First day that isn't history for the one who learns.</param>
    /// <exception cref="InvalidOperationException">A part has only one answer, or none.</exception>
    public static ShopTextTask Of(ShopTextQuestion? asked, IReadOnlyList<ShopText> texts, DateOnly cutoff)
    {
        var question = asked ?? (texts.Any(t => t.IsPositive is not null) ? ShopTextQuestion.Sentiment : ShopTextQuestion.Loyalty);
        var end = cutoff.ToDateTime(TimeOnly.MinValue);
        var before = texts.Where(t => Known(question, t) <= end).ToLookup(t => IsDev(t.CustomerId));
        return new(question, Part("to learn from", before[false]), Part("to choose on", before[true]), Part("to judge on", texts.Where(t => t.At >= end)));

        LabelledTexts Part(string what, IEnumerable<ShopText> some)
        {
            var labelled = some.Select(t => (t.Text, Label: Answer(question, t))).Where(t => t.Label is not null).ToList();
            var yes = labelled.Count(t => t.Label == true);
            return yes > 0 && yes < labelled.Count ? new([.. labelled.Select(t => t.Text)], [.. labelled.Select(t => t.Label == true ? 1 : 0)], ["no", "yes"])
                : throw new InvalidOperationException(FormattableString.Invariant($"Of the texts {what} at the cutoff {cutoff:yyyy-MM-dd}, {yes} are answered with yes and {labelled.Count - yes} with no to '{question}'; both answers are needed. Take another cutoff or question."));
        }
    }

    /// <summary>The same with at most so many texts in each part, taken evenly over time.</summary>
    /// <param name="texts">How many.</param>
    public ShopTextTask AtMost(int texts)
    {
        Check.Within(texts, 1, int.MaxValue);
        return this with { Train = Thinned(Train), Dev = Thinned(Dev), Test = Thinned(Test) };

        LabelledTexts Thinned(LabelledTexts all)
        {
            if (all.Texts.Count <= texts) return all;
            int[] kept = [.. Enumerable.Range(0, texts).Select(i => (int)((long)i * all.Texts.Count / texts))];
            return all with { Texts = [.. kept.Select(t => all.Texts[t])], Labels = [.. kept.Select(t => all.Labels[t])] };
        }
    }

    private static DateTime Known(ShopTextQuestion question, ShopText text) => question switch
    {
        ShopTextQuestion.Intent => text.BuysKnown,
        ShopTextQuestion.Loyalty => text.KeepsBuyingKnown,
        _ => text.At,
    };

    private static bool? Answer(ShopTextQuestion question, ShopText text) => question switch
    {
        ShopTextQuestion.Intent => text.Buys,
        ShopTextQuestion.Loyalty => text.KeepsBuying,
        _ => text.IsPositive,
    };

    // As encoders that are tuned at a cutoff do: by customer, so that nobody is in both.
    private static bool IsDev(string customer) => TimeOrderedFolds.Group($"dev {customer}", 1000) < 1000 * DevShare;
}
