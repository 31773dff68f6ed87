using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CustomerValue.Notebooks;

/// <summary>The lines of code that start with #r and #load.</summary>
internal static class ScriptDirectives
{
    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>The lines with #r, and the same code with spaces in their place.</summary>
    public static (IReadOnlyList<(string Reference, int Line)> References, string Code) WithoutReferences(string code)
    {
        var directives = Root(code).GetReferenceDirectives();
        var text = new StringBuilder(code);
        foreach (var span in directives.Select(directive => directive.Span))
            for (var i = span.Start; i < span.End; i++)
                if (text[i] is not ('\r' or '\n')) text[i] = ' ';
        return ([.. directives.Select(directive => (directive.File.ValueText, Line(directive)))], text.ToString());
    }

    /// <summary>The files that lines with #load name, as they name them.</summary>
    public static IEnumerable<(string File, int Line)> Loads(string code) => Root(code).GetLoadDirectives().Select(directive => (directive.File.ValueText, Line(directive)));

    public static CompilationUnitSyntax Root(string code) => CSharpSyntaxTree.ParseText(code, s_parsing).GetCompilationUnitRoot();

    private static int Line(DirectiveTriviaSyntax directive) => directive.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}

/// <summary>Hands files that #load names to the compiler without their lines with #r, which the session does.</summary>
/// <param name="folder">From where paths go out.</param>
/// <param name="stoppable">Whether stop points are written into them.</param>
internal sealed class LoadedFiles(string folder, bool stoppable) : SourceFileResolver([], folder)
{
    private readonly bool _stoppable = stoppable;

    /// <inheritdoc/>
    public override Stream OpenRead(string resolvedPath)
    {
        var code = ScriptDirectives.WithoutReferences(File.ReadAllText(resolvedPath)).Code;
        return new MemoryStream(Encoding.UTF8.GetBytes(_stoppable ? StopPoint.Into(code) : code));
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LoadedFiles other && _stoppable == other._stoppable && base.Equals(obj);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), _stoppable);
}
