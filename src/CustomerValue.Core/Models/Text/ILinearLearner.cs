namespace CustomerValue.Models.Text;

/// <summary>A way to find the weights of n-grams.</summary>
public interface ILinearLearner
{
    /// <summary>All that decides what is learned, besides data and the penalty.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Whether scores are logits as they are; where they aren't, a curve from score to probability is fitted on dev.</summary>
    internal bool GivesLogits { get; }

    /// <summary>A model for each penalty, in their order; each starts from the one before.</summary>
    /// <param name="x">[rows, columns]</param>
    /// <param name="labels">[rows]</param>
    /// <param name="classes">Number of classes; 2 makes one score, more as many.</param>
    /// <param name="costs">C: what a misjudged row costs against the squared length of the weights, ascending.</param>
    /// <param name="context">Seed, threads, progress.</param>
    /// <param name="cancellation">Stops between passes.</param>
    internal IEnumerable<LinearModel> Path(SparseRows x, IReadOnlyList<int> labels, int classes, IReadOnlyList<double> costs, TextFitContext context, CancellationToken cancellation);
}
