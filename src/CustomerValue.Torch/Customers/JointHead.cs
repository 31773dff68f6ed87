using CustomerValue.Models;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Tabular;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Customers;

/// <summary>What customers did in the window after a cutoff, as a network learns it.</summary>
/// <param name="Churned">[rows]: 1 for no order, 0 otherwise.</param>
/// <param name="Spend">[rows]: in account currency, 0 and above.</param>
internal sealed record JointTargets(float[] Churned, float[] Spend);

/// <summary>One product on a customer's vector that answers both questions: the logit of churn, and the three outputs of <see cref="ZeroInflatedLogNormal"/>.</summary>
internal sealed class JointHead : nn.Module<Tensor, Tensor>
{
    /// <summary>Outputs: churn, any spend, mean of log spend, spread of log spend.</summary>
    public const int Outputs = 4;

    private readonly Language.Linear joint;

    /// <param name="width">D: width of a customer's vector.</param>
    /// <param name="seed">Of the new weights.</param>
    /// <param name="targets">What is to be learned: the head begins by answering as if all customers were alike.</param>
    public JointHead(int width, long seed, JointTargets targets) : base("head")
    {
        joint = new(new NewParameters(seed, 0.02).Root["head"], width, Outputs);
        RegisterComponents();
        var logs = targets.Spend.Where(s => s > 0).Select(s => Math.Log(s)).DefaultIfEmpty(0).ToArray();
        var (churn, buys, mean) = (targets.Churned.Average(c => (double)c), targets.Spend.Average(s => s > 0 ? 1.0 : 0), logs.Average());
        var spread = Math.Max(0.1, Math.Sqrt(logs.Average(l => (l - mean) * (l - mean))));
        using var _ = no_grad();
        using var start = tensor([(float)Logit(churn), (float)Logit(buys), (float)mean, (float)Math.Log(Math.Exp(spread) - 1)]);
        joint.named_parameters().Single(p => p.name == "bias").parameter.copy_(start);

        static double Logit(double share) => LogisticCurve.Logit(Math.Clamp(share, 0.01, 0.99));
    }

    /// <param name="vectors">[B, D].</param>
    /// <returns>[B, 4].</returns>
    public override Tensor forward(Tensor vectors) => joint.forward(vectors);

    /// <summary>The head as it is now, for one customer at a time, where libtorch's sums depend on how memory happens to lie.</summary>
    /// <returns>From a vector [D] to [4].</returns>
    public DenseLayer Frozen() => Frozen(joint);

    /// <summary>A layer as it is now.</summary>
    public static DenseLayer Frozen(Language.Linear layer) => new(Values(layer.Weight), Values(layer.named_parameters().Single(p => p.name == "bias").parameter));

    /// <summary>A tensor's numbers, row for row.</summary>
    public static float[] Values(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.detach().cpu().contiguous().data<float>().ToArray();
    }

    /// <summary>The loss of both questions together, each in nats a customer.</summary>
    /// <param name="outputs">[B, 4].</param>
    /// <param name="churned">[B]: 0 or 1.</param>
    /// <param name="spend">[B].</param>
    /// <returns>Scalar; owned by the caller's dispose scope.</returns>
    public static Tensor Loss(Tensor outputs, float[] churned, float[] spend)
    {
        using var scope = NewDisposeScope();
        ShapeException.ThrowUnless(outputs.dim() == 2 && outputs.shape[1] == Outputs && outputs.shape[0] == spend.Length, $"[{spend.Length}, {Outputs}]", outputs);
        var churn = F.binary_cross_entropy_with_logits(outputs.select(1, 0), tensor(churned));
        return churn.Plus(ZeroInflatedLogNormal.Loss(outputs.narrow(1, 1, 3), tensor(spend))).MoveToOuterDisposeScope();
    }
}
