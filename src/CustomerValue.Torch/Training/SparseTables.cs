using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = CustomerValue.Torch.Language.Embedding;

namespace CustomerValue.Torch.Training;

/// <summary>While it lives, a network's large tables have gradients of the rows that a batch has read alone: a step costs what the batch has, not what the table has.</summary>
internal sealed class SparseTables : IDisposable
{
    private const int Large = 1000;
    private readonly Embedding[] _tables;

    /// <param name="network">The network.</param>
    /// <param name="tied">A table that a head reads too, whose gradient is whole anyway; null for none.</param>
    public SparseTables(nn.Module network, Parameter? tied = null)
    {
        _tables = [.. network.modules().OfType<Embedding>().Where(e => e.Weight.requires_grad && e.Weight.shape[0] >= Large && !ReferenceEquals(e.Weight, tied))];
        foreach (var table in _tables) table.HasSparseGradient = true;
    }

    public void Dispose()
    {
        foreach (var table in _tables) table.HasSparseGradient = false;
    }
}
