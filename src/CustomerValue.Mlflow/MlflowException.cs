namespace CustomerValue.Mlflow;

/// <summary>A store of runs, a file or a server, didn't do what was asked. The message says which, why, and what to do about it; never a password or a token.</summary>
public sealed class MlflowException : Exception
{
    internal MlflowException(string message, Exception? cause = null) : base(message, cause) { }

    /// <summary>The HTTP status that a server answered with; null where it didn't answer, or where the store is a file.</summary>
    public int? Status { get; internal init; }

    /// <summary>MLflow's own code for the error, such as RESOURCE_DOES_NOT_EXIST; null where the answer names none.</summary>
    public string? ErrorCode { get; internal init; }

    /// <summary>Whether the same request may succeed a little later: the server was busy, slow or not to be reached.</summary>
    public bool IsTransient { get; internal init; }
}
