using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>A fitted candidate that knows how sure it is of a customer's spend.</summary>
public interface IHasInterval : IFittedCandidate
{
    /// <summary>Bounds that each customer's spend over the horizon falls between with at least a stated probability, as far as the model knows.</summary>
    /// <param name="customers">Needs <see cref="IFittedCandidate.Columns"/>.</param>
    /// <param name="level">The probability, between 0 and 1; half of what is left lies on either side.</param>
    /// <returns>[rows] each, in account currency.</returns>
    (double[] Low, double[] High) Interval(FeatureTable customers, double level);
}
