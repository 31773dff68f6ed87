namespace CustomerValue.Testing;

/// <summary>Published and random model folders that lie beside the project, in ../shared/models. Tests that need them skip, by name, when absent.</summary>
public static class RealModels
{
    /// <summary>A model's folder, or a file in it; skips the calling test when it isn't there.</summary>
    /// <param name="relative">Such as all-minilm-l6-v2, or bert-tiny-random/expected.json.</param>
    public static string Need(string relative) => RealData.Need(Path.Combine("..", "models", relative));
}
