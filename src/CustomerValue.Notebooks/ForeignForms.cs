using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks;

/// <summary>Values of libraries that a notebook brings and this one doesn't know: by the names of their types and members.</summary>
internal static class ForeignForms
{
    public const string Plotly = "application/vnd.plotly.v1+json";

    /// <summary>The value's forms; null where it is of no library known here.</summary>
    public static MimeBundle? Of(object value)
    {
        for (var type = value.GetType(); type is not null; type = type.BaseType)
            switch (type.FullName)
            {
                case "Microsoft.Data.Analysis.DataFrame": return Frame(value, type);
                case "CustomerValue.Charts.Chart": return Drawn(value, type);
                case "Plotly.NET.GenericChart" or "Plotly.NET.GenericChart+GenericChart": return Chart(value, type);
            }
        return null;
    }

    private static MimeBundle Frame(object frame, Type type)
    {
        var columns = ((IEnumerable)type.GetProperty("Columns")!.GetValue(frame)!).Cast<IEnumerable>().ToList();
        var rows = type.GetProperty("Rows")!.GetValue(frame)!;
        var values = columns.Select(column => column.Cast<object?>().Take(ShownTable.MostRows + 1).ToArray()).ToList();
        return ShownTable.Of([.. columns.Select(column => (string)column.GetType().GetProperty("Name")!.GetValue(column)!)],
            Enumerable.Range(0, values.Count == 0 ? 0 : values.Min(column => column.Length)).Select(row => values.Select(column => column[row])),
            (long)rows.GetType().GetProperty("Count")!.GetValue(rows)!).ToBundle();
    }

    // Our own: the interactive drawing, the still one for who can't show that, and the sentence that says what is seen.
    private static MimeBundle? Drawn(object chart, Type type)
    {
        if (type.GetProperty("Plotly")?.GetValue(chart) is not { } interactive || Of(interactive) is not { } drawn) return null;
        return new(new SortedDictionary<string, JsonNode?>(drawn.Forms.ToDictionary(f => f.Key, f => f.Value), StringComparer.Ordinal)
        {
            ["image/svg+xml"] = (string)type.GetMethod("ToSvg", Type.EmptyTypes)!.Invoke(chart, null)!,
            [MimeBundle.Plain] = $"{type.GetProperty("Title")!.GetValue(chart)} {type.GetProperty("Reading")!.GetValue(chart)}",
        });
    }

    private static MimeBundle? Chart(object chart, Type type)
    {
        var toJson = type.Assembly.GetTypes().Where(t => t.FullName is "Plotly.NET.GenericChart" or "Plotly.NET.GenericChartModule")
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static)).FirstOrDefault(m => m.Name == "toFigureJson" && m.GetParameters().Length == 1);
        if (toJson is null) return null;
        var forms = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal) { [Plotly] = JsonNode.Parse((string)toJson.Invoke(null, [chart])!), [MimeBundle.Plain] = "Plotly chart" };
        return new(forms);
    }
}
