using CustomerValue.Onnx;

namespace CustomerValue.Tests;

public sealed class QuantizationTests
{
    [Fact]
    public void A_row_is_scaled_by_its_largest()
    {
        var (bytes, scales) = Quantization.Rows([1, -2, 0.5f, 0, 0, 0], width: 3, limit: 127);
        Assert.Equal([64, -127, 32, 0, 0, 0], bytes);                // 1 / 2 x 127 = 63.5 and rounds to the even 64; 31.75 to 32
        Assert.Equal([2f / 127, 1f], scales);                        // a row of zeros: any scale does
    }

    [Fact]
    public void A_column_is_scaled_by_its_largest()
    {
        var (bytes, scales) = Quantization.Columns([1, -2, -4, 0.5f], width: 2, limit: 63);
        Assert.Equal([16, -63, -63, 16], bytes);                     // columns (1, -4) and (-2, .5)
        Assert.Equal([4f / 63, 2f / 63], scales);
    }

    [Fact]
    public void No_weight_is_further_off_than_half_a_step()
    {
        var random = new SplitMix64(5);
        float[] values = [.. Enumerable.Range(0, 3000).Select(_ => (float)(random.Unit() - 0.5) * 3)];
        var (bytes, scales) = Quantization.Columns(values, width: 30, limit: 127);
        for (var at = 0; at < values.Length; at++) Assert.True(Math.Abs(bytes[at] * scales[at % 30] - values[at]) <= scales[at % 30] * 0.5001f);
    }

    [Fact]
    public void Turned_twice_it_is_as_before()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        Assert.Equal([1, 4, 2, 5, 3, 6], Quantization.Transposed(values, 2, 3));
        Assert.Equal(values, Quantization.Transposed(Quantization.Transposed(values, 2, 3), 3, 2));
    }
}
