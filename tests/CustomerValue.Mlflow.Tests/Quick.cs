using CustomerValue.Mlflow;

namespace CustomerValue.Tests;

/// <summary>Servers that are asked again at once, and waited for only so long.</summary>
internal static class Quick
{
    public static MlflowServer Server(string address, double seconds = 20) => MlflowServer.At(address, timeout: TimeSpan.FromSeconds(seconds), backoff: TimeSpan.FromMilliseconds(1));
}
