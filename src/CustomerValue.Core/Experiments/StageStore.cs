using System.Security.Cryptography;
using System.Text;

namespace CustomerValue.Experiments;

/// <summary>What one stage of a run cost.</summary>
/// <param name="Name">The stage.</param>
/// <param name="Seconds">Wall-clock time.</param>
/// <param name="PeakMb">Highest resident memory of the process while it ran, in MB.</param>
/// <param name="Reused">The result of an earlier run was taken.</param>
public sealed record StageCost(string Name, double Seconds, double PeakMb, bool Reused);

/// <summary>Runs the stages of an experiment and keeps their results, each under a key made of all that decides it: a run that was
/// stopped goes on from its finished stages, and a change in the data, the options or the program starts the stages that it touches anew.</summary>
/// <param name="folder">Where results are kept.</param>
/// <param name="reuse">Whether earlier results may be taken.</param>
/// <param name="time">The clock that stages are timed with.</param>
internal sealed class StageStore(string folder, bool reuse, TimeProvider time)
{
    private readonly List<StageCost> _costs = [];

    /// <summary>What the stages so far have cost, in order.</summary>
    public IReadOnlyList<StageCost> Costs => _costs;

    /// <summary>Runs a stage, or takes the result that an earlier run left under the same key.</summary>
    /// <param name="name">The stage's name, unique in its run.</param>
    /// <param name="key">All that decides the result.</param>
    /// <param name="make">Does the work.</param>
    /// <param name="write">Writes the result into an empty folder.</param>
    /// <param name="read">Reads it back.</param>
    public T Run<T>(string name, IEnumerable<string> key, Func<T> make, Action<T, string> write, Func<string, T> read)
    {
        var kept = Path.Combine(folder, $"{Safe(name)}-{Digest(key)}");
        return Measure(name, () =>
        {
            if (reuse && Directory.Exists(kept)) return (read(kept), true);
            var result = make();
            var part = kept + ".part";
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
            Directory.CreateDirectory(part);
            write(result, part);
            if (Directory.Exists(kept)) Directory.Delete(kept, recursive: true);
            Directory.Move(part, kept);     // complete or absent, never half there
            return (result, false);
        });
    }

    /// <summary>Runs a stage that keeps its result itself and says whether it was there already.</summary>
    public T Measure<T>(string name, Func<(T Result, bool Reused)> work)
    {
        PeakMemory.Reset();
        var started = time.GetTimestamp();
        var (result, reused) = work();
        _costs.Add(new(name, Math.Round(time.GetElapsedTime(started).TotalSeconds, 3), Math.Round(PeakMemory.Megabytes, 1), reused));
        return result;
    }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the parts, each with its length.</summary>
    public static string Digest(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static string Safe(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_'));
}
