using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Chance;

namespace CustomerValue.Simulation.Oracle;

/// <summary>What a text to come tells of something before it that no text told: mood and loyalty at the text are two sums over what was met until then, the sooner met the more faded in mood's.
/// With all of it normal, the best guess is a regression on the two.</summary>
/// <param name="process">The shop's constants.</param>
/// <param name="moodWidth">How closely mood is matched where no delivery of the day settles it.</param>
/// <param name="loyaltyWidth">How closely loyalty is matched.</param>
internal sealed class Bridge(ShopProcess process, double moodWidth, double loyaltyWidth)
{
    private static readonly (double Mean, double Variance) s_chat = (
        Experience.SolvedShare * Experience.Solved + (1 - Experience.SolvedShare) * Experience.Unsolved,
        Experience.SolvedShare * (1 - Experience.SolvedShare) * (Experience.Solved - Experience.Unsolved) * (Experience.Solved - Experience.Unsolved));

    // Sums in units of experience: mood's and loyalty's mean, variances, covariance.
    private double _mood, _loyalty, _moodVariance, _loyaltyVariance, _covariance;

    /// <summary>Begins with what happens on the day of the text itself.</summary>
    /// <param name="text">The text.</param>
    public Bridge To(ObservedLife.Text text)
    {
        (_mood, _loyalty, _moodVariance, _loyaltyVariance, _covariance) = (0, 0, 0, 0, 0);
        if (!text.OfVisit) Add(1, Experience.MeanAndVariance);
        if (text.IsChat) Add(1, s_chat);
        if (text.OfVisit) _moodVariance += moodWidth / process.ExperienceOnMood * (moodWidth / process.ExperienceOnMood);
        _loyaltyVariance += loyaltyWidth / process.ExperienceOnLoyalty * (loyaltyWidth / process.ExperienceOnLoyalty);
        return this;
    }

    /// <summary>Adds an experience so many days before the text.</summary>
    public void Meet(int daysBefore) => Add(Faded(daysBefore), Experience.MeanAndVariance);

    /// <summary>What is left of a mood after so many days.</summary>
    public double Faded(int days) => PortableMath.Exp(-0.6931471805599453 * days / process.MoodHalfLifeDays);

    /// <summary>Mean and spread of a normal quantity, once mood and loyalty at the text are known.</summary>
    /// <param name="mean">Its mean before.</param>
    /// <param name="variance">Its variance before.</param>
    /// <param name="onMood">What a unit of it adds to mood's sum.</param>
    /// <param name="onLoyalty">What it adds to loyalty's.</param>
    /// <param name="mood">Mood's sum, over what it would have been without experiences, in units of experience.</param>
    /// <param name="loyalty">Loyalty's.</param>
    public (double Mean, double Spread) Guess(double mean, double variance, double onMood, double onLoyalty, double mood, double loyalty)
    {
        var (a, b, c) = (_moodVariance + variance * onMood * onMood, _covariance + variance * onMood * onLoyalty, _loyaltyVariance + variance * onLoyalty * onLoyalty);
        var determinant = a * c - b * b;
        var (moodGain, loyaltyGain) = (variance * (onMood * c - onLoyalty * b) / determinant, variance * (onLoyalty * a - onMood * b) / determinant);
        var left = variance * (1 - moodGain * onMood - loyaltyGain * onLoyalty);
        return (mean + moodGain * (mood - _mood - onMood * mean) + loyaltyGain * (loyalty - _loyalty - onLoyalty * mean), Math.Sqrt(Math.Max(left, 1e-4 * variance)));
    }

    private void Add(double weight, (double Mean, double Variance) met)
    {
        (_mood, _loyalty) = (_mood + weight * met.Mean, _loyalty + met.Mean);
        (_moodVariance, _loyaltyVariance, _covariance) = (_moodVariance + weight * weight * met.Variance, _loyaltyVariance + met.Variance, _covariance + weight * met.Variance);
    }
}
