using CustomerValue.Notebooks.Jupyter;

namespace CustomerValue.Notebooks.Tests.Jupyter;

/// <summary>A kernel in this process, and its client.</summary>
internal sealed class KernelHere : IDisposable
{
    private readonly JupyterKernel _kernel;
    private readonly Thread _run;

    public KernelHere()
    {
        var connection = KernelClient.FreeConnection();
        _kernel = new(connection);
        _run = new Thread(_kernel.Run) { IsBackground = true };
        _run.Start();
        Client = new(connection);
    }

    public KernelClient Client { get; }

    public bool HasEnded() => _run.Join(KernelClient.Limit);

    public void Dispose()
    {
        _kernel.Stop();
        _run.Join(KernelClient.Limit);
        _kernel.Dispose();
        Client.Dispose();
    }
}
