namespace CustomerValue.Simulation;

/// <summary>Text files that travel inside the assembly: the catalogue and the grammars.</summary>
internal static class EmbeddedText
{
    /// <summary>The whole file, with \n line ends whatever the checkout made of them.</summary>
    /// <exception cref="FileNotFoundException">The assembly has no such file.</exception>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"The assembly carries no text file '{name}'. Files belong under Products/ or Texts/ and are embedded by the project file.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
