using System.Runtime.CompilerServices;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Packaging;

/// <summary>Models that stand in a package more than once, byte for byte: the model of purchase histories that a blend has as a member, that its trees start from, and that
/// the other answer's blend has too. Each is read once, and asked once a table.</summary>
internal sealed class SharedModels
{
    private readonly Dictionary<string, IFittedCandidate> _byText = new(StringComparer.Ordinal);

    /// <summary>The model that these parameters stand for.</summary>
    /// <param name="text">The parameters as they stand in the file; they name no other file.</param>
    /// <param name="model">As it was read.</param>
    public IFittedCandidate Once(string text, IFittedCandidate model)
    {
        if (!_byText.TryGetValue(text, out var known)) _byText[text] = known = model is IHasReasons reasons ? new RememberingWithReasons(reasons) : new Remembering(model);
        return known;
    }

    private class Remembering(IFittedCandidate model) : IFittedCandidate
    {
        private readonly ConditionalWeakTable<FeatureTable, Scores> _answers = new();

        public IReadOnlyList<string> Columns => model.Columns;

        public Scores Predict(FeatureTable customers) => _answers.GetValue(customers, model.Predict);
    }

    private sealed class RememberingWithReasons(IHasReasons model) : Remembering(model), IHasReasons
    {
        private readonly IHasReasons _model = model;

        public Contributions Reasons(FeatureTable customers, Answer answer) => _model.Reasons(customers, answer);
    }
}
