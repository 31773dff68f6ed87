using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CustomerValue.Notebooks.Jupyter;

/// <summary>What helps to write a cell, told from what cells before declared. Nothing is run.</summary>
internal sealed class CodeAid(CSharpSession session)
{
    private const int Most = 500;
    private static readonly SymbolDisplayFormat s_signature = SymbolDisplayFormat.CSharpErrorMessageFormat.AddMemberOptions(SymbolDisplayMemberOptions.IncludeType)
        .AddParameterOptions(SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue);
    private static readonly string[] s_keywords = [.. SyntaxFacts.GetReservedKeywordKinds().Select(SyntaxFacts.GetText), "var", "await", "async", "record", "when", "where", "from", "select"];

    /// <summary>Whether a cell's text can be run: complete, incomplete or invalid.</summary>
    public static string Completeness(string code)
    {
        try
        {
            var last = CellText.Of(code).Parts.LastOrDefault();
            if (last is null || last.Language != "csharp") return "complete";
            var tree = ScriptDirectives.Root(last.Text).SyntaxTree;
            if (!SyntaxFactory.IsCompleteSubmission(tree)) return "incomplete";
            return tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) ? "invalid" : "complete";
        }
        catch (DirectiveException)
        {
            return "invalid";
        }
    }

    /// <summary>Names that can stand at the cursor.</summary>
    /// <returns>Where the name begun starts, and those that begin so, in order.</returns>
    public (int Start, IReadOnlyList<string> Names) Completions(string code, int at)
    {
        var text = CSharpOnly(code);
        var start = at;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(text[start - 1])) start--;
        if (text.Length > start && start < at && !SyntaxFacts.IsIdentifierStartCharacter(text[start]) || IsOther(code, text, at)) return (at, []);
        var begun = text[start..at];
        var model = session.Meaning(text);
        var (symbols, isMember) = Symbols(model, start);
        var names = symbols.Where(symbol => symbol.CanBeReferencedByName).Select(symbol => symbol.Name).Concat(isMember ? [] : s_keywords)
            .Where(name => name.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Distinct()
            .OrderByDescending(name => name.StartsWith(begun, StringComparison.Ordinal)).ThenBy(name => name, StringComparer.Ordinal);
        return (start, [.. names.Take(Most)]);
    }

    /// <summary>What the name at the cursor is, and what its documentation says; null where that can't be told.</summary>
    public string? About(string code, int at)
    {
        var text = CSharpOnly(code);
        var model = session.Meaning(text);
        var root = model.SyntaxTree.GetRoot();
        foreach (var place in new[] { at, at - 1 })
        {
            if (place < 0 || place >= text.Length || root.FindToken(place) is not { RawKind: (int)SyntaxKind.IdentifierToken, Parent: { } node } token || !token.Span.Contains(place)) continue;
            var info = model.GetSymbolInfo(node);
            if ((info.Symbol ?? model.GetDeclaredSymbol(node) ?? info.CandidateSymbols.FirstOrDefault()) is { } symbol)
                return $"{symbol.ToDisplayString(s_signature)}\n\n{SymbolDocs.Of(symbol, model.Compilation)}".TrimEnd();
        }
        return null;
    }

    private static (IEnumerable<ISymbol> Symbols, bool IsMember) Symbols(SemanticModel model, int start)
    {
        var before = start == 0 ? default : model.SyntaxTree.GetRoot().FindToken(start - 1);
        var owner = before.IsKind(SyntaxKind.DotToken) && before.Span.End == start ? before.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            MemberBindingExpressionSyntax { Parent: { } inside } => inside.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
            QualifiedNameSyntax name => name.Left,
            _ => (SyntaxNode?)null,
        } : null;
        if (owner is null) return (model.LookupSymbols(start), false);
        var type = model.GetTypeInfo(owner).Type;
        var named = model.GetSymbolInfo(owner).Symbol;
        if (named is INamespaceSymbol space) return (model.LookupNamespacesAndTypes(start, space), true);
        if (named is ITypeSymbol of) return (model.LookupStaticMembers(start, of).Concat(model.LookupNamespacesAndTypes(start, of)), true);
        return type is null or IErrorTypeSymbol ? ([], true) : (model.LookupSymbols(start, type, includeReducedExtensionMethods: true).Where(symbol => !symbol.IsStatic && symbol is not ITypeSymbol), true);
    }

    /// <summary>The same text with spaces where it isn't C#: other languages, lines with #!, #r and #load.</summary>
    private static string CSharpOnly(string code)
    {
        var language = "csharp";
        var lines = code.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("#!", StringComparison.Ordinal) && lines[i][2..].Trim().Split(' ')[0] is var word and not "time") language = word;
            if (language != "csharp" || lines[i].StartsWith("#!", StringComparison.Ordinal) || lines[i].StartsWith("#r", StringComparison.Ordinal) || lines[i].StartsWith("#load", StringComparison.Ordinal)) lines[i] = new(' ', lines[i].Length);
        }
        return string.Join('\n', lines);
    }

    private static bool IsOther(string code, string text, int at) => at > 0 && code[at - 1] != text[at - 1];
}
