using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace CustomerValue.Notebooks;

/// <summary>What the XML file beside an assembly says of its members; nothing where there is none. Read when first asked.</summary>
/// <param name="assembly">The assembly's file.</param>
internal sealed class AssemblyDocs(string assembly) : DocumentationProvider
{
    private readonly string _file = Path.ChangeExtension(assembly, ".xml");
    private readonly Lazy<Dictionary<string, string>> _members = new(() => Read(Path.ChangeExtension(assembly, ".xml")));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AssemblyDocs other && other._file == _file;

    /// <inheritdoc/>
    public override int GetHashCode() => _file.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override string? GetDocumentationForSymbol(string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken = default) =>
        _members.Value.GetValueOrDefault(documentationMemberID);

    private static Dictionary<string, string> Read(string file)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            if (!File.Exists(file)) return members;
            foreach (var member in XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member"))
                if (member.Attribute("name")?.Value is { } name) members[name] = member.ToString(SaveOptions.DisableFormatting);
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)      // signatures are shown without it
        {
        }
        return members;
    }
}
