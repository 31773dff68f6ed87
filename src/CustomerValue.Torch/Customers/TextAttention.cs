using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Linear = CustomerValue.Torch.Language.Linear;

namespace CustomerValue.Torch.Customers;

/// <summary>A customer's texts and features to one answer: texts are weighed by what they say and how old they are, joined with the features, and go through two layers.</summary>
/// <remarks>Attention over texts as in Yang and others (2016), "Hierarchical Attention Networks for Document Classification", with the text's age beside its vector. One place is
/// always there that is no text: where it takes all the weight nothing was said that matters, or nothing at all.</remarks>
internal sealed class TextAttention : nn.Module
{
    private readonly Linear look, first, second;
    private readonly Parameter choose, nothing;
    private readonly JointHead head;
    private readonly double _dropout;

    /// <param name="textWidth">H: width of a text's vector.</param>
    /// <param name="features">F.</param>
    /// <param name="hidden">Widths of the two layers.</param>
    /// <param name="attention">A: width of what weighs texts.</param>
    /// <param name="dropout">Share of the layers' values dropped in training.</param>
    /// <param name="seed">Of the new weights.</param>
    /// <param name="targets">What is to be learned.</param>
    public TextAttention(int textWidth, int features, (int First, int Second) hidden, int attention, double dropout, long seed, JointTargets targets) : base("attention")
    {
        _dropout = dropout;
        look = New(nameof(look), textWidth + ReadText.Facts, attention);
        choose = new NewParameters(seed, 0.3).Root.Get(nameof(choose), attention);
        nothing = new NewParameters(seed, 0.02).Root.Get(nameof(nothing), textWidth);
        first = New(nameof(first), textWidth + features, hidden.First);
        second = New(nameof(second), hidden.First, hidden.Second);
        head = new(hidden.Second, seed, targets);
        RegisterComponents();

        Linear New(string name, int inputs, int outputs) => new(new NewParameters(seed, 1 / Math.Sqrt(inputs)).Root[name], inputs, outputs);
    }

    /// <summary>Answers for a batch.</summary>
    /// <param name="vectors">[U, H]: of the batch's texts, each once.</param>
    /// <param name="places">[B][texts]: where each customer's texts stand among them.</param>
    /// <param name="rows">[B].</param>
    /// <returns>[B, 4]; owned by the caller's dispose scope.</returns>
    public Tensor Answer(Tensor vectors, IReadOnlyList<int[]> places, IReadOnlyList<TextRow> rows)
    {
        using var scope = NewDisposeScope();
        var (count, most) = (rows.Count, 1 + rows.Max(r => r.Texts.Length));
        var (at, told, open) = (new long[count * most], new float[count * most * ReadText.Facts], new bool[count * most]);
        for (var row = 0; row < count; row++)
            for (var slot = 0; slot <= places[row].Length; slot++)
            {
                open[row * most + slot] = true;                                            // slot 0 is no text, vector 0 says so
                if (slot == 0) continue;
                at[row * most + slot] = 1 + places[row][slot - 1];
                rows[row].Told[slot - 1].CopyTo(told, (row * most + slot) * ReadText.Facts);
            }
        var all = cat([nothing.unsqueeze(0), vectors], 0);                                                                 // [1 + U, H]
        var said = all.index_select(0, tensor(at)).view(count, most, -1);                                                  // [B, S, H]
        var looked = look.forward(cat([said, tensor(told, [count, most, ReadText.Facts])], 2)).tanh();                 // [B, S, A]
        var scores = (looked * choose).sum(2).masked_fill(tensor(open, [count, most]).logical_not(), Scalars.Of(-1e9));    // [B, S]
        var pooled = (F.softmax(scores, 1).unsqueeze(2) * said).sum(1);                                                    // [B, H]
        var width = rows[0].Features.Length;
        var joined = cat([pooled, tensor(rows.SelectMany(r => r.Features).ToArray(), [count, width])], 1);                 // [B, H + F]
        var inner = DropoutMask.Apply(F.relu(first.forward(joined)), _dropout, training);
        return head.forward(DropoutMask.Apply(F.relu(second.forward(inner)), _dropout, training)).MoveToOuterDisposeScope();
    }

    /// <summary>The network as it is now, for one customer at a time: an answer doesn't depend on whom it is asked with.</summary>
    public TextAttentionWeights Frozen() =>
        new(JointHead.Frozen(look), JointHead.Values(choose), JointHead.Values(nothing), JointHead.Frozen(first), JointHead.Frozen(second), head.Frozen());
}
