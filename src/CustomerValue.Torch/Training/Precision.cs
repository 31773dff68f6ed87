using CustomerValue.Torch.Language;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>How the products of a model are computed while it learns.</summary>
internal static class Precision
{
    /// <summary>Sets a model to learn, with dropout and perhaps in bfloat16, or to answer, without both.</summary>
    public static void Learning(nn.Module model, bool learns, bool bfloat16)
    {
        model.train(learns);
        foreach (var product in model.modules().OfType<IProduct>()) product.InBfloat16 = learns && bfloat16;
    }
}
