namespace CustomerValue.Notebooks;

/// <summary>The threads that a cell's code runs on, what follows an await too. All can be stopped: code that computes stops at its next <see cref="StopPoint"/>, code that waits is
/// interrupted, and what it awaits is no longer waited for. On threads that the code started by itself only stop points are looked at.</summary>
/// <remarks>Nothing is aborted. .NET can do that (<c>ControlledExecution</c>), but on Linux it was seen to end the process (an exception of the runtime's own that nobody catches), and to hang
/// it (the runtime's signal stays blocked in the thread, and in those that it starts, which then can't be halted for a collection).</remarks>
internal sealed class CellThreads(CancellationTokenSource stop, Action<Exception> lost) : SynchronizationContext
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private const int Tries = 100;                       // five seconds

    private readonly Lock _gate = new();
    private readonly HashSet<Thread> _inside = [];
    private readonly TaskCompletionSource<bool> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stopping;

    /// <summary>Once the code was asked to stop: whether it did.</summary>
    public Task<bool> Stopped => _stopped.Task;

    /// <summary>Whether code is on one of the threads.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate) return _inside.Count > 0;
        }
    }

    /// <summary>Runs code until it ends or was stopped.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> code)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.QueueUserWorkItem(_ => Enter(() => AsTask(code).ContinueWith(ended =>
        {
            if (ended.Exception is { } error) done.TrySetException(error.InnerExceptions);
            else if (ended.IsCanceled) done.TrySetCanceled();
            else done.TrySetResult(ended.Result);
        }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)));
        await Task.WhenAny(done.Task, Stopped).ConfigureAwait(false);
        if (!stop.IsCancellationRequested) return await done.Task.ConfigureAwait(false);
        await Stopped.ConfigureAwait(false);
        throw new OperationCanceledException(stop.Token);
    }

    /// <summary>Asks the code to stop, and goes on asking.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 1) return;
        StopPoint.Open();
        _ = stop.CancelAsync();                          // asked at once, or an interrupt would come before its reason; what the code registered may take its time
        Task.Run(async () =>
        {
            for (var i = 0; i < Tries; i++)
            {
                await Task.Delay(s_pause).ConfigureAwait(false);
                lock (_gate)
                {
                    if (_inside.Count == 0) break;
                    foreach (var thread in _inside) thread.Interrupt();
                }
            }
            StopPoint.Close();
            _stopped.SetResult(!IsRunning);
        });
    }

    /// <summary>What follows an await.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            ThreadPool.QueueUserWorkItem(_ => Enter(() => d(state)));
        }
        catch (ThreadInterruptedException)
        {
            // The cell is being stopped, and nothing follows any more. Whoever awaits would take the exception for the context's own failure, which ends the process.
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>What the code throws before it has a task is its task's failure too.</summary>
    private static async Task<T> AsTask<T>(Func<Task<T>> code) => await code().ConfigureAwait(false);

    private void Enter(Action code)
    {
        lock (_gate)
        {
            if (stop.IsCancellationRequested) return;
            _inside.Add(Thread.CurrentThread);
        }
        SetSynchronizationContext(this);
        try
        {
            code();
        }
        catch (Exception error) when (stop.IsCancellationRequested && error is (OperationCanceledException or ThreadInterruptedException))
        {
        }
#pragma warning disable CA1031 // what an async void method throws must not end the process
        catch (Exception error)
#pragma warning restore CA1031
        {
            lost(error);
        }
        finally
        {
            SetSynchronizationContext(null);
            Leave();
        }
    }

    /// <summary>Gives the thread back, and takes off it an interrupt that came too late to be noticed.</summary>
    private void Leave()
    {
        for (var left = false; !left;)
        {
            try
            {
                lock (_gate) _inside.Remove(Thread.CurrentThread);
                if (stop.IsCancellationRequested) Thread.Sleep(1);
                left = true;
            }
            catch (ThreadInterruptedException)
            {
            }
        }
    }
}
