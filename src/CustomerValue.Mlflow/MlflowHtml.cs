using System.Net;
using System.Text.RegularExpressions;

namespace CustomerValue.Mlflow;

/// <summary>What an error page says, without its markup.</summary>
internal static partial class MlflowHtml
{
    public static string Text(string html) => Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(Head().Replace(html, " "), " ")), " ").Trim();

    [GeneratedRegex("<(script|style|title)[^>]*>.*?</\\1>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Head();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
