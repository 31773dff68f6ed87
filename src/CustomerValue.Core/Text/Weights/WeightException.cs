namespace CustomerValue.Text.Weights;

/// <summary>A file of weights can't be trusted or used. The message names the file and, where there is one, the weight.</summary>
public sealed class WeightException : Exception
{
    /// <param name="message">What was found, where, and what was expected.</param>
    /// <param name="inner">What showed it.</param>
    public WeightException(string message, Exception? inner = null) : base(message, inner) { }
}
