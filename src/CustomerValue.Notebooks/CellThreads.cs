using System.Runtime;

namespace CustomerValue.Notebooks;

/// <summary>The threads that a cell's code runs on: one to begin with, and one for each piece that follows an await. All can be stopped: code that computes is
/// aborted, code that waits is interrupted, and what it awaits is no longer waited for. Threads that the code started by itself aren't.</summary>
/// <remarks>No thread is used again. On Linux one that was aborted goes on with the runtime's signal blocked, and so do threads that it starts: such a thread can't be aborted any more,
/// nor halted for a collection, and the process would hang. So none of them may be the pool's.</remarks>
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

    /// <summary>Runs code until it ends or was stopped.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> code)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Begin(() => AsTask(code).ContinueWith(ended =>
        {
            if (ended.IsCompletedSuccessfully) done.TrySetResult(ended.Result);
            else if (ended.IsCanceled) done.TrySetCanceled();
            else done.TrySetException(ended.Exception!.InnerExceptions);
        }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default));
        await Task.WhenAny(done.Task, Stopped).ConfigureAwait(false);
        if (!stop.IsCancellationRequested) return await done.Task.ConfigureAwait(false);
        await Stopped.ConfigureAwait(false);
        throw new OperationCanceledException(stop.Token);
    }

    /// <summary>Asks the code to stop, and goes on asking.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 1) return;
        Task.Run(stop.Cancel);                           // waits for what it aborts: code that waits is interrupted meanwhile
        Task.Run(async () =>
        {
            for (var i = 0; i < Tries; i++)
            {
                await Task.Delay(s_pause).ConfigureAwait(false);
                lock (_gate)
                {
                    if (_inside.Count == 0 && stop.IsCancellationRequested) break;
                    foreach (var thread in _inside) thread.Interrupt();
                }
            }
            lock (_gate) _stopped.SetResult(_inside.Count == 0);
        });
    }

    /// <summary>What follows an await.</summary>
    public override void Post(SendOrPostCallback d, object? state) => Begin(() => d(state));

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>What the code throws before it has a task is its task's failure too.</summary>
    private static async Task<T> AsTask<T>(Func<Task<T>> code) => await code().ConfigureAwait(false);

    private void Begin(Action code) => new Thread(() => Enter(code)) { IsBackground = true, Name = "cell" }.Start();

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
#pragma warning disable SYSLIB0046 // aborting may leave what the code was changing half changed; the session keeps the state before the cell
            ControlledExecution.Run(code, stop.Token);
#pragma warning restore SYSLIB0046
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
            Leave();
        }
    }

    /// <summary>Whatever interrupt is still on its way to the thread.</summary>
    private void Leave()
    {
        for (var left = false; !left;)
        {
            try
            {
                lock (_gate) _inside.Remove(Thread.CurrentThread);
                left = true;
            }
            catch (ThreadInterruptedException)
            {
            }
        }
    }
}
