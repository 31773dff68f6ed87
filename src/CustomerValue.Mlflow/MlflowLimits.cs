using System.Security.Cryptography;
using System.Text;

namespace CustomerValue.Mlflow;

/// <summary>What MLflow takes: kept when a run is written, so that what one store took every other takes too.</summary>
internal static class MlflowLimits
{
    public const int Key = 250, ParameterValue = 6000, TagValue = 8000, RunName = 250, Digest = 36, DatasetName = 500, Schema = 1_048_575, Description = 5000;

    /// <summary>One log-batch holds at most so many of each, and of all together.</summary>
    public const int BatchMetrics = 1000, BatchParameters = 100, BatchTags = 100, BatchAll = 1000;

    /// <summary>A name as MLflow takes it: letters, digits and <c>_ - . : /</c> and spaces, parts that are no steps in a path, at most 250 characters.
    /// What isn't allowed becomes '_'; a name that is too long is cut and ends in eight digits of its hash.</summary>
    public static string Name(string name)
    {
        var allowed = string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or ' ' or '/' ? c : '_'));
        var plain = string.Join('/', allowed.Split('/').Select(part => part is "" or "." or ".." ? "_" : part));
        return plain.Length <= Key ? plain : $"{plain[..(Key - 9)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plain)))[..8]}";
    }

    /// <summary>A text that is too long, cut to fit and saying so at its end.</summary>
    public static string Text(string text, int length)
    {
        if (text.Length <= length) return text;
        var mark = FormattableString.Invariant($" ... (cut, {text.Length} characters in all)");
        var kept = length - mark.Length;
        return (char.IsHighSurrogate(text[kept - 1]) ? text[..(kept - 1)] : text[..kept]) + mark;
    }
}
