namespace CustomerValue.Text.Chat;

/// <summary>A chat template can't be read, asks for what isn't read here, or refuses the messages. The message names the place, what was found and what is known.</summary>
public sealed class ChatTemplateException : Exception
{
    /// <param name="message">What was found, where, and what was expected.</param>
    /// <param name="inner">What showed it.</param>
    public ChatTemplateException(string message, Exception? inner = null) : base(message, inner) { }
}
