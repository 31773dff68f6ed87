using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>What moves a customer and isn't seen: mood, loyalty, intent, and campaigns at work. A value: a copy can be led into a future of its own.</summary>
internal struct LatentState
{
    private readonly ShopProcess _process;
    private readonly double _fade;
    private int _intentUntil, _campaignUntil;
    private double _campaignEffect;

    public LatentState(ShopProcess process, double loyalty)
    {
        _process = process;
        _fade = PortableMath.Exp(-0.6931471805599453 / process.MoodHalfLifeDays);
        Loyalty = loyalty;
    }

    /// <summary>M: 0 is neutral.</summary>
    public double Mood { get; private set; }

    /// <summary>L: 0 is average.</summary>
    public double Loyalty { get; private set; }

    /// <summary>J, as last decided; see <see cref="FeelingOn"/> for whether it still holds.</summary>
    public Intent Intent { get; private set; }

    /// <summary>A night passes: the mood fades.</summary>
    public void PassDay() => Mood *= _fade;

    /// <summary>An experience of size <paramref name="experience"/> moves mood, and loyalty a little.</summary>
    public void Meet(double experience)
    {
        Mood += _process.ExperienceOnMood * experience;
        Loyalty += _process.ExperienceOnLoyalty * experience;
    }

    /// <summary>Sets the intent from <paramref name="day"/> on, for as long as its kind lasts.</summary>
    public void Intend(Intent intent, int day)
    {
        Intent = intent;
        _intentUntil = day + (intent == Intent.Restock ? _process.RestockDays : _process.LeaveDays);
    }

    /// <summary>A campaign moves the log of the order rate by <paramref name="effect"/> from the day after <paramref name="day"/> on.</summary>
    public void Contact(double effect, int day)
    {
        _campaignEffect = effect;
        _campaignUntil = day + _process.CampaignDays;
    }

    /// <summary>What a text of this day is written from.</summary>
    public readonly Feeling FeelingOn(int day, double experience) =>
        new(Mood, Loyalty, day <= _intentUntil ? Intent : Intent.Open, experience);

    /// <summary>The factor on the order rate on <paramref name="day"/>.</summary>
    public readonly double RateFactor(int day) => PortableMath.Exp(
        Bounded(_process.FeelingWeight * (_process.MoodOnRate * Mood + _process.LoyaltyOnRate * Loyalty
        + (Intent == Intent.Restock && day <= _intentUntil ? _process.RestockOnRate : 0)))
        + (day <= _campaignUntil ? _campaignEffect : 0));

    /// <summary>The factor on the dropout hazard on <paramref name="day"/>: a contact that a customer didn't want raises it.</summary>
    public readonly double HazardFactor(int day) => PortableMath.Exp(
        _process.FeelingWeight * (-_process.MoodOnHazard * Mood - _process.LoyaltyOnHazard * Loyalty
        + (Intent == Intent.Leave && day <= _intentUntil ? _process.LeaveOnHazard : 0))
        + (day <= _campaignUntil ? Math.Max(0, -_campaignEffect) : 0));

    /// <summary>The factor on the budget of an order.</summary>
    public readonly double BudgetFactor() => PortableMath.Exp(Bounded(_process.FeelingWeight * _process.FeelingOnBudget * (Mood + Loyalty)));

    // x near 0, and never beyond the bound.
    private readonly double Bounded(double x)
    {
        var part = x / _process.MostOnRate;
        return x / Math.Sqrt(1 + part * part);
    }
}
