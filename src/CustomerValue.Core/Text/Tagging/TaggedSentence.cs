namespace CustomerValue.Text.Tagging;

/// <summary>A sentence with a part-of-speech tag for each word.</summary>
/// <param name="Words">The words, in order; none is empty.</param>
/// <param name="Tags">[words]: universal part-of-speech tags (NOUN, VERB, ...).</param>
public sealed record TaggedSentence(IReadOnlyList<string> Words, IReadOnlyList<string> Tags);

/// <summary>A word of a text and its part of speech.</summary>
/// <param name="Word">As it stands in the text.</param>
/// <param name="Tag">Universal part-of-speech tag.</param>
public readonly record struct TaggedWord(string Word, string Tag);
