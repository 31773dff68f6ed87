using System.Text;

namespace CustomerValue.Text.Tokenizers;

/// <summary>Reads the files that vocabularies come in, and refuses broken ones in words.</summary>
internal static class VocabularyFile
{
    /// <summary>Bytes that a file of a tokenizer may have; published ones stay under 40 MB.</summary>
    public const long LargestFile = 256L << 20;

    /// <summary>Characters that a token may have; published ones stay under 300.</summary>
    public const int LongestToken = 4096;

    /// <summary>A whole text file, as UTF-8.</summary>
    /// <exception cref="InvalidDataException">The file is too large, or isn't UTF-8.</exception>
    public static string ReadText(string path)
    {
        var size = new FileInfo(path).Length;
        if (size > LargestFile) throw new InvalidDataException($"{path} has {size:#,0} bytes; a tokenizer's file may have {LargestFile:#,0}. Is it a weight file under another name?");
        var bytes = File.ReadAllBytes(path);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{path} isn't UTF-8 text: byte {error.Index:#,0} of it fits nowhere. Save it as UTF-8.", error);
        }
    }

    /// <summary>vocab.txt: a token a line, its line number from 0 its id. Only line feeds end lines; other separators may be tokens.</summary>
    public static string[] ReadLines(string path)
    {
        var tokens = ReadText(path).Split('\n');
        if (tokens[^1].Length == 0) tokens = tokens[..^1];
        if (tokens.Length == 0) throw new InvalidDataException($"{path} is empty. A vocabulary has a token on each line.");
        for (var line = 0; line < tokens.Length; line++)
        {
            if (tokens[line].EndsWith('\r')) tokens[line] = tokens[line][..^1];
            CheckToken(tokens[line], () => $"{path}, line {line + 1:#,0}");
        }
        return tokens;
    }

    /// <summary>Refuses a token that is empty or absurdly long.</summary>
    public static void CheckToken(string token, Func<string> where)
    {
        if (token.Length == 0) throw new InvalidDataException($"{where()}: the token is empty. Every id needs a token of its own.");
        if (token.Length > LongestToken) throw new InvalidDataException($"{where()}: the token has {token.Length:#,0} characters, and at most {LongestToken:#,0} are read. It begins with '{token[..20]}'.");
    }

    /// <summary>Token to id.</summary>
    /// <exception cref="InvalidDataException">A token stands there twice.</exception>
    public static Dictionary<string, int> Index(IReadOnlyList<string> vocabulary)
    {
        var ids = new Dictionary<string, int>(vocabulary.Count);
        for (var id = 0; id < vocabulary.Count; id++)
            if (vocabulary[id].Length > 0 && !ids.TryAdd(vocabulary[id], id))
                throw new InvalidDataException($"The vocabulary holds '{vocabulary[id]}' twice, as ids {ids[vocabulary[id]]:#,0} and {id:#,0} (vocab.txt: lines {ids[vocabulary[id]] + 1:#,0} and {id + 1:#,0}). Each token must have one id.");
        return ids;
    }
}
