namespace CustomerValue.Notebooks;

/// <summary>
/// A notebook with what it showed as one HTML page for readers: nothing is fetched, its security policy forbids it, and nothing runs but the page's own scripts. The same notebook gives the same bytes.
/// Cells tagged remove-cell, remove-input or remove-output are left out, whole or in part, as Jupyter's tools do.
/// </summary>
public static class ReportRenderer
{
    /// <summary>The page, in the language that its text is in, or that the run was told by a parameter <c>language</c> (<c>en</c> or <c>zh</c>).</summary>
    /// <param name="notebook">A notebook, as a run left it.</param>
    /// <param name="title">What it is called; null takes its first heading.</param>
    /// <param name="folder">Where pictures that its Markdown names are looked for, in it and below; null leaves them out.</param>
    public static string Render(NotebookFile notebook, string? title = null, string? folder = null) => new Report(notebook, title, folder).ToHtml();
}
