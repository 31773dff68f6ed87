using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace CustomerValue.Notebooks;

/// <summary>plotly.js, from the resources of Plotly.NET, which isn't loaded for it.</summary>
internal static class ChartScript
{
    private static readonly Lazy<string> s_text = new(Read);

    /// <summary>The script, some 3.6 million characters.</summary>
    public static string Text => s_text.Value;

    private static string Read()
    {
        using var library = typeof(ChartScript).Assembly.GetManifestResourceStream("Plotly.NET.dll")!;
        using var image = new PEReader(library);
        var metadata = image.GetMetadataReader();
        var resource = metadata.ManifestResources.Select(metadata.GetManifestResource)
            .Single(resource => metadata.GetString(resource.Name) is var name && name.StartsWith("Plotly.NET.plotly-", StringComparison.Ordinal) && name.EndsWith(".min.js", StringComparison.Ordinal));
        var at = image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress + (int)resource.Offset;
        var size = image.GetSectionData(at).GetReader(0, sizeof(int)).ReadInt32();
        return Encoding.UTF8.GetString(image.GetSectionData(at + sizeof(int)).GetContent(0, size).AsSpan()).Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
