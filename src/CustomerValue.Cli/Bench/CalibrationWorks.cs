namespace CustomerValue.Cli.Bench;

/// <summary>Work that only measures the machine, so that figures of two machines can be compared by ratio.</summary>
internal static class CalibrationWorks
{
    private const int Bytes = 256_000_000;

    public static IReadOnlyList<BenchWork> All { get; } =
    [
        new("calibration-copy", "copying 256 MB", Bytes, "bytes", _ =>
        {
            byte[] from = new byte[Bytes], to = new byte[Bytes];
            from.AsSpan().Fill(1);
            return () => from.AsSpan().CopyTo(to);
        }, Runs: 5),
    ];
}
