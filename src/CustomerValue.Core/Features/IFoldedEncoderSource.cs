using CustomerValue.Ingestion;
using CustomerValue.Text;

namespace CustomerValue.Features;

/// <summary>A source whose encoders learn from what customers did, and that has several for a cutoff: each has learned nothing from the customers of one group.</summary>
/// <remarks>An encoder that was taught which of its writers came back tells that of their texts again, by heart, and does worse for texts of anyone else: a model that learns on its scores
/// trusts them too much. So a customer's texts, at every cutoff and at scoring too, are read by the encoder of their own group. Answers of heads can be laid side by side;
/// vectors of different encoders can't, so that features of such a source leave them out.</remarks>
public interface IFoldedEncoderSource : ITextEncoderSource
{
    /// <summary>Groups of customers, and encoders for a cutoff; 1 where one encoder reads everyone's texts.</summary>
    int Folds { get; }

    /// <summary>The group of a customer, in [0, <see cref="Folds"/>): the same as in folds of training rows.</summary>
    int FoldOf(string customerId) => (int)(StableHash.Of(customerId) % (ulong)Folds);

    /// <summary>The encoder that has seen no label of the group's customers, and nothing dated on or after the cutoff; the caller disposes of it.</summary>
    /// <param name="fold">The group.</param>
    /// <param name="labels">The shop's texts before the cutoff with the labels known by then, of all customers.</param>
    /// <param name="cutoff">First day that isn't history.</param>
    /// <param name="folder">Where it keeps what it learned, to find it again.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops the learning.</param>
    ITextEncoder OpenFold(
        int fold, Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default);
}
