using System.ComponentModel;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CustomerValue.Notebooks;

/// <summary>Where the code of cells looks whether it was asked to stop: at the start of each turn of a loop, and of each method and lambda. Written into cells by the session.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StopPoint
{
    private const string Call = $"global::{nameof(CustomerValue)}.{nameof(Notebooks)}.{nameof(StopPoint)}.{nameof(Pass)}();";

    private static int s_stopping;

    /// <summary>Goes on, unless the cell that the calling code belongs to was asked to stop.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pass()
    {
        if (Volatile.Read(ref s_stopping) > 0) RunningCell.Current?.Cancellation.ThrowIfCancellationRequested();      // whose cell it is takes longer to find than whether any is to stop
    }

    /// <summary>From now on code looks.</summary>
    internal static void Open() => Interlocked.Increment(ref s_stopping);

    /// <summary>One cell less is being stopped.</summary>
    internal static void Close() => Interlocked.Decrement(ref s_stopping);

    /// <summary>Code with its stop points, each line where it was.</summary>
    /// <param name="code">As it was written. What isn't C# comes back as it is.</param>
    /// <param name="meaning">What it means, asked only if there is a lambda that is an expression: such a one may be data to a method, and then stays as it is. Null leaves them all.</param>
    internal static string Into(string code, Func<SemanticModel>? meaning = null)
    {
        var root = ScriptDirectives.Root(code);
        if (root.ContainsDiagnostics) return code;
        var changes = root.DescendantNodes().SelectMany(Changes);
        if (meaning is not null && root.DescendantNodes().Any(IsExpression))
        {
            var model = meaning();
            changes = changes.Concat(model.SyntaxTree.GetRoot().DescendantNodes().Where(IsExpression).Cast<LambdaExpressionSyntax>().SelectMany(lambda => Changes(lambda, model)));
        }
        TextChange[] ordered = [.. changes.OrderBy(change => change.Span.Start)];
        return ordered.Length == 0 ? code : SourceText.From(code).WithChanges(ordered).ToString();
    }

    private static bool IsExpression(SyntaxNode node) => node is LambdaExpressionSyntax { ExpressionBody: not null, AsyncKeyword.RawKind: 0 };

    private static IEnumerable<TextChange> Changes(SyntaxNode node) => node switch
    {
        WhileStatementSyntax loop => Before(loop.Statement),
        DoStatementSyntax loop => Before(loop.Statement),
        ForStatementSyntax loop => Before(loop.Statement),
        CommonForEachStatementSyntax loop => Before(loop.Statement),
        MethodDeclarationSyntax { Body: { } body } => Before(body),
        MethodDeclarationSyntax { ExpressionBody: { } body } method => Before(body, method.SemicolonToken, method.ReturnType, method.Modifiers),
        LocalFunctionStatementSyntax { Body: { } body } => Before(body),
        LocalFunctionStatementSyntax { ExpressionBody: { } body } function => Before(body, function.SemicolonToken, function.ReturnType, function.Modifiers),
        AnonymousFunctionExpressionSyntax { Block: { } body } => Before(body),
        _ => [],
    };

    private static IEnumerable<TextChange> Changes(LambdaExpressionSyntax lambda, SemanticModel model) =>
        model.GetTypeInfo(lambda).ConvertedType?.TypeKind == TypeKind.Delegate && model.GetSymbolInfo(lambda).Symbol is IMethodSymbol symbol
            ? [At(lambda.ExpressionBody!.SpanStart, $"{{{Call}{Return(lambda.ExpressionBody, symbol.ReturnsVoid)}"), At(lambda.ExpressionBody.Span.End, ";}")]
            : [];

    private static IEnumerable<TextChange> Before(StatementSyntax body) => body is BlockSyntax block
        ? [At(block.OpenBraceToken.Span.End, Call)]
        : [At(body.SpanStart, $"{{{Call}"), At(body.Span.End, "}")];

    private static IEnumerable<TextChange> Before(ArrowExpressionClauseSyntax body, SyntaxToken semicolon, TypeSyntax returned, SyntaxTokenList modifiers) => modifiers.Any(SyntaxKind.AsyncKeyword)
        ? []                                             // whether it returns anything takes more to know than its words
        : [new(body.ArrowToken.Span, $"{{{Call}{Return(body.Expression, returned is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword })}"), new(semicolon.Span, ";}")];

    private static string Return(ExpressionSyntax body, bool isVoid) => isVoid || body is ThrowExpressionSyntax ? "" : "return ";

    private static TextChange At(int position, string text) => new(new TextSpan(position, 0), text);
}
