using System.Text;
using CustomerValue.Testing;

namespace CustomerValue.Notebooks.Tests;

public class NotebookFileTests
{
    // As Jupyter writes it: one space, characters as they are, numbers as they were.
    private const string Jupyter = """
        {
         "cells": [
          {
           "cell_type": "code",
           "execution_count": 3,
           "id": "a1",
           "metadata": {
            "tags": [
             "parameters"
            ],
            "vscode": {}
           },
           "outputs": [
            {
             "name": "stdout",
             "output_type": "stream",
             "text": [
              "顾客 😀 \u001b \"x\" \\ </script>\u007f\n"
             ]
            }
           ],
           "source": [
            "var n = 1;\n",
            "n"
           ]
          },
          {
           "attachments": {},
           "cell_type": "markdown",
           "id": "b2",
           "metadata": {},
           "source": "one string"
          }
         ],
         "metadata": {
          "kernelspec": {
           "display_name": "C# (CustomerValue)",
           "language": "C#",
           "name": ".net-csharp"
          },
          "scale": 1.50,
          "small": 1e-07
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    public static TheoryData<string> Layouts => [Jupyter.Replace("\\u007f", "\u007f"), Jupyter, Jupyter.Replace(" \"", "    \"").TrimEnd(), Jupyter.Replace("\n", "\r\n"), Jupyter.Replace("顾客", "\\u987e\\u5ba2")];

    [Theory, MemberData(nameof(Layouts))]
    public void What_is_read_and_written_unchanged_keeps_its_bytes(string text)
    {
        using var folder = new TemporaryFolder();
        var (from, to) = (folder.In("from.ipynb"), folder.In("out", "to.ipynb"));
        File.WriteAllBytes(from, Encoding.UTF8.GetBytes(text));
        NotebookFile.Read(from).Write(to);
        Assert.Equal(File.ReadAllBytes(from), File.ReadAllBytes(to));
    }

    [Fact]
    public void A_change_touches_no_other_line()
    {
        var notebook = NotebookFile.Parse(Jupyter.Replace("\\u007f", "\u007f"), "test");
        notebook.Cells[1].Source = "two\nlines";
        var expected = Jupyter.Replace("\\u007f", "\u007f").Replace("\"source\": \"one string\"", "\"source\": [\n    \"two\\n\",\n    \"lines\"\n   ]");
        Assert.Equal(expected, notebook.ToString());
    }

    [Fact]
    public void Cells_tell_what_they_hold()
    {
        var notebook = NotebookFile.Parse(Jupyter, "test");
        var code = notebook.Cells[0];
        Assert.Equal((CellKind.Code, "a1", "var n = 1;\nn", 3), (code.Kind, code.Id, code.Source, code.ExecutionCount));
        Assert.Equal(["parameters"], code.Tags);
        Assert.Equal((CellKind.Markdown, "one string"), (notebook.Cells[1].Kind, notebook.Cells[1].Source));
        Assert.Equal(NotebookFile.KernelName, notebook.Kernel);
    }

    [Fact]
    public void A_new_notebook_is_nbformat_4_5_and_reads_back()
    {
        var made = new NotebookFile([new(CellKind.Markdown, "title", "# What?"), new(CellKind.Code, "first", "1 + 1", "slow")]);
        var read = NotebookFile.Parse(made.ToString(), "test");
        Assert.Equal(made.ToString(), read.ToString());
        Assert.Contains("\"nbformat_minor\": 5", read.ToString());
        Assert.Equal(["slow"], read.Cells[1].Tags);
    }

    [Fact]
    public void Stripping_leaves_what_may_be_committed()
    {
        var notebook = new NotebookFile([new(CellKind.Code, "p", "var n = 1;", NotebookCell.Parameters), new(CellKind.Code, "i", "n = 2;", NotebookCell.InjectedParameters), new(CellKind.Code, "c", "n")]);
        var clean = NotebookFile.Parse(Jupyter, "test");
        Assert.Equal(["cell 2 (i) was put in by a run (injected-parameters)"], notebook.Leftovers());
        Assert.Equal(["cell 1 (a1) has outputs", "cell 1 (a1) has execution count 3"], clean.Leftovers());

        notebook.Strip();
        clean.Strip();
        Assert.Equal(["p", "c"], notebook.Cells.Select(cell => cell.Id));
        Assert.Empty(notebook.Leftovers());
        Assert.Empty(clean.Leftovers());
        Assert.Contains("\"vscode\": {}", clean.ToString());                     // metadata stay

        var once = clean.ToString();
        clean.Strip();
        Assert.Equal(once, clean.ToString());
    }

    [Theory]
    [InlineData("[]", "no object")]
    [InlineData("{", "no JSON")]
    [InlineData("{\"nbformat\": 3}", "nbformat 3")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}}", "no list of cells")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"metadata\": {}, \"cells\": []}", "no JSON")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [{\"cell_type\": \"code\"}]}", "cell 1 has no metadata")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [{\"cell_type\": \"raw\", \"metadata\": {}, \"source\": 1}]}", "cell 1 has no source")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [{\"cell_type\": \"raw\", \"metadata\": {}, \"source\": \"\", \"id\": \"a b\"}]}", "cell 1 has no id")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [{\"cell_type\": \"code\", \"metadata\": {}, \"source\": \"\", \"id\": \"a\"}]}", "without a list of outputs")]
    public void What_is_no_notebook_is_refused_in_words(string text, string because)
    {
        var error = Assert.Throws<InvalidDataException>(() => NotebookFile.Parse(text, "x.ipynb"));
        Assert.StartsWith("x.ipynb", error.Message);
        Assert.Contains(because, error.Message);
    }

    [Fact]
    public void Two_cells_of_one_id_are_refused() =>
        Assert.Contains("cell 2 has the id 'a' of cell 1", Assert.Throws<InvalidDataException>(() => new NotebookFile([new(CellKind.Raw, "a", ""), new(CellKind.Raw, "a", "")])).Message);
}
