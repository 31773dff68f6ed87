using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CustomerValue.Tests;

/// <summary>Everything a user of an assembly can see, one line a type or member, sorted: what an approved snapshot holds.</summary>
/// <remarks>What the compiler adds to records (equality, copying, printing) is left out, and so are overrides, which their base already promises.</remarks>
internal static class PublicApi
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char", [typeof(byte)] = "byte",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(decimal)] = "decimal", [typeof(short)] = "short",
    };

    public static string[] Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().SelectMany(type => Members(type).Select(member => $"{FullName(type)}.{member}").Prepend($"{FullName(type)} : {Kind(type)}")).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type)) return [Call("Invoke", type.GetMethod("Invoke")!)];
        return type.GetConstructors(Own).Where(Visible).Select(c => $"ctor({Parameters(c)})")
            .Concat(type.GetFields(Own).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Where(f => !f.IsSpecialName).Select(Field))
            .Concat(type.GetProperties(Own).Where(p => p.GetAccessors(true).Any(a => Visible(a) && !Overrides(a))).Select(Property))
            .Concat(type.GetEvents(Own).Where(e => Visible(e.AddMethod!)).Select(e => $"event {e.Name} -> {Name(e.EventHandlerType!)}"))
            .Concat(type.GetMethods(Own).Where(m => Visible(m) && !Overrides(m) && !IsAccessor(m)).Select(m => Call(m.Name, m)));
    }

    private static bool Visible(MethodBase method) =>
        (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && !(method.IsDefined(typeof(CompilerGeneratedAttribute)) && !IsAccessor(method));

    private static bool IsAccessor(MethodBase method) =>
        method.IsSpecialName && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name.StartsWith("set_", StringComparison.Ordinal)
                              || method.Name.StartsWith("add_", StringComparison.Ordinal) || method.Name.StartsWith("remove_", StringComparison.Ordinal));

    private static bool Overrides(MethodInfo method) => method.GetBaseDefinition() != method;

    private static string Kind(Type type)
    {
        if (type.IsEnum) return "enum";
        if (typeof(Delegate).IsAssignableFrom(type)) return "delegate";
        var kind = type.IsInterface ? "interface"
            : type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + "struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        var inherited = type.GetInterfaces().Where(i => i.IsPublic && !type.GetInterfaces().Any(other => other.GetInterfaces().Contains(i)) && type.BaseType?.GetInterfaces().Contains(i) != true)
            .Where(i => !(i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEquatable<>))).Select(Name).Order(StringComparer.Ordinal);
        var bases = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? inherited.Prepend(Name(b)) : inherited;
        return string.Join(", ", bases.Prepend(kind));
    }

    private static string Field(FieldInfo field) =>
        $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{field.Name} -> {Name(field.FieldType)}"
        + (field.IsLiteral ? $" = {Text(field.GetRawConstantValue())}" : "");

    private static string Property(PropertyInfo property)
    {
        var get = property.GetMethod is { } g && Visible(g) ? "get; " : "";
        var set = property.SetMethod is { } s && Visible(s) ? s.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; " : "";
        var index = property.GetIndexParameters();
        return $"{Modifier(property.GetAccessors(true)[0])}{property.Name}{(index.Length > 0 ? $"[{Parameters(index)}]" : "")} {{ {get}{set}}} -> {Name(property.PropertyType)}";
    }

    private static string Call(string name, MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        return $"{Modifier(method)}{name}{generic}({Parameters(method)}) -> {Name(method.ReturnType)}";
    }

    private static string Modifier(MethodBase method) =>
        method.DeclaringType!.IsInterface ? "" : (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "") + (method.IsStatic ? "static " : method.IsAbstract ? "abstract " : "");

    private static string Parameters(MethodBase method) => Parameters(method.GetParameters());

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(p =>
        $"{(p.IsOut ? "out " : p.ParameterType.IsByRef ? p.IsIn ? "in " : "ref " : p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{Name(p.ParameterType)} {p.Name}"
        + (p.HasDefaultValue ? $" = {Text(p.RawDefaultValue)}" : "")));

    private static string Text(object? value) => value switch
    {
        null => "null", string s => $"\"{s}\"", bool b => b ? "true" : "false", _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string FullName(Type type)
    {
        var name = type.IsNested ? $"{FullName(type.DeclaringType!)}.{Bare(type)}" : $"{type.Namespace}.{Bare(type)}";
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(a => a.Name))}>" : name;
    }

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } value) return $"{Name(value)}?";
        if (s_keywords.TryGetValue(type, out var keyword)) return keyword;
        if (!type.IsGenericType) return type.Name;
        var arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true ? $"({arguments})" : $"{Bare(type)}<{arguments}>";
    }

    private static string Bare(Type type) => type.Name.Split('`')[0];
}
