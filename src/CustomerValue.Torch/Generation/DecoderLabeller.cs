using System.Text.Json;
using CustomerValue.Text;
using CustomerValue.Text.Chat;
using CustomerValue.Torch.Language;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Generation;

/// <summary>A question with a fixed set of answers, such as sentiment: an enum of a JSON schema.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Labels">The answers.</param>
/// <param name="Several">Whether any number of labels may be given, none included: the property is then an object that says true or false of each.</param>
public sealed record LabelQuestion(string Name, IReadOnlyList<string> Labels, bool Several = false);

/// <summary>A decoder's answer to one question.</summary>
/// <param name="Name">The question's name.</param>
/// <param name="Labels">The likeliest label; of a question that takes several, those that are likelier given than not.</param>
/// <param name="Probabilities">[labels of the question]: how the model's probability is shared among them; where several may be given, how likely each is, whatever the others.</param>
public sealed record LabelAnswer(string Name, IReadOnlyList<string> Labels, double[] Probabilities);

/// <summary>Labels texts with a local decoder. The answer is a JSON object whose values can only be the schema's: each label's probability is computed, and the likeliest taken.</summary>
/// <param name="model">The decoder.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="questions">What is asked, in the order of the object's properties.</param>
/// <param name="template">The folder's chat template: the text is then what the user says, and the JSON object the assistant's answer. Null for a model that only continues texts.</param>
/// <param name="instructions">What the model is told before each text: by the system where the template takes one, else at the head of the text. Null for nothing.</param>
public sealed class DecoderLabeller(CausalLanguageModel model, ITokenizer tokenizer, IReadOnlyList<LabelQuestion> questions, ChatTemplate? template = null, string? instructions = null)
{
    // Models that think aloud before they answer would have to be let; the object is asked for at once.
    private readonly ChatTemplate? _template = template?.With(new Dictionary<string, object?> { ["enable_thinking"] = false });

    /// <summary>Labels one text.</summary>
    /// <param name="prompt">The text. Without template and instructions it is everything that the model is told, special tokens included; the JSON object follows it.</param>
    /// <param name="cancellation">Ends it between two questions.</param>
    /// <exception cref="ArgumentException">The prompt and its answer have more tokens than the model has positions.</exception>
    /// <exception cref="ChatTemplateException">The template refuses the messages.</exception>
    public IReadOnlyList<LabelAnswer> Label(string prompt, CancellationToken cancellation = default)
    {
        using var quiet = inference_mode();
        using var cache = new KeyValueCache();
        var answers = new List<LabelAnswer>();
        var pending = Prompt(prompt);
        foreach (var question in questions)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = $"{(answers.Count == 0 ? "{" : ", ")}{Quoted(question.Name)}: ";
            if (question.Several)
            {
                var given = new double[question.Labels.Count];
                for (var at = 0; at < given.Length; at++)
                {
                    var (shares, _) = Choose($"{(at == 0 ? before + "{" : ", ")}{Quoted(question.Labels[at])}:", [" true", " false"]);
                    given[at] = shares[0];
                }
                answers.Add(new(question.Name, [.. question.Labels.Where((_, at) => given[at] > 0.5)], given));
                pending = [.. pending, .. tokenizer.EncodePlain("}")];
            }
            else
            {
                // The closing quote is part of a label: of 'good' and 'good enough' neither is favoured for being the other's beginning.
                var (shares, best) = Choose(before + "\"", [.. question.Labels.Select(label => Quoted(label)[1..])]);
                answers.Add(new(question.Name, [question.Labels[best]], shares));
            }
        }
        return answers;

        // How the model's probability is shared among texts that may follow; the likeliest is taken, and waits to be read with what comes after it.
        (double[] Shares, int Best) Choose(string before, string[] texts)
        {
            using var scope = NewDisposeScope();
            pending = [.. pending, .. tokenizer.EncodePlain(before)];
            var next = model.Logits(model.States(Row(pending), null, cache).select(1, pending.Length - 1)).log_softmax(-1);     // [1, V]
            int[][] tokens = [.. texts.Select(tokenizer.EncodePlain)];
            var scores = tokens.Select(t => Score(t, next, cache)).ToArray();
            var (most, best) = (scores.Max(), Array.IndexOf(scores, scores.Max()));
            var total = scores.Sum(s => Math.Exp(s - most));
            pending = tokens[best];
            return ([.. scores.Select(s => Math.Exp(s - most) / total)], best);
        }
    }

    private int[] Prompt(string text)
    {
        if (_template is null) return tokenizer.Encode(instructions is null ? text : $"{instructions}\n\n{Plain(text)}\n");
        if (instructions is null) return tokenizer.EncodePlain(_template.Render([new("user", Plain(text))]));
        return tokenizer.EncodePlain(_template.Render(_template.TakesSystem ? [new("system", instructions), new("user", Plain(text))] : [new("user", $"{instructions}\n\n{Plain(text)}")]));
    }

    // A text that spells a special token could end its own turn and speak as somebody else; with a space in it, it is text.
    private string Plain(string text)
    {
        for (var round = 0; round < 10; round++)
        {
            string[] special = [.. tokenizer.EncodePlain(text).Distinct().Where(id => tokenizer.Decode([id]).Length == 0).Select(id => tokenizer.Vocabulary[id]).Where(t => t.Length > 1)];
            if (special.Length == 0) return text;
            text = special.Aggregate(text, (plain, token) => plain.Replace(token, token.Insert(1, " "), StringComparison.Ordinal));
        }
        throw new ArgumentException("The text spells special tokens of the model that can't be told apart from its own. Leave it out.", nameof(text));
    }

    // Sum of the log-probabilities of a text's tokens, in nats; the cache is left as it was.
    private double Score(int[] text, Tensor next, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var score = (double)next[0, text[0]].item<float>();
        if (text.Length == 1) return score;
        var before = cache.Length;
        var logs = model.Logits(model.States(Row(text[..^1]), null, cache)).log_softmax(-1)[0];            // [text - 1, V]
        cache.BackTo(before);
        for (var i = 1; i < text.Length; i++) score += logs[i - 1, text[i]].item<float>();
        return score;
    }

    private static Tensor Row(int[] ids) => tensor(ids.Select(i => (long)i).ToArray()).unsqueeze(0);

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
