using CustomerValue.Text;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CustomerValue.Torch.Language;

/// <summary>What the runs of tokens that end at a place bring: each run is hashed to a row of one table, and the rows' sum brought to the hidden width.</summary>
/// <remarks>
/// Joulin et al. (2017), "Bag of Tricks for Efficient Text Classification", hash runs of words so; here they enter an encoder. Chinese words are runs of
/// characters, and a phrase that decides is a run of words: a small encoder that had too few texts to learn to join them sees them at once, for the price of
/// looking a few rows up. Runs end at their place, so that what a text brings doesn't depend on the padding after it.
/// </remarks>
public sealed class NGramEmbeddings : Module<Tensor, Tensor>
{
    internal const string TableName = "ngrams.table.", ProjectionName = "ngrams.projection.weight";

    private readonly Embedding table;
    private readonly Linear projection;
    private readonly BertConfig _config;

    internal NGramEmbeddings(BertConfig config, ParameterScope at) : base("ngrams")
    {
        _config = config;
        table = new(at[nameof(table)], config.NGramBuckets, config.NGramWidth);
        projection = new(at[nameof(projection)], config.NGramWidth, config.HiddenSize, bias: false);
        RegisterComponents();
    }

    /// <param name="ids">[B, T].</param>
    /// <returns>[B, T, H].</returns>
    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var rows = stack([.. Enumerable.Range(2, _config.NGramOrder - 1).Select(length => Rows(ids, length))]);            // [N - 1, B, T]
        var sum = table.forward(rows).sum([0L]);                                                                           // [B, T, W]
        return projection.forward(DropoutMask.Apply(sum, _config.HiddenDropout, training)).MoveToOuterDisposeScope();              // [B, T, H]
    }

    // [B, T]: the table's row of the run that ends at each place; before the text stand zeros.
    private Tensor Rows(Tensor ids, int length)
    {
        var (batch, tokens) = (ids.shape[0], ids.shape[1]);
        var sum = ids.Times(NGramHash.Factor(length, 0));
        for (var back = 1; back < Math.Min(length, tokens); back++)
            sum = sum.Plus(cat([zeros([batch, back], ScalarType.Int64, ids.device), ids.narrow(1, 0, tokens - back)], 1).Times(NGramHash.Factor(length, back)));
        return sum.remainder(Scalars.Of((long)_config.NGramBuckets));
    }
}
