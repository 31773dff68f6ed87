using CustomerValue.Notebooks;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>Notebooks under version control are the code and the words; what a run showed is made anew.</summary>
public class NotebookTests
{
    [Fact]
    public void Notebooks_carry_no_outputs()
    {
        var left = from file in Directory.EnumerateFiles(Path.Combine(RealData.Root, "notebooks"), "*.ipynb", SearchOption.AllDirectories)
                   from leftover in NotebookFile.Read(file).Leftovers()
                   select $"{Path.GetFileName(file)}: {leftover}";
        Assert.Empty(left);
    }
}
