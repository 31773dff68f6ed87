using System.Text;
using CustomerValue.Onnx;

namespace CustomerValue.Tests;

/// <summary>The wire format, against bytes that can be worked out by hand.</summary>
public sealed class ProtoMessageTests
{
    private static string Hex(ProtoMessage message) => Convert.ToHexString(message.ToArray());

    [Fact]
    public void A_small_number_is_a_key_and_a_byte() => Assert.Equal("0801", Hex(new ProtoMessage().Add(1, 1L)));                     // field 1, kind 0

    [Fact]
    public void A_larger_number_is_seven_bits_a_byte_the_lowest_first() => Assert.Equal("089601", Hex(new ProtoMessage().Add(1, 150L)));       // 150 = 0010110 + 1 x 128

    [Fact]
    public void A_negative_number_takes_ten_bytes() => Assert.Equal("08FFFFFFFFFFFFFFFFFF01", Hex(new ProtoMessage().Add(1, -1L)));

    [Fact]
    public void A_field_from_16_up_takes_two_bytes_of_key() => Assert.Equal("A00105", Hex(new ProtoMessage().Add(20, 5L)));             // 20 x 8 = 160 = 0100000 + 1 x 128

    [Fact]
    public void A_text_has_its_length_in_bytes_before_it() => Assert.Equal("1206E4BDA0E5A5BD", Hex(new ProtoMessage().Add(2, "你好")));      // field 2, kind 2, 6 bytes

    [Fact]
    public void A_float_is_four_bytes_the_lowest_first() => Assert.Equal("150000C03F", Hex(new ProtoMessage().Add(2, 1.5f)));           // field 2, kind 5, 0x3FC00000

    [Fact]
    public void A_message_inside_has_its_length_before_it() => Assert.Equal("1A03089601", Hex(new ProtoMessage().Add(3, new ProtoMessage().Add(1, 150L))));

    [Fact]
    public void Repeated_fields_are_one_entry_a_value() => Assert.Equal("080108020803", Hex(new ProtoMessage().Add(1, [1L, 2L, 3L])));

    [Fact]
    public void Nothing_is_empty_bytes() => Assert.Equal("", Hex(new ProtoMessage()));

    [Fact]
    public void The_size_is_that_of_what_is_written()
    {
        var message = new ProtoMessage().Add(1, new string('x', 127)).Add(2, new ProtoMessage().Add(1, new string('y', 128))).Add(3, 1f).Add(20, -5L).Add(9, new byte[300]);
        Assert.Equal(message.ToArray().Length, message.Size);
    }

    [Fact]
    public void A_tensor_is_written_field_by_field()
    {
        // dims 2 and 1 (field 1), data_type FLOAT (field 2), name "w" (field 8), raw_data of eight bytes (field 9)
        var tensor = OnnxMessages.Tensor("w", OnnxType.Single, [2, 1], ProtoMessage.Raw<float>([1, -2]));
        Assert.Equal("08020801" + "1001" + "420177" + "4A080000803F000000C0", Hex(tensor));
    }

    [Fact]
    public void An_input_names_the_dimensions_that_are_not_known_yet()
    {
        // name "x"; type { tensor_type { elem_type INT64; shape { dim { dim_param "b" } dim { dim_value 7 } } } }
        var value = OnnxMessages.Value("x", OnnxType.Int64, "b", 7);
        Assert.Equal("0A0178" + "120F" + "0A0D" + "0807" + "1209" + "0A03120162" + "0A020807", Hex(value));
    }

    [Fact]
    public void A_node_names_its_inputs_outputs_and_attributes()
    {
        var node = OnnxMessages.Node("n", "Softmax", ["a"], ["b"], [OnnxMessages.Attribute("axis", -1)]);
        Assert.Equal("0A0161" + "120162" + "1A016E" + "2207" + Convert.ToHexString(Encoding.ASCII.GetBytes("Softmax")) + "2A14" + "0A0461786973" + "18FFFFFFFFFFFFFFFFFF01" + "A00102", Hex(node));
    }
}
