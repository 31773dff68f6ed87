namespace CustomerValue.Models.Text;

/// <summary>A fitted candidate that tells what it chose on dev; logged beside its figures.</summary>
public interface ITellsChoices
{
    /// <summary>What was chosen, such as a penalty, an epoch, weights.</summary>
    IReadOnlyDictionary<string, string> Choices { get; }
}
