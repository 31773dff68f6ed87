namespace CustomerValue.Text.Tokenizers;

/// <summary>Gathers a vocabulary that a file gives as tokens with ids, and refuses doubles and gaps that no published one has.</summary>
internal sealed class VocabularyBuilder
{
    private readonly JsonField _source;
    private string[]? _tokens;

    /// <param name="source">An object of token: id.</param>
    public VocabularyBuilder(JsonField source)
    {
        _source = source;
        if (!source.IsObject) throw source.Wrong("an object of tokens with their ids");
        Ids = new(source.Element.GetPropertyCount());
        var seen = new HashSet<int>(Ids.Capacity);
        foreach (var field in source.Element.EnumerateObject())
        {
            var (token, value) = (field.Name, field.Value);
            var id = value.ValueKind == System.Text.Json.JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : source[token].Id;
            VocabularyFile.CheckToken(token, () => $"{source.File}, {source.Path}");
            if (!Ids.TryAdd(token, id)) throw new InvalidDataException($"{source.File}: '{Named}' holds the token '{token}' twice. Each token must have one id.");
            if (!seen.Add(id)) throw new InvalidDataException($"{source.File}: '{Named}' gives id {id} twice, the second time to '{token}'. Each id must have one token.");
        }
    }

    public Dictionary<string, int> Ids { get; }

    private string Named => _source.Path.Length == 0 ? "." : _source.Path;

    /// <summary>The tokens in the order of their ids; an id that no token has is an empty text.</summary>
    public string[] Tokens => _tokens ??= Ordered();

    public int? IdOf(string token) => Ids.TryGetValue(token, out var id) ? id : null;

    /// <summary>Adds tokens beside those of the model; one that the model has too must have its id.</summary>
    public void Add(IEnumerable<AddedToken> added)
    {
        var owners = Ids.ToDictionary(p => p.Value, p => p.Key);
        foreach (var token in added)
        {
            if (Ids.TryGetValue(token.Content, out var id) ? id != token.Id : !owners.TryAdd(token.Id, token.Content))
                throw new InvalidDataException($"{_source.File}: the added token '{token.Content}' has id {token.Id}, but " +
                    (Ids.ContainsKey(token.Content) ? $"the vocabulary gives it id {id}." : $"that id belongs to '{owners[token.Id]}'."));
            Ids[token.Content] = token.Id;
        }
        _tokens = null;
    }

    private string[] Ordered()
    {
        if (Ids.Count == 0) throw new InvalidDataException($"{_source.File}: '{Named}' has no tokens.");
        var largest = Ids.Values.Max();
        if (largest >= 2L * Ids.Count + 1024) throw new InvalidDataException($"{_source.File}: the largest id is {largest:#,0}, but there are only {Ids.Count:#,0} tokens. Ids must be nearly without gaps.");
        var tokens = new string[largest + 1];
        Array.Fill(tokens, "");
        foreach (var (token, id) in Ids) tokens[id] = token;
        return tokens;
    }
}
