namespace CustomerValue.LightGbm;

/// <summary>LightGBM refused an input or a setting, or can't be loaded; the message carries its own words.</summary>
public sealed class LightGbmException : Exception
{
    public LightGbmException(string message) : base(message) { }

    public LightGbmException(string message, Exception inner) : base(message, inner) { }
}
