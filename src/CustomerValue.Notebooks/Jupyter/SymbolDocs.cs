using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace CustomerValue.Notebooks.Jupyter;

/// <summary>Documentation comments as plain text: the summary, a line for each parameter, and what comes back.</summary>
internal static partial class SymbolDocs
{
    private const int Deepest = 8;                      // inherited from what inherits, ...

    /// <summary>What a symbol's comment says; empty where it has none.</summary>
    public static string Of(ISymbol symbol, Compilation compilation)
    {
        if (Comment(symbol is IAliasSymbol alias ? alias.Target : symbol, compilation, Deepest) is not { } comment) return "";
        var parameters = comment.Elements("param").Select(element => $"{element.Attribute("name")?.Value}: {Text(element)}");
        var returns = comment.Elements("returns").Select(element => $"Returns: {Text(element)}");
        string[] blocks = [string.Join('\n', comment.Elements("summary").Select(Text)), string.Join('\n', parameters.Concat(returns))];
        return string.Join("\n\n", blocks.Where(block => block.Length > 0));
    }

    /// <summary>The comment, or the one that it says it inherits.</summary>
    private static XElement? Comment(ISymbol symbol, Compilation compilation, int depth)
    {
        if (depth == 0 || symbol.OriginalDefinition.GetDocumentationCommentXml() is not { Length: > 0 } xml) return null;
        XElement comment;
        try
        {
            comment = XElement.Parse(xml.TrimStart().StartsWith("<member", StringComparison.Ordinal) ? xml : $"<member>{xml}</member>", LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)                            // a comment of a cell's that isn't well formed
        {
            return null;
        }
        if (comment.Element("inheritdoc") is not { } inherits) return comment;
        var above = inherits.Attribute("cref")?.Value is { } named ? DocumentationCommentId.GetFirstSymbolForDeclarationId(named, compilation) : Above(symbol.OriginalDefinition);
        return above is null ? null : Comment(above, compilation, depth - 1);
    }

    /// <summary>What a member overrides or implements, or a type derives from.</summary>
    private static ISymbol? Above(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OverriddenMethod: { } method } => method,
        IPropertySymbol { OverriddenProperty: { } property } => property,
        INamedTypeSymbol type => type.BaseType is { SpecialType: SpecialType.None } derived ? derived : type.Interfaces.FirstOrDefault(),
        _ => symbol.ContainingType?.AllInterfaces.SelectMany(contract => contract.GetMembers()).FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)),
    };

    private static string Text(XElement element) => Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso", Value: "" } see => Name(see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? see.Attribute("href")?.Value ?? ""),
        XElement { Name.LocalName: "paramref" or "typeparamref" } parameter => parameter.Attribute("name")?.Value ?? "",
        XElement other => string.Concat(other.Nodes().Select(Text)),
        _ => "",
    };

    /// <summary>The last name of a reference; of a member's the type's too.</summary>
    private static string Name(string reference)
    {
        var at = reference.IndexOf(':', StringComparison.Ordinal);
        if (at != 1) return reference;
        var names = Arity().Replace(reference[2..].Split('(')[0], "").Replace(".#ctor", "", StringComparison.Ordinal).Split('.');
        return string.Join('.', names.TakeLast(reference[0] is 'T' or 'N' || reference.Contains("#ctor", StringComparison.Ordinal) ? 1 : 2));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"`+\d+|\{.*\}")]
    private static partial Regex Arity();
}
