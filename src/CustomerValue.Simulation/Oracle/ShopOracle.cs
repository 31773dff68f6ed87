using System.Globalization;
using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Chance;

namespace CustomerValue.Simulation.Oracle;

/// <summary>What is asked of the oracle.</summary>
public sealed record OracleOptions
{
    /// <summary>Days of which, and of all after them, nothing is known.</summary>
    public required IReadOnlyList<DateOnly> Cutoffs { get; init; }

    /// <summary>Numbers of days from a cutoff on that the answers are about.</summary>
    public IReadOnlyList<int> HorizonDays
    {
        get;
        init => field = value.Count > 0 && value.All(days => days is >= 1 and <= 3_660) ? [.. value.Distinct().Order()]
            : throw new ArgumentOutOfRangeException(nameof(HorizonDays), string.Join(", ", value), "Horizons must have 1 to 3660 days.");
    } = [90];

    /// <summary>Possible customers that an answer is a mean over; four times as many halve its error.</summary>
    public int Particles { get; init => field = Check.Within(value, 100, 1_000_000); } = 1_000;
}

/// <summary>What is to be expected of a customer, knowing one thing or another.</summary>
/// <param name="Buys">Probability of an order within the horizon.</param>
/// <param name="Spend">Expected sum of orders within it, in currency; returns aren't taken off.</param>
/// <param name="BuysError">Standard error of the probability, from two halves of the particles.</param>
/// <param name="SpendError">Standard error of the expected sum.</param>
public readonly record struct Expectation(double Buys, double Spend, double BuysError, double SpendError);

/// <summary>The oracle's answer about one customer, cutoff and horizon.</summary>
/// <param name="CustomerId">As in the records.</param>
/// <param name="Cutoff">The first day of which nothing is known.</param>
/// <param name="HorizonDays">Days from the cutoff on that it is about.</param>
/// <param name="Orders">Orders before the cutoff; 0 for those who were seen and hadn't ordered.</param>
/// <param name="Texts">Reviews and chats before the cutoff.</param>
/// <param name="Bought">Whether an order followed within the horizon.</param>
/// <param name="Spent">What was paid for those that did.</param>
/// <param name="History">Knowing purchases, browsing and campaigns.</param>
/// <param name="Read">Knowing in addition the mood, loyalty and intent that each text was written from.</param>
/// <param name="Everything">Knowing traits, state, and the moment for which the next order is meant; not what chance brings.</param>
public sealed record OracleAnswer(
    string CustomerId, DateOnly Cutoff, int HorizonDays, int Orders, int Texts, bool Bought, double Spent, Expectation History, Expectation Read, Expectation Everything);

/// <summary>Says of a simulated shop's customers what the best that could be known of their future is: from purchases and browsing, from these and a perfect reading of their
/// texts, and from everything that decides it but chance to come.</summary>
/// <remarks>The first two are Monte Carlo over possible customers (sequential importance sampling), the third over futures of the true state; each with its error.</remarks>
public sealed class ShopOracle
{
    private const int Halves = 2, Baskets = 200, Measured = 300;

    private readonly Shop _shop;
    private readonly OracleOptions _options;
    private readonly double _paidOfBudget;

    /// <param name="shop">The shop.</param>
    /// <param name="options">What is asked.</param>
    /// <exception cref="ArgumentException">There is no cutoff, or a horizon after one isn't within the shop's period.</exception>
    public ShopOracle(ShopOptions shop, OracleOptions options)
    {
        (_shop, _options) = (new(shop), options);
        if (options.Cutoffs.Count == 0) throw new ArgumentException("The oracle needs a cutoff at least.", nameof(options));
        foreach (var cutoff in options.Cutoffs)
            if (cutoff <= shop.Start || cutoff.DayNumber + options.HorizonDays[^1] > shop.Start.DayNumber + shop.Days)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{options.HorizonDays[^1]} days from {cutoff:yyyy-MM-dd} on don't lie within the shop's period, {shop.Start:yyyy-MM-dd} to {shop.Start.AddDays(shop.Days - 1):yyyy-MM-dd}. Choose an earlier cutoff or fewer days."));
        _paidOfBudget = PaidOfBudget();
    }

    /// <summary>The answers about a customer, from 1, by cutoff and horizon; none about cutoffs before the first day on which they were seen.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such customer.</exception>
    public IReadOnlyList<OracleAnswer> Customer(int number) =>
        [.. _options.Cutoffs.Order().SelectMany(cutoff => Customer(Check.Within(number, 1, _shop.Options.Customers), cutoff))];

    /// <summary>The answers about all customers, in order.</summary>
    /// <param name="threads">Threads to use; the answers don't depend on it.</param>
    /// <param name="progress">Told how many customers are done.</param>
    /// <param name="cancellation">Stops between customers.</param>
    public IReadOnlyList<OracleAnswer> Customers(int threads = 1, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        var answers = new IReadOnlyList<OracleAnswer>[_shop.Options.Customers];
        var done = 0;
        Parallel.For(0, answers.Length, new ParallelOptions { MaxDegreeOfParallelism = Check.Within(threads, 1, 1_024), CancellationToken = cancellation }, at =>
        {
            answers[at] = Customer(at + 1);
            progress?.Report(new("oracle", Interlocked.Increment(ref done), answers.Length, "customers"));
        });
        return [.. answers.SelectMany(a => a)];
    }

    private IEnumerable<OracleAnswer> Customer(int number, DateOnly cutoff)
    {
        var day = cutoff.DayNumber - _shop.Options.Start.DayNumber;
        var (customer, state) = CustomerLife.Run(_shop, number, day);
        var seen = new ObservedLife(customer, _shop, day);
        if (seen.Start >= day || state is null) return [];
        var chance = new RandomStream(_shop.Options.Seed, ((long)day << 32) + number, Purpose.Oracle);
        var (count, level) = (_options.Particles / Halves, Level(state.Traits, day, chance));
        var history = Expected(() => Posterior.Of(seen, _shop, reads: false, count, chance), p => Level(p, seen), seen, chance);
        var read = Expected(() => Posterior.Of(seen, _shop, reads: true, count, chance), p => Level(p, seen), seen, chance);
        var everything = Expected(() => [.. Enumerable.Range(0, count).Select(_ => True(state, day, chance))], _ => level, seen, chance);
        return _options.HorizonDays.Select((days, at) =>
        {
            var after = customer.Purchases.Where(p => !p.IsReturn && p.At >= _shop.Moment(day, 0) && p.At < _shop.Moment(day + days, 0)).ToList();
            return new OracleAnswer(customer.Truth.CustomerId, cutoff, days, seen.Orders.Count, seen.Texts.Count, after.Count > 0, (double)after.Sum(p => p.Quantity * p.UnitPrice), history[at], read[at], everything[at]);
        });
    }

    // [horizons]
    private Expectation[] Expected(Func<Particle[]> draw, Func<Particle, double> level, ObservedLife seen, RandomStream chance)
    {
        var cutoff = seen.Cutoff;
        var (buys, spend) = (new double[Halves, _options.HorizonDays.Count], new double[Halves, _options.HorizonDays.Count]);
        for (var half = 0; half < Halves; half++)
        {
            var particles = draw();
            foreach (var particle in particles)
            {
                var paid = level(particle) / particles.Length;
                foreach (var (day, factor, isFirst) in Orders(particle, cutoff, seen.Orders.Count > 0, chance))
                    for (var at = 0; at < _options.HorizonDays.Count; at++)
                        if (day < cutoff + _options.HorizonDays[at])
                        {
                            if (isFirst) buys[half, at] += 1.0 / particles.Length;
                            spend[half, at] += factor * paid;
                        }
            }
        }
        // Half a particle more orders, and half of one doesn't, so that nothing is impossible.
        return [.. Enumerable.Range(0, _options.HorizonDays.Count).Select(at => new Expectation(
            (_options.Particles * (buys[0, at] + buys[1, at]) / 2 + 0.5) / (_options.Particles + 1), (spend[0, at] + spend[1, at]) / 2, Math.Abs(buys[0, at] - buys[1, at]) / 2, Math.Abs(spend[0, at] - spend[1, at]) / 2))];
    }

    private static Particle True(LifeState state, int cutoff, RandomStream chance)
    {
        var (traits, particle) = (state.Traits, default(Particle));
        (particle.Visitor, particle.Rate, particle.Hazard, particle.VisitRate, particle.Response, particle.ChatLogit, particle.Regularity) = (traits.Visitor, traits.Rate, traits.Hazard, traits.VisitRate, traits.Response, traits.ChatLogit, traits.Regularity);
        (particle.State, particle.Elapsed, particle.Gap, particle.End, particle.Left) = (state.State, state.Elapsed, state.Gap, state.DroppedOut ?? int.MaxValue, chance.Exponential());
        // The morning of the cutoff brings them a day nearer.
        foreach (var day in state.Deliveries) particle.OnTheirWay |= 2u << (day - cutoff);
        return particle;
    }

    // The longest horizon as the process has it: each order's day, the factor that feelings put on its budget, and whether it is the first.
    private IEnumerable<(int Day, double Factor, bool IsFirst)> Orders(Particle p, int cutoff, bool hasOrdered, RandomStream chance)
    {
        var isFirst = true;
        for (var day = cutoff; day < cutoff + _options.HorizonDays[^1]; day++)
        {
            p.PassDay();
            if ((p.OnTheirWay & 1) != 0) p.Arrive(Experience.Draw(chance), day, mayChat: true, chance);
            if (p.Live(day, _shop.SeasonOn(day)))
            {
                yield return (day, p.State.BudgetFactor(), isFirst);
                (isFirst, hasOrdered) = (false, true);
                p.Order(Experience.SoonestDelivery + chance.Below(Experience.DeliverySpread), OrderClock.Gap(p.Regularity, chance));
            }
            if (!p.IsAlive) yield break;
            if (p.VisitRate > 0 && chance.Chance(p.VisitRate * Browsing.Interest(p.Progress))) p.Ask(day, p.Progress, hasOrdered, chance);
            if (hasOrdered && _shop.CampaignOn(day) is { } campaign && chance.Chance(Campaign.ReachedShare) && !chance.Chance(Campaign.ControlShare)) p.State.Contact(campaign.Strength * p.Response, day);
        }
    }

    // What an order costs in neutral feelings: gamma-gamma, its posterior mean (Fader, Hardie and Lee 2005, "RFM and CLV", eq. 5, in our symbols).
    private double Level(Particle p, ObservedLife seen)
    {
        var process = _shop.Options.Process;
        var (paid, scale) = (_paidOfBudget, process.MeanBudget * (process.BudgetTail - 1) / process.BudgetShape);
        return paid * process.BudgetShape * (scale + p.Level / paid) / (process.BudgetTail + process.BudgetShape * seen.Orders.Count - 1);
    }

    // The same where the customer is known: the mean of baskets that they might fill.
    private double Level(CustomerTraits traits, int day, RandomStream chance) =>
        Enumerable.Range(0, Baskets).Average(_ => (double)Basket.Fill(traits, 1, _shop, day, coupon: false, chance).Sum(line => line.Amount));

    // Prices and pieces are whole, so that what is paid isn't quite the budget.
    private double PaidOfBudget()
    {
        var chance = new RandomStream(_shop.Options.Seed, 0, Purpose.Oracle);
        double paid = 0, budget = 0;
        for (var i = 0; i < Measured; i++)
        {
            var traits = CustomerTraits.Draw(_shop.Options.Process, _shop.Options.Days, chance);
            (paid, budget) = (paid + Level(traits, _shop.Options.Days / 2, chance), budget + traits.Budget * _shop.Options.Process.BudgetShape);
        }
        return paid / budget;
    }
}
