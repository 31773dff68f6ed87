namespace CustomerValue.ServedModels;

/// <summary>What may still be spent. A request first sets aside the most that it can cost; what it did cost is counted when it ends.</summary>
internal sealed class Budget(double? limit, (double In, double Out)? prices)
{
    private readonly Lock _lock = new();
    private double _aside;
    private int _under;
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public double Spent { get; private set; }

    public long TokensIn { get; private set; }

    public long TokensOut { get; private set; }

    public double Cost(long tokensIn, long tokensOut) => prices is { } p ? (tokensIn * p.In + tokensOut * p.Out) / 1e6 : tokensIn + tokensOut;

    /// <summary>False when it doesn't fit and nothing that is under way can change that; else waits until it fits.</summary>
    public async Task<bool> SetAside(double most, CancellationToken cancellation)
    {
        while (true)
        {
            Task ended;
            lock (_lock)
            {
                if (limit is null || Spent + _aside + most <= limit)
                {
                    (_aside, _under) = (_aside + most, _under + 1);
                    return true;
                }
                if (_under == 0 || Spent + most > limit) return false;
                ended = _ended.Task;
            }
            await ended.WaitAsync(cancellation);
        }
    }

    public void Count(double aside, long tokensIn, long tokensOut, double? instead = null)
    {
        lock (_lock)
        {
            (_aside, _under) = (_aside - aside, _under - 1);
            (Spent, TokensIn, TokensOut) = (Spent + (instead ?? Cost(tokensIn, tokensOut)), TokensIn + tokensIn, TokensOut + tokensOut);
            if (_under == 0) _aside = 0;                 // what rounding left
            _ended.SetResult();
            _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
