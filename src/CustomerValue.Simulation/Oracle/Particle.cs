using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Simulation.Oracle;

/// <summary>One customer as they may be: traits, state, and where the clock to the next order stands.</summary>
internal struct Particle
{
    /// <summary>Log of how well it fits what was seen, up to a constant.</summary>
    public double LogWeight;

    /// <summary>λ, η, visits a day, ρ, and the log-odds of a chat and of a review.</summary>
    public double Rate, Hazard, VisitRate, Response, ChatLogit, ReviewLogit;

    /// <summary>Log of the prior of the log-odds over what they were drawn from, a delivery.</summary>
    public double Proposed;

    /// <summary>Never orders.</summary>
    public bool Visitor;

    /// <summary>k.</summary>
    public int Regularity;

    /// <summary>M, L, J and campaigns at work.</summary>
    public LatentState State;

    /// <summary>Clock time since the last order.</summary>
    public double Elapsed;

    /// <summary>Clock time from the last order to the next.</summary>
    public double Gap;

    /// <summary>Sum over the days since the last order of the cube of the clock, for the interest of those days.</summary>
    public double Cubes;

    /// <summary>Hazard that is left until the customer drops out.</summary>
    public double Left;

    /// <summary>Day of dropping out.</summary>
    public int End;

    /// <summary>Orders on their way: bit i is set where one arrives i days from now.</summary>
    public uint OnTheirWay;

    /// <summary>Orders that have arrived.</summary>
    public int Arrived;

    /// <summary>Sum of what was paid for orders, each over the factor of the feelings at that time.</summary>
    public double Level;

    /// <summary>Whether the customer still orders, or may one day.</summary>
    public readonly bool IsAlive => End == int.MaxValue && !Visitor;

    /// <summary>φ: how near the next order is.</summary>
    public readonly double Progress => IsAlive ? Math.Min(1, Elapsed / Gap) : Browsing.IdleProgress;

    /// <summary>Visits on a day, over the own rate, of one who doesn't order.</summary>
    /// <param name="day">The day.</param>
    /// <param name="joined">The day of joining.</param>
    public readonly double IdleInterest(int day, int joined) => Visitor ? Browsing.InterestOfVisitor(day - joined) : Browsing.InterestAfter(day - End);

    /// <summary>A night passes: the mood fades, deliveries come closer.</summary>
    public void PassDay()
    {
        State.PassDay();
        OnTheirWay >>= 1;
    }

    /// <summary>An order is placed: it is on its way, and the next gap begins.</summary>
    /// <param name="delivery">Days until it arrives.</param>
    /// <param name="gap">Clock time to the next order; 0 where it isn't known yet.</param>
    public void Order(int delivery, double gap)
    {
        OnTheirWay |= 1u << delivery;
        (Elapsed, Cubes, Gap) = (0, 0, gap);
    }

    /// <summary>The hazard and the clock of a day in which the customer may drop out or order.</summary>
    /// <returns>Whether an order falls due.</returns>
    public bool Live(int day, double season)
    {
        if (!IsAlive) return false;
        Left -= Hazard * State.HazardFactor(day);
        if (Left <= 0)
        {
            End = day;
            return false;
        }
        Elapsed += Rate * season * State.RateFactor(day);
        return Elapsed >= Gap;
    }

    /// <summary>An order arrives, and may lead to a chat.</summary>
    public void Arrive(double experience, int day, bool mayChat, RandomStream chance)
    {
        Arrived++;
        State.Meet(experience);
        State.Intend(Experience.DrawIntent(State, chance), day);
        if (mayChat && chance.Chance(Experience.ComplaintChance(ChatLogit, experience))) Chat(day, chance);
    }

    /// <summary>A chat that may come of a visit.</summary>
    public void Ask(int day, double progress, bool hasOrdered, RandomStream chance)
    {
        if ((!IsAlive && !Visitor) || !chance.Chance(Browsing.QuestionChance(progress, hasOrdered))) return;
        if (chance.Chance(Experience.RestocksAfterAsking(Visitor))) State.Intend(Intent.Restock, day);
        Chat(day, chance);
    }

    private void Chat(int day, RandomStream chance)
    {
        var solved = chance.Chance(Experience.SolvedShare);
        State.Meet(solved ? Experience.Solved : Experience.Unsolved);
        if (!solved && chance.Chance(Experience.LeavesUnsolved)) State.Intend(Intent.Leave, day);
    }
}
