using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using CustomerValue.Evaluation;
using CustomerValue.Features;

namespace CustomerValue.Notebooks;

/// <summary>The forms in which values are shown. Text that comes of data is always escaped.</summary>
internal static class Formatter
{
    public static MimeBundle Of(object? value) => value switch
    {
        null => MimeBundle.Of("null"),
        Html html => MimeBundle.Of("HTML", html.Content),
        Exception error => Failure(error),
        MimeBundle bundle => bundle,
        MarkdownText marked => new(new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal) { [MimeBundle.Plain] = marked.Text, ["text/markdown"] = marked.Text }),
        Table rows => rows.ToBundle(),
        KeyFigures figures => figures.ToBundle(),
        FeatureTable table => Features(table),
        Scoreboard board => Board(board),
        SqlTable rows => ShownTable.Of(rows.Columns, rows.Select(row => row.Values), rows.Count).ToBundle(),
        _ when IsPlain(value.GetType()) => MimeBundle.Of(Text(value)),
        _ => ForeignForms.Of(value) ?? (value is IEnumerable items ? Sequence(items) : Members(value)),
    };

    /// <summary>A value as one text, in the invariant culture.</summary>
    public static string Text(object? value)
    {
        try
        {
            return value switch
            {
                null => "",
                string text => text,
                DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
                DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                ICollection items when value.GetType().GetMethod(nameof(ToString), [])!.DeclaringType == typeof(object) || value is Array => $"{ShortName(value.GetType())} ({items.Count} items)",
                _ => value.ToString() ?? "",
            };
        }
#pragma warning disable CA1031 // a value that can't tell itself must not end the cell that shows it
        catch (Exception error)
#pragma warning restore CA1031
        {
            return $"({error.GetType().Name}: {error.Message})";
        }
    }

    private static bool IsPlain(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateOnly) || type == typeof(TimeOnly)
        || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(Guid) || typeof(Type).IsAssignableFrom(type) || typeof(Delegate).IsAssignableFrom(type) || typeof(Task).IsAssignableFrom(type);

    private static MimeBundle Sequence(IEnumerable items)
    {
        var (element, count) = (ElementOf(items.GetType()), Count(items));
        var first = items.Cast<object?>().Take(ShownTable.MostRows + 1).ToList();
        if (first.Count > 0 && first.All(item => item is IReadOnlyDictionary<string, object?>))
        {
            var rows = first.Cast<IReadOnlyDictionary<string, object?>>().ToList();
            string[] keys = [.. rows.SelectMany(row => row.Keys).Distinct()];
            return ShownTable.Of(keys, rows.Select(row => keys.Select(key => row.GetValueOrDefault(key))), count).ToBundle();
        }
        var shown = element == typeof(object) ? first.FirstOrDefault(item => item is not null)?.GetType() ?? element : element;
        if (IsPlain(Nullable.GetUnderlyingType(shown) ?? shown) || typeof(IEnumerable).IsAssignableFrom(shown) || !first.All(item => item is null || shown.IsInstanceOfType(item)))
            return ShownTable.Of(["#", "value"], first.Select((item, at) => (IEnumerable<object?>)[at, item]), count).ToBundle();
        var members = MembersOf(shown);
        return members.Length == 0 ? ShownTable.Of(["#", "value"], first.Select((item, at) => (IEnumerable<object?>)[at, item]), count).ToBundle()
            : ShownTable.Of([.. members.Select(member => member.Name)], first.Select(item => members.Select(member => item is null ? null : Read(member, item))), count).ToBundle();
    }

    private static MimeBundle Members(object value)
    {
        var type = value.GetType();
        var members = MembersOf(type);
        if (members.Length == 0) return MimeBundle.Of(Text(value));
        var table = ShownTable.Of(["", ShortName(type)], members.Select(member => (IEnumerable<object?>)[member.Name, Read(member, value)]), members.Length);
        return table.ToBundle();
    }

    private static MimeBundle Failure(Exception error)
    {
        var text = $"{error.GetType().FullName}: {error.Message}";
        return MimeBundle.Of(text, $"<pre class=\"cv-error\">{WebUtility.HtmlEncode(text)}</pre>");
    }

    private static MimeBundle Features(FeatureTable table) => ShownTable.Of(["customer", .. table.Features.Select(feature => feature.Name)],
        Enumerable.Range(0, table.Rows).Select(row => table.Columns.Select(column => (object?)column[row]).Prepend(table.CustomerIds[row])), table.Rows).ToBundle();

    /// <summary>Candidates by metrics, in the metrics' own order.</summary>
    private static MimeBundle Board(Scoreboard board)
    {
        var metrics = Metric.All.Select(metric => (metric.Key, metric.Title)).Concat(ClassMetric.All.Select(metric => (metric.Figure.Key, metric.Figure.Title))).DistinctBy(metric => metric.Key)
            .Where(metric => board.Candidates.Any(candidate => candidate.Metrics.ContainsKey(metric.Key))).ToList();
        return ShownTable.Of(["candidate", .. metrics.Select(metric => metric.Title)],
            board.Candidates.Select(candidate => metrics.Select(metric => (object?)(candidate.Metrics.TryGetValue(metric.Key, out var figure) ? figure.ToString("0.####", CultureInfo.InvariantCulture) : "")).Prepend(candidate.Name)),
            board.Candidates.Count).ToBundle();
    }

    private static Type ElementOf(Type type) =>
        type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0] ?? typeof(object);

    private static long? Count(IEnumerable items) => items switch
    {
        ICollection collection => collection.Count,
        _ => items.GetType().GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>))?.GetProperty("Count")!.GetValue(items) as int?,
    };

    /// <summary>Public properties, a record's in its own order; the fields of a tuple.</summary>
    private static MemberInfo[] MembersOf(Type type) =>
        type.IsGenericType && type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) ? type.GetFields()
        : [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.GetMethod!.IsPublic && p.GetIndexParameters().Length == 0 && !p.PropertyType.IsByRefLike && !p.PropertyType.IsByRef)];

    private static object? Read(MemberInfo member, object of)
    {
        try
        {
            return member is FieldInfo field ? field.GetValue(of) : ((PropertyInfo)member).GetValue(of);
        }
        catch (TargetInvocationException error)
        {
            return $"({error.InnerException!.GetType().Name})";
        }
    }

    private static string ShortName(Type type) => type.Name.Split('`')[0];
}
