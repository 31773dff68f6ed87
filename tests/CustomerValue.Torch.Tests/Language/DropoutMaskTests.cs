using CustomerValue.Torch.Language;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Language;

/// <summary>Dropout drops its share, evenly, and leaves the mean.</summary>
public sealed class DropoutMaskTests
{
    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.1, 2)]
    [InlineData(0.5, 3)]
    [InlineData(0.9, -4)]
    public void The_share_is_dropped_and_what_stays_makes_up_for_it(double share, long seed)
    {
        var mask = new float[1_000_003];
        DropoutMask.Fill(mask, share, (ulong)seed);
        var scale = (float)(1 / (1 - Math.Round(share * 65536) / 65536));
        Assert.All(mask.Distinct(), value => Assert.True(value == 0 || value == scale, $"{value} is neither 0 nor {scale}."));
        var deviation = Math.Sqrt(share * (1 - share) / mask.Length);
        Assert.InRange(mask.Average(value => value == 0 ? 1.0 : 0), share - 5 * deviation, share + 5 * deviation);
    }

    [Fact]
    public void Neighbours_and_the_masks_of_neighbouring_seeds_have_nothing_to_do_with_each_other()
    {
        var (one, other) = (Dropped(7), Dropped(8));
        foreach (var apart in new[] { 1, 2, 16, 32, 256, 384 })
            Assert.InRange(Correlation(one.AsSpan(apart), one.AsSpan(0, one.Length - apart)), -0.01, 0.01);
        Assert.InRange(Correlation(one, other), -0.01, 0.01);
        Assert.InRange(Correlation(one, Dropped(7UL << 32)), -0.01, 0.01);
    }

    [Fact]
    public void A_short_mask_is_the_beginning_of_a_long_one()
    {
        var longer = Dropped(5);
        for (var length = 0; length < 70; length++)
        {
            var shorter = new float[length];
            DropoutMask.Fill(shorter, 0.3, 5);
            Assert.Equal(longer[..length], shorter);
        }
    }

    [Fact]
    public void The_same_torch_seed_drops_the_same_and_the_gradient_goes_through_what_stays()
    {
        using var scope = NewDisposeScope();
        Tensor Draw()
        {
            manual_seed(3);
            return DropoutMask.Apply(ones(40, 50), 0.25, training: true);
        }
        Assert.True(Draw().Equals(Draw()));
        var x = ones(40, 50).requires_grad_();
        var y = DropoutMask.Apply(x, 0.25, training: true);
        y.sum().backward();
        Assert.True(y.detach().Equals(x.grad!));
        Assert.Same(x, DropoutMask.Apply(x, 0.25, training: false));
    }

    private static float[] Dropped(ulong seed)
    {
        var mask = new float[500_000];
        DropoutMask.Fill(mask, 0.3, seed);
        return mask;
    }

    private static double Correlation(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < one.Length; i++)
        {
            (x, y) = (x + one[i], y + other[i]);
            (xx, yy, xy) = (xx + one[i] * one[i], yy + other[i] * other[i], xy + one[i] * other[i]);
        }
        var n = one.Length;
        return (xy - x * y / n) / Math.Sqrt((xx - x * x / n) * (yy - y * y / n));
    }
}
