using System.Text.Json;
using CustomerValue.Testing;
using CustomerValue.Torch.Native;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests;

/// <summary>What another program computed from a model of ../shared/models.</summary>
internal sealed class Expected
{
    private Expected(JsonElement root) => (Tolerance, Cases) = (root.GetProperty("tolerance").GetProperty("abs").GetDouble(), [.. root.GetProperty("cases").EnumerateArray()]);

    public double Tolerance { get; }

    public IReadOnlyList<JsonElement> Cases { get; }

    /// <summary>Skips the test where the model isn't there; sets one thread, which results are compared at.</summary>
    public static (string Folder, Expected Expected) Of(string model)
    {
        TorchThreads.Use(1);
        var folder = RealModels.Need(model);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        return (folder, new(json.RootElement.Clone()));
    }

    public static double[] Reals(JsonElement @case, string name) => [.. @case.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    public static int[] Ids(JsonElement @case, string name) => [.. @case.GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];

    public static string Name(JsonElement @case) => @case.GetProperty("name").GetString()!;

    /// <summary>[1, T].</summary>
    public static Tensor Row(IEnumerable<int> ids) => tensor(ids.Select(i => (long)i).ToArray()).unsqueeze(0);

    /// <summary>Each value within the tolerance of the one expected.</summary>
    public static void Near(double[] expected, IReadOnlyList<float> found, double tolerance, string what)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance, $"{what}[{i}]: {found[i]:r}, expected {expected[i]:r} within {tolerance}");
    }

    /// <summary>Within a share of the expected value.</summary>
    public static void NearRelative(double expected, double found, double share, string what) =>
        Assert.True(Math.Abs(expected - found) <= share * Math.Abs(expected), $"{what}: {found:r}, expected {expected:r} within a share of {share}");
}
