using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace CustomerValue.Notebooks;

/// <summary>The variables of the cell tagged <c>parameters</c>, and the cell that gives them other values.</summary>
internal static class NotebookParameters
{
    private static readonly SymbolDisplayFormat s_short = SymbolDisplayFormat.MinimallyQualifiedFormat;

    /// <summary>Puts a cell that assigns <paramref name="values"/> behind the one that declares them, in place of any that an earlier run put in.</summary>
    /// <exception cref="NotebookParameterException">A name isn't declared there, or a value isn't of its type.</exception>
    public static void Inject(NotebookFile notebook, IReadOnlyDictionary<string, string> values, CSharpSession session)
    {
        if (values.Count == 0) return;
        var at = Enumerable.Range(0, notebook.Cells.Count).FirstOrDefault(i => notebook.Cells[i].Kind == CellKind.Code && notebook.Cells[i].Tags.Contains(NotebookCell.Parameters), -1);
        if (at < 0) throw new NotebookParameterException($"The notebook has no cell tagged '{NotebookCell.Parameters}', and so takes no parameters.");
        var known = Declared(Before(notebook.Cells.Take(at), session) + notebook.Cells[at].Source, session.Options);
        if (values.Keys.Where(name => !known.ContainsKey(name)).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } unknown)
            throw new NotebookParameterException($"The notebook has no parameter '{string.Join("', '", unknown)}'. It has: {string.Join(", ", known.Select(p => $"{p.Value.ToDisplayString(s_short)} {p.Key}"))}.");
        var lines = values.OrderBy(value => known.Keys.ToList().IndexOf(value.Key)).Select(value => $"{value.Key} = {Literal(value.Key, value.Value, known[value.Key])};");
        notebook.Insert(at + 1, new(CellKind.Code, FreeId(notebook), "// Parameters\n" + string.Join('\n', lines), NotebookCell.InjectedParameters));
    }

    /// <summary>What the cells before say of names, which types of parameters may need: their usings. They haven't run, so of references only the program itself is known.</summary>
    private static string Before(IEnumerable<NotebookCell> cells, CSharpSession session)
    {
        var usings = new StringBuilder();
        foreach (var cell in cells.Where(cell => cell.Kind == CellKind.Code))
        {
            var root = ScriptDirectives.Root(cell.Source);
            if (root.GetReferenceDirectives().Any(directive => directive.File.ValueText == References.ProgramName)) session.ReferProgram();
            foreach (var name in root.Usings) usings.Append(name.ToString()).Append('\n');
        }
        return usings.ToString();
    }

    /// <summary>Variables of a cell by name, in the order declared.</summary>
    private static OrderedDictionary<string, ITypeSymbol> Declared(string source, ScriptOptions options)
    {
        var declared = new OrderedDictionary<string, ITypeSymbol>(StringComparer.Ordinal);
        var script = CSharpScript.Create(source, options).GetCompilation().ScriptClass!;
        foreach (var field in script.GetMembers().OfType<IFieldSymbol>().Where(field => field is { IsImplicitlyDeclared: false, IsConst: false, IsReadOnly: false })) declared[field.Name] = field.Type;
        return declared;
    }

    private static string Literal(string name, string value, ITypeSymbol type)
    {
        var inner = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        if (value == "null" && (inner.SpecialType != type.SpecialType || type is { SpecialType: SpecialType.System_String, NullableAnnotation: NullableAnnotation.Annotated })) return "null";
        return Literal(value, inner) ?? throw new NotebookParameterException($"The parameter '{name}' is of type {type.ToDisplayString(s_short)}, and '{value}' is none{Expected(inner)}.");
    }

    /// <summary>A value as C#; null where the text is none of the type.</summary>
    private static string? Literal(string value, ITypeSymbol type)
    {
        var culture = CultureInfo.InvariantCulture;
        switch (type.SpecialType)
        {
            case SpecialType.System_String: return SymbolDisplay.FormatLiteral(value, quote: true);
            case SpecialType.System_Boolean: return bool.TryParse(value, out var flag) ? flag ? "true" : "false" : null;
            case SpecialType.System_Int32: return int.TryParse(value, NumberStyles.AllowLeadingSign, culture, out var whole) ? whole.ToString(culture) : null;
            case SpecialType.System_Int64: return long.TryParse(value, NumberStyles.AllowLeadingSign, culture, out var large) ? large.ToString(culture) + "L" : null;
            case SpecialType.System_Double: return double.TryParse(value, NumberStyles.Float, culture, out var real) && double.IsFinite(real) ? real.ToString("R", culture) + "d" : null;
            case SpecialType.System_Single: return float.TryParse(value, NumberStyles.Float, culture, out var single) && float.IsFinite(single) ? single.ToString("R", culture) + "f" : null;
            case SpecialType.System_Decimal: return decimal.TryParse(value, NumberStyles.Float, culture, out var exact) ? exact.ToString(culture) + "m" : null;
            case SpecialType.System_DateTime: return DateTime.TryParse(value, culture, DateTimeStyles.None, out _) ? $"System.DateTime.Parse({SymbolDisplay.FormatLiteral(value, true)}, System.Globalization.CultureInfo.InvariantCulture)" : null;
        }
        if (type.TypeKind == TypeKind.Enum) return type.GetMembers(value).OfType<IFieldSymbol>().Any() ? $"{type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}.{value}" : null;
        return type.ToDisplayString() switch
        {
            "System.DateOnly" => DateOnly.TryParseExact(value, "yyyy-MM-dd", culture, DateTimeStyles.None, out var day) ? string.Create(culture, $"new System.DateOnly({day.Year}, {day.Month}, {day.Day})") : null,
            "System.TimeSpan" => TimeSpan.TryParse(value, culture, out var span) ? string.Create(culture, $"new System.TimeSpan({span.Ticks}L)") : null,
            var other => throw new NotebookParameterException($"A parameter of type {other} can't be given on a command line. Texts, numbers, true and false, dates, times and names of enumerations can."),
        };
    }

    private static string Expected(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Enum ? $"; there are {string.Join(", ", type.GetMembers().OfType<IFieldSymbol>().Where(f => f.IsConst).Select(f => f.Name))}"
        : type.ToDisplayString() == "System.DateOnly" ? "; write it as 2024-07-01" : "";

    private static string FreeId(NotebookFile notebook)
    {
        var id = NotebookCell.InjectedParameters;
        for (var n = 2; notebook.Cells.Any(cell => cell.Id == id); n++) id = $"{NotebookCell.InjectedParameters}-{n}";
        return id;
    }
}
