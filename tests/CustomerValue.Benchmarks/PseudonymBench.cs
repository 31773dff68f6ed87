using System.Security.Cryptography;
using System.Text;
using CustomerValue.Ingestion;

namespace CustomerValue.Benchmarks;

/// <summary>What does a keyed pseudonym cost beside a plain hash, which can be guessed back?</summary>
[MemoryDiagnoser]
public class PseudonymBench
{
    private readonly Pseudonyms _pseudonyms = Pseudonyms.Keyed("a key that is long enough"u8, "benchmark");
    private string[] _ids = null!;

    [Params(100_000)] public int Ids { get; set; }

    [GlobalSetup] public void Name() => _ids = [.. Enumerable.Range(0, Ids).Select(i => $"customer-{i}")];

    [Benchmark(Baseline = true)]
    public int Sha256Hex()
    {
        var length = 0;
        foreach (var id in _ids) length += Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(..16)).Length;
        return length;
    }

    [Benchmark]
    public int Pseudonym()
    {
        var length = 0;
        foreach (var id in _ids) length += _pseudonyms.Of(id).Length;
        return length;
    }
}
