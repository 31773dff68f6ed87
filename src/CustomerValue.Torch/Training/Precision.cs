using CustomerValue.Torch.Language;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>How a model computes while it learns.</summary>
internal static class Precision
{
    /// <summary>Sets a model to learn, with dropout, and as the options say in bfloat16 or with little memory; or to answer, without all of these.</summary>
    public static void Learning(nn.Module model, bool learns, TrainingOptions options)
    {
        model.train(learns);
        foreach (var module in model.modules().Prepend(model))
        {
            if (module is IProduct product) product.InBfloat16 = learns && options.Autocast;
            if (module is IRecomputes stack) stack.Recomputes = learns && options.GradientCheckpointing;
        }
    }
}
