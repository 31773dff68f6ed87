using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CustomerValue.Models;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Takes scores, block by block and in order.</summary>
public interface IScoreSink : IDisposable
{
    /// <summary>Turns a block into what <see cref="Write"/> takes; called by several threads.</summary>
    ReadOnlyMemory<byte> Render(ScoredBlock block);

    /// <summary>Takes a block, in order.</summary>
    void Write(ScoredBlock block, ReadOnlyMemory<byte> rendered);

    /// <summary>Everything was written; only now does a file appear under its name. Disposed without it, nothing is left.</summary>
    void Complete();
}

/// <summary>Scored customers.</summary>
/// <param name="Ids">[rows]</param>
/// <param name="Scores">Row for row.</param>
/// <param name="Reasons">How many reasons to tell for each answer.</param>
/// <param name="Texts">The texts that moved the scores, by customer; null where they aren't told.</param>
public sealed record ScoredBlock(string[] Ids, PackageScores Scores, int Reasons, TextReasons? Texts = null)
{
    // Relaxed, so that texts in any language stay readable; control characters are escaped all the same.
    internal static readonly JsonWriterOptions Json = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The numbers, by column name, in order.</summary>
    internal IEnumerable<(string Name, double[] Values)> Numbers()
    {
        if (Scores.Value is { } value) yield return (ModelSignature.Value, value);
        if (Scores.ValueLow is { } low) yield return (ModelSignature.ValueLow, low);
        if (Scores.ValueHigh is { } high) yield return (ModelSignature.ValueHigh, high);
        if (Scores.Churn is { } churn) yield return (ModelSignature.Churn, churn);
    }

    /// <summary>The reasons, by column name.</summary>
    internal IEnumerable<(string Name, Contributions Why)> Why()
    {
        if (Scores.ValueReasons is { } value) yield return ("value_reasons", value);
        if (Scores.ChurnReasons is { } churn) yield return ("churn_reasons", churn);
    }

    /// <summary>Reasons in one line: <c>days_since_last_purchase +0.52; frequency -0.31</c>.</summary>
    internal string Line(Contributions why, int row) => string.Join("; ", why.Top(row, Reasons).Select(r => FormattableString.Invariant($"{r.Column} {r.Contribution:+0.####;-0.####}")));

    /// <summary>The answers whose texts are told, by column name.</summary>
    internal IEnumerable<(string Name, Answer Answer)> ToldTexts()
    {
        if (Texts is null) yield break;
        if (Scores.Value is not null) yield return ("value_texts", Answer.Spend);
        if (Scores.Churn is not null) yield return ("churn_texts", Answer.Churn);
    }

    /// <summary>Writes the texts that moved an answer: an array of records, the strongest first.</summary>
    internal void WriteTexts(Utf8JsonWriter json, Answer answer, int row)
    {
        json.WriteStartArray();
        foreach (var (text, moved) in Texts!.Of(Ids[row], answer))
        {
            json.WriteStartObject();
            json.WriteString("text", text.Text);
            json.WriteString("at", text.At);
            json.WriteNumber("moved", moved);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The same in one line.</summary>
    internal string Line(Answer answer, int row)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Json)) WriteTexts(json, answer, row);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
