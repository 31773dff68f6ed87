using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Simulation.Oracle;

/// <summary>What a customer may be like, given what was seen: particles that follow the shop's own process day by day, weighed by how likely they make the records.</summary>
/// <remarks>
/// Sequential Monte Carlo with resampling at orders (Doucet, de Freitas and Gordon 2001, "Sequential Monte Carlo Methods in Practice"). Rates are proposed near what the
/// counts say and weighed back to their priors. While an order is known to come, survival is a weight; how near it was on the days before is known once it has come.
/// </remarks>
internal sealed class Posterior
{
    // How closely texts are matched before the states that they were written from are taken over; a finer match would leave too few particles.
    private const double MoodWidth = 0.3, LoyaltyWidth = 0.2;

    // How far loyalty moves between the first order and the first text, about.
    private const double LoyaltyUntilRead = 0.15;

    private readonly ObservedLife _seen;
    private readonly Shop _shop;
    private readonly bool _reads;
    private readonly RandomStream _chance;
    private readonly Particle[] _particles;
    private readonly List<(ObservedLife.Visit? Visit, ObservedLife.Contact? Contact, double[] Elapsed)> _moments = [];   // of the gap at hand; [particles], below 0 where it had ended
    private int _daysOfGap;

    private Posterior(ObservedLife seen, Shop shop, bool reads, int count, RandomStream chance)
    {
        (_seen, _shop, _reads, _chance) = (seen, shop, reads, chance);
        _particles = new Particle[count];
    }

    /// <summary>Equally likely particles at the start of the cutoff day.</summary>
    /// <param name="seen">The records; with at least one order.</param>
    /// <param name="shop">The shop whose process it is.</param>
    /// <param name="reads">Whether the states that texts were written from are known; else texts are as if there were none.</param>
    /// <param name="count">How many.</param>
    /// <param name="chance">Where the draws come from.</param>
    public static Particle[] Of(ObservedLife seen, Shop shop, bool reads, int count, RandomStream chance)
    {
        var posterior = new Posterior(seen, shop, reads, count, chance);
        posterior.Draw();
        for (var day = seen.Orders[0].Day; day < seen.Cutoff; day++) posterior.Pass(day);
        posterior.CloseOpenGap();
        posterior.Resample();
        return posterior._particles;
    }

    private ShopProcess Process => _shop.Options.Process;

    private void Draw()
    {
        var (orders, last) = (_seen.Orders.Count - 1, _seen.Orders[^1].Day);
        double Exposure(int from, int to) => Enumerable.Range(from, to - from).Sum(_shop.SeasonOn);
        var slower = Exposure(_seen.Orders[0].Day, last) + 0.3 * Exposure(last, _seen.Cutoff);
        var watched = 0.8 * (_seen.Cutoff - _seen.Orders[0].Day);
        double ratePrior = Process.RateShape / Process.MeanRate, visitPrior = CustomerTraits.VisitShape / Process.MeanVisitRate;
        double[] shares = [.. Process.RegularityShares];
        for (var i = 0; i < _particles.Length; i++)
        {
            var p = new Particle { End = int.MaxValue, Left = double.PositiveInfinity };
            p.Rate = _chance.Gamma(Process.RateShape + orders) / (ratePrior + slower);
            p.LogWeight = slower * p.Rate - orders * PortableMath.Log(p.Rate);
            p.Regularity = 1 + _chance.Weighted(shares);
            p.Hazard = Process.MeanHazard * _chance.Gamma(Process.HazardShape) / Process.HazardShape;
            p.Response = Process.MeanResponse + Process.ResponseSpread * _chance.Normal();
            p.ChatLogit = Process.MeanChatLogit + Process.ChatLogitSpread * _chance.Normal();
            if (_seen.IsSeen)
            {
                p.VisitRate = _chance.Gamma(CustomerTraits.VisitShape + _seen.Visits.Count) / (visitPrior + watched);
                p.LogWeight += watched * p.VisitRate - _seen.Visits.Count * PortableMath.Log(p.VisitRate);
            }
            p.State = new(Process, Loyalty(ref p));
            _particles[i] = p;
        }
    }

    // The first text says how loyal the customer was, near enough at the start too.
    private double Loyalty(ref Particle p)
    {
        if (!_reads || _seen.Texts.Count == 0) return Process.LoyaltySpread * _chance.Normal();
        var loyalty = _seen.Texts[0].Loyalty + LoyaltyUntilRead * _chance.Normal();
        p.LogWeight += Math.Log(Normal.Density(loyalty, 0, Process.LoyaltySpread));
        return loyalty;
    }

    private void Pass(int day)
    {
        var order = -1;
        for (var at = 0; at < _seen.Orders.Count; at++) if (_seen.Orders[at].Day == day) order = at;
        var isOpen = day > _seen.Orders[^1].Day;
        var season = _shop.SeasonOn(day);
        var texts = _reads ? _seen.Texts.Where(t => t.Day == day).ToArray() : [];
        for (var i = 0; i < _particles.Length; i++)
        {
            ref var p = ref _particles[i];
            p.PassDay();
            var told = (p.OnTheirWay & 1) != 0 ? Arrive(ref p, day, texts) : -1;
            for (var at = 0; at < texts.Length; at++)
            {
                if (at != told) Weigh(ref p, texts[at]);
                p.State.Reveal(texts[at].Mood, texts[at].Loyalty, texts[at].Intent, day);
            }
            if (isOpen) OpenDay(ref p, day, season);
            else if (day > _seen.Orders[0].Day)
            {
                p.LogWeight -= p.Hazard * p.State.HazardFactor(day);
                var before = p.Elapsed;
                p.Elapsed += p.Rate * season * p.State.RateFactor(day);
                if (order < 0) p.Cubes += p.Elapsed * p.Elapsed * p.Elapsed;
                else Close(ref p, i, before);
            }
            if (order >= 0) Order(ref p, order);
        }
        if (order >= 0)
        {
            _moments.Clear();
            _daysOfGap = 0;
            Thin();
        }
        else _daysOfGap++;
        Watch(day);
        Contact(day);
    }

    // A day after the last order: the customer may drop out unseen.
    private static void OpenDay(ref Particle p, int day, double season)
    {
        if (p.IsAlive)
        {
            p.Gap = double.PositiveInfinity;
            p.Live(day, season);
            if (p.IsAlive) p.Cubes += p.Elapsed * p.Elapsed * p.Elapsed;
        }
        if (!p.IsAlive) p.LogWeight -= p.VisitRate * Browsing.InterestAfter(day - p.End);
    }

    private void Order(ref Particle p, int order)
    {
        var (day, amount, _) = _seen.Orders[order];
        var delivery = Experience.SoonestDelivery + _chance.Below(Experience.DeliverySpread);
        // A review is written on the day of the delivery, and so is a chat about it.
        if (_reads)
            foreach (var text in _seen.Texts.OrderBy(t => t.IsChat))
                if (text.Day - day is >= Experience.SoonestDelivery and < Experience.SoonestDelivery + Experience.DeliverySpread)
                {
                    delivery = text.Day - day;
                    break;
                }
        p.Level += amount / p.State.BudgetFactor();
        p.Order(delivery, gap: 0);
        if (order == _seen.Orders.Count - 1) p.Left = _chance.Exponential();
    }

    // Where a text of that day tells the mood, it tells the experience: no particle is lost by chance. Which text did, is returned.
    private int Arrive(ref Particle p, int day, ObservedLife.Text[] texts)
    {
        var (order, told) = (Math.Min(p.Arrived, _seen.Orders.Count - 1), texts.Length == 0 ? -1 : Math.Max(0, Array.FindIndex(texts, t => !t.IsChat)));
        double experience;
        if (told < 0) experience = p.Arrive(day, mayChat: !_reads, _chance);
        else
        {
            var (text, solved) = (texts[told], _chance.Chance(Experience.SolvedShare) ? Experience.Solved : Experience.Unsolved);
            experience = (text.Mood - p.State.Mood) / Process.ExperienceOnMood - (text.IsChat ? solved : 0);
            p.LogWeight += Math.Log(Math.Max(1e-12, Experience.Density(experience)));
            p.Arrived++;
            p.State.Meet(experience);
            if (text.IsChat)
            {
                p.LogWeight += Math.Log(Experience.ComplaintChance(p.ChatLogit, experience));
                p.State.Meet(solved);
            }
            else
            {
                var (open, restock, leave) = Experience.IntentWeights(p.State);
                p.LogWeight += Math.Log(text.Intent switch { Intent.Restock => restock, Intent.Leave => leave, _ => open } / (open + restock + leave));
            }
            Weigh(ref p, text with { Mood = p.State.Mood });
            p.State.Intend(text.Intent, day);
        }
        if (_seen.Orders[order].Returned is { } returned) p.LogWeight += Math.Log(returned ? Experience.ReturnChance(experience) : 1 - Experience.ReturnChance(experience));
        return told;
    }

    // Particles that are far from what a text was written from lose weight.
    private void Weigh(ref Particle p, ObservedLife.Text text)
    {
        var (mood, loyalty) = (p.State.Mood, p.State.Loyalty);
        // A chat that no order is known to be about was solved or not, whichever fits better.
        if (text.IsChat && text.Mood != mood)
        {
            var solved = Math.Abs(mood + Process.ExperienceOnMood * Experience.Solved - text.Mood) < Math.Abs(mood + Process.ExperienceOnMood * Experience.Unsolved - text.Mood) ? Experience.Solved : Experience.Unsolved;
            p.LogWeight += Math.Log(solved == Experience.Solved ? Experience.SolvedShare : 1 - Experience.SolvedShare);
            (mood, loyalty) = (mood + Process.ExperienceOnMood * solved, loyalty + Process.ExperienceOnLoyalty * solved);
        }
        double far = (mood - text.Mood) / MoodWidth, farther = (loyalty - text.Loyalty) / LoyaltyWidth;
        p.LogWeight -= 0.5 * (Math.Min(far * far, 50) + Math.Min(farther * farther, 50));
    }

    private void Watch(int day)
    {
        foreach (var visit in _seen.Visits.Where(v => v.Day == day))
        {
            Remember(visit, null, day);
            if (_reads) continue;
            for (var i = 0; i < _particles.Length; i++) _particles[i].Ask(day, Math.Min(1, _particles[i].Elapsed), _chance);
        }
    }

    private void Contact(int day)
    {
        foreach (var contact in _seen.Contacts.Where(c => c.Day == day))
        {
            if (contact.Answered is null) continue;
            Remember(null, contact, day);
            for (var i = 0; i < _particles.Length; i++) _particles[i].State.Contact(contact.Strength * _particles[i].Response, day);
        }
    }

    // How near the next order was is known only once it has come; of those who have dropped out it is known at once.
    private void Remember(ObservedLife.Visit? visit, ObservedLife.Contact? contact, int day)
    {
        var elapsed = new double[_particles.Length];
        for (var i = 0; i < _particles.Length; i++)
        {
            ref var p = ref _particles[i];
            elapsed[i] = p.IsAlive ? p.Elapsed : -1;
            if (p.IsAlive) continue;
            if (visit is { } seen) p.LogWeight += Math.Log(p.VisitRate * Browsing.InterestAfter(day - p.End)) + Look(seen, Browsing.IdleProgress);
            if (contact is { } sent) p.LogWeight += Math.Log(sent.Answered == true ? Campaign.AnswerChanceAfter : 1 - Campaign.AnswerChanceAfter);
        }
        _moments.Add((visit, contact, elapsed));
    }

    // An order has come: the gap was between the clock of the evening before and that of this one.
    private void Close(ref Particle p, int i, double before)
    {
        p.LogWeight += Math.Log(Math.Max(1e-300, OrderClock.Survival(p.Regularity, before) - OrderClock.Survival(p.Regularity, p.Elapsed)));
        p.Gap = (before + p.Elapsed) / 2;
        Weigh(ref p, i);
    }

    private void CloseOpenGap()
    {
        for (var i = 0; i < _particles.Length; i++)
        {
            ref var p = ref _particles[i];
            p.LogWeight += Math.Log(Math.Max(1e-300, OrderClock.Survival(p.Regularity, p.Elapsed)));
            p.Gap = p.Elapsed + OrderClock.Rest(p.Regularity, p.Elapsed, _chance);
            Weigh(ref p, i);
        }
    }

    // The visits and answers of a gap, and the days without.
    private void Weigh(ref Particle p, int i)
    {
        var days = p.IsAlive ? _daysOfGap : Math.Max(0, p.End - _seen.Orders[^1].Day - 1);
        p.LogWeight -= p.VisitRate * (Browsing.Interest(0) * days + (Browsing.Interest(1) - Browsing.Interest(0)) * p.Cubes / (p.Gap * p.Gap * p.Gap));
        foreach (var (visit, contact, elapsed) in _moments)
        {
            if (elapsed[i] < 0) continue;
            var progress = Math.Min(1, elapsed[i] / p.Gap);
            if (visit is { } seen) p.LogWeight += Math.Log(p.VisitRate * Browsing.Interest(progress)) + Look(seen, progress);
            if (contact is not { } sent) continue;
            var answers = Campaign.AnswerChance(p.Response, p.State.Loyalty, progress);
            p.LogWeight += Math.Log(sent.Answered == true ? answers : 1 - answers);
        }
    }

    // How likely a visit looks as it did.
    private static double Look(ObservedLife.Visit visit, double progress)
    {
        var (more, seconds, cart) = (Browsing.MoreViews(progress), (double)Browsing.ViewSeconds(progress), Browsing.CartChance(progress));
        return (visit.Views - 1) * Math.Log(more) - more - visit.Views * Math.Log(seconds) - visit.ViewSeconds / seconds + Math.Log(visit.Cart ? cart : 1 - cart);
    }

    private void Thin()
    {
        double most = _particles.Max(p => p.LogWeight), sum = 0, squares = 0;
        foreach (var p in _particles)
        {
            var weight = PortableMath.Exp(p.LogWeight - most);
            (sum, squares) = (sum + weight, squares + weight * weight);
        }
        if (sum * sum / squares < _particles.Length / 2.0) Resample();
    }

    // Systematic: one draw places a comb over the weights.
    private void Resample()
    {
        var most = _particles.Max(p => p.LogWeight);
        var weights = Array.ConvertAll(_particles, p => PortableMath.Exp(p.LogWeight - most));
        var step = weights.Sum() / weights.Length;
        var (old, from, reached, tooth) = ((Particle[])_particles.Clone(), 0, weights[0], step * _chance.Uniform());
        for (var i = 0; i < old.Length; i++, tooth += step)
        {
            while (reached < tooth && from < old.Length - 1) reached += weights[++from];
            _particles[i] = old[from] with { LogWeight = 0 };
        }
    }
}
