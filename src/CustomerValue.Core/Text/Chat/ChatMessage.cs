namespace CustomerValue.Text.Chat;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks: system, user or assistant; what else there may be, the template says.</param>
/// <param name="Content">What is said.</param>
public sealed record ChatMessage(string Role, string Content);
