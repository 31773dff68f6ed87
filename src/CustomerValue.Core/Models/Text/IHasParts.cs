namespace CustomerValue.Models.Text;

/// <summary>A fitted candidate that can say what it is made of.</summary>
public interface IHasParts
{
    /// <summary>Its parts in words, such as n-grams and how many, or an encoder with its size and tokenizer.</summary>
    IReadOnlyList<string> Parts { get; }
}
