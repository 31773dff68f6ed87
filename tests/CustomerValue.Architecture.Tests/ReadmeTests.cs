using System.Reflection;
using CustomerValue.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CustomerValue.Tests;

/// <summary>The example in the README is true: it compiles as it stands, and runs on the sample shop.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_five_lines_compile_and_run()
    {
        var lines = Example();
        Assert.Equal(5, lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        var source = $$"""
            using System; using System.Collections.Generic; using System.Linq;
            using CustomerValue; using CustomerValue.Ingestion; using CustomerValue.Features; using CustomerValue.Models.Btyd;
            public static class Example { public static double[] Run() { {{lines}} return repeat; } }
            """;
        var compilation = CSharpCompilation.Create("readme", [CSharpSyntaxTree.ParseText(source)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p)),
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));

        var here = Environment.CurrentDirectory;
        Environment.CurrentDirectory = RealData.Root;
        try
        {
            var repeat = (double[])Assembly.Load(image.ToArray()).GetType("Example")!.GetMethod("Run")!.Invoke(null, null)!;
            Assert.NotEmpty(repeat);
            Assert.All(repeat, purchases => Assert.InRange(purchases, 0, 1000));
        }
        finally { Environment.CurrentDirectory = here; }
    }

    /// <summary>The first fenced C# block of the README.</summary>
    private static string Example()
    {
        var readme = File.ReadAllText(Path.Combine(RealData.Root, "README.md"));
        var start = readme.IndexOf("```csharp\n", StringComparison.Ordinal);
        Assert.True(start >= 0, "README.md has no C# example.");
        start += "```csharp\n".Length;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
