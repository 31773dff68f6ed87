using CustomerValue.Ingestion;
using CustomerValue.Models.Text;

namespace CustomerValue.Experiments;

/// <summary>What every candidate told of every test text: <c>text_sha256</c> (not the text: it is somebody's), <c>actual</c>, and for each candidate <c>NAME</c>, the
/// class that it took for the likeliest; with ten classes or fewer <c>NAME.CLASS</c>, the probability of each, with more <c>NAME.probability</c>, of the likeliest.</summary>
internal static class TextPredictionFile
{
    public static void Write(string path, LabelledTexts test, IEnumerable<(string Name, double[][] Probabilities)> candidates)
    {
        var columns = new ParquetColumns().Add("text_sha256", test.Texts.Select(TextDataset.Digest).ToArray())
            .Add("actual", test.Labels.Select(label => test.Classes[label]).ToArray());
        foreach (var (name, probabilities) in candidates)
        {
            columns.Add(name, probabilities.Select(p => test.Classes[Array.IndexOf(p, p.Max())]).ToArray());
            if (test.Classes.Count > 10) columns.Add($"{name}.probability", probabilities.Select(p => p.Max()).ToArray());
            else
                for (var c = 0; c < test.Classes.Count; c++) columns.Add($"{name}.{test.Classes[c]}", probabilities.Select(p => p[c]).ToArray());
        }
        columns.Write(path);
    }
}
