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
    // Rates are drawn as if the clock had run so much slower after the last order, and visits come at this rate: about what can be expected.
    private const double AfterLast = 0.3, Watched = 0.8;

    // Weight of one who writes after dropping out.
    private const double Hardly = 1e-8;

    private readonly ObservedLife _seen;
    private readonly Shop _shop;
    private readonly bool _reads;
    private readonly RandomStream _chance;
    private readonly int _deliveries;
    private readonly Particle[] _particles;
    private readonly List<(ObservedLife.Visit? Visit, ObservedLife.Contact? Contact, double[] Elapsed)> _moments = [];   // of the gap at hand; [particles], below 0 where it had ended
    private int _daysOfGap, _gapStart, _ordered;
    private double _exposure, _watched;         // of the gap at hand: what rates and visits were drawn for

    private Posterior(ObservedLife seen, Shop shop, bool reads, int count, RandomStream chance)
    {
        (_seen, _shop, _reads, _chance, _gapStart) = (seen, shop, reads, chance, seen.Start);
        _deliveries = reads ? seen.Orders.Count(o => (o.Delivered ?? Expected(o)) < seen.Cutoff) : 0;
        _particles = new Particle[count];
    }

    /// <summary>Equally likely particles at the start of the cutoff day.</summary>
    /// <param name="seen">The records; of a customer who was seen.</param>
    /// <param name="shop">The shop whose process it is.</param>
    /// <param name="reads">Whether it is known what texts were written from; else texts are as if there were none.</param>
    /// <param name="count">How many.</param>
    /// <param name="chance">Where the draws come from.</param>
    public static Particle[] Of(ObservedLife seen, Shop shop, bool reads, int count, RandomStream chance)
    {
        var posterior = new Posterior(seen, shop, reads, count, chance);
        posterior.Draw();
        for (var day = seen.Start; day < seen.Cutoff; day++) posterior.Pass(day);
        posterior.CloseOpenGap();
        posterior.Resample();
        return posterior._particles;
    }

    private ShopProcess Process => _shop.Options.Process;

    // The last day on which the clock surely ran.
    private int LastSure => _seen.Orders.Count > 0 ? _seen.Orders[^1].Day : _seen.Start;

    private void Draw()
    {
        var (gaps, visits) = (_seen.Orders.Count - (_seen.IsCold ? 0 : 1), _seen.Visits.Count(v => !v.IsFirst));
        double Exposure(int from, int to) => Enumerable.Range(from, to - from).Sum(_shop.SeasonOn);
        var exposure = Exposure(_seen.Start, LastSure) + AfterLast * Exposure(LastSure, _seen.Cutoff);
        var watched = Watched * (_seen.Cutoff - _seen.Start);
        double ratePrior = Process.RateShape / Process.MeanRate, visitPrior = CustomerTraits.VisitShape / Process.MeanVisitRate;
        double[] shares = [.. Process.RegularityShares];
        var complains = new LogitProposal(Process.MeanChatLogit, Process.ChatLogitSpread, _seen.Texts.Count(t => t.IsChat && !t.OfVisit), _deliveries);
        var tells = new LogitProposal(Process.MeanReviewLogit, Process.ReviewLogitSpread, _seen.Texts.Count(t => !t.IsChat), _deliveries);
        for (var i = 0; i < _particles.Length; i++)
        {
            var p = new Particle { End = int.MaxValue, Left = double.PositiveInfinity };
            p.Rate = _chance.Gamma(Process.RateShape + gaps) / (ratePrior + exposure);
            p.Regularity = 1 + _chance.Weighted(shares);
            p.Hazard = Process.MeanHazard * _chance.Gamma(Process.HazardShape) / Process.HazardShape;
            p.Response = Process.MeanResponse + Process.ResponseSpread * _chance.Normal();
            (p.ChatLogit, var chats) = complains.Draw(_chance);
            (p.ReviewLogit, var reviews) = tells.Draw(_chance);
            p.Proposed = (chats + reviews) / Math.Max(1, _deliveries);
            if (_seen.IsSeen) p.VisitRate = _chance.Gamma(CustomerTraits.VisitShape + visits) / (visitPrior + watched);
            if (_seen.Orders.Count == 0) (p.Visitor, p.Left) = (_chance.Chance(Process.VisitorShare), _chance.Exponential());
            p.State = new(Process, Loyalty(ref p));
            _particles[i] = p;
        }
    }

    // Near what the texts tell of it: backwards from the last, loyalty at each is loyalty before, and what was met since.
    private double Loyalty(ref Particle p)
    {
        var (prior, (met, variance)) = (Process.LoyaltySpread, Experience.MeanAndVariance);
        if (!_reads || prior == 0) return prior * _chance.Normal();
        var (mean, precision, day) = (0.0, 0.0, int.MaxValue);
        void Back(int to)
        {
            var deliveries = _seen.Orders.Count(o => (o.Delivered ?? Expected(o)) is var at && at > to && at <= day);
            mean -= deliveries * Process.ExperienceOnLoyalty * met;
            if (precision > 0) precision = 1 / (1 / precision + deliveries * Process.ExperienceOnLoyalty * Process.ExperienceOnLoyalty * variance);
            day = to;
        }
        foreach (var text in _seen.Texts.Reverse())
        {
            if (text.Told.Loyalty is not { } step) continue;
            Back(text.Day);
            var (told, width) = Telling.About(step, Blur.LoyaltySpread * Process.TextNoise);
            (mean, precision) = ((mean * precision + told / width) / (precision + 1 / width), precision + 1 / width);
        }
        Back(-1);
        var spread = 1 / Math.Sqrt(precision + 1 / (prior * prior));
        var loyalty = mean * precision * spread * spread + spread * _chance.Normal();
        p.LogWeight += Math.Log(Normal.Density(loyalty, 0, prior) / Normal.Density(loyalty, mean * precision * spread * spread, spread));
        return loyalty;
    }

    // When an order that no text tells of arrives, about.
    private static int Expected(ObservedLife.Order order) => order.Day + Experience.SoonestDelivery + Experience.DeliverySpread / 2;

    private void Pass(int day)
    {
        var order = -1;
        for (var at = 0; at < _seen.Orders.Count; at++) if (_seen.Orders[at].Day == day) order = at;
        var isOpen = day > LastSure;
        var season = _shop.SeasonOn(day);
        var told = _reads ? _seen.Texts.Where(t => t.Day == day && !t.OfVisit).ToArray() : [];
        for (var i = 0; i < _particles.Length; i++)
        {
            ref var p = ref _particles[i];
            p.PassDay();
            if ((p.OnTheirWay & 1) != 0) Arrive(ref p, day, told);
            if (isOpen) OpenDay(ref p, day, season);
            else if (day > _seen.Start)
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
            (_daysOfGap, _gapStart, _exposure, _watched) = (0, day, 0, 0);
            _ordered++;
            Thin();
        }
        else if (day > _seen.Start) _daysOfGap++;
        (_exposure, _watched) = (_exposure + (day < LastSure ? season : AfterLast * season), _watched + Watched);
        Watch(day);
        Contact(day);
    }

    // A day after the last order: the customer may drop out unseen.
    private void OpenDay(ref Particle p, int day, double season)
    {
        if (p.IsAlive)
        {
            p.Gap = double.PositiveInfinity;
            p.Live(day, season);
            if (p.IsAlive) p.Cubes += p.Elapsed * p.Elapsed * p.Elapsed;
        }
        if (!p.IsAlive) p.LogWeight -= p.VisitRate * p.IdleInterest(day, _seen.Start);
    }

    private void Order(ref Particle p, int order)
    {
        var (day, amount, _, delivered) = _seen.Orders[order];
        var delivery = Experience.SoonestDelivery + _chance.Below(Experience.DeliverySpread);
        if (_reads && delivered is { } known) delivery = known - day;
        p.Level += amount / p.State.BudgetFactor();
        p.Order(delivery, gap: 0);
        if (order == _seen.Orders.Count - 1) p.Left = _chance.Exponential();
    }

    private void Arrive(ref Particle p, int day, ObservedLife.Text[] told)
    {
        var order = Math.Min(p.Arrived, _seen.Orders.Count - 1);
        var experience = _reads ? Read(ref p, day, told) : Experience.Draw(_chance);
        if (!_reads) p.Arrive(experience, day, mayChat: true, _chance);
        else if (p.Arrived <= _deliveries) p.LogWeight += p.Proposed;
        if (_seen.Orders[order].Returned is { } returned) p.LogWeight += Math.Log(returned ? Experience.ReturnChance(experience) : 1 - Experience.ReturnChance(experience));
    }

    // An order arrives, and all that was written about it is known: experience and intent are drawn near what that tells, and weighed back.
    private double Read(ref Particle p, int day, ObservedLife.Text[] told)
    {
        var (chats, reviews) = (told.Any(t => t.IsChat), told.Any(t => !t.IsChat));
        var chat = !chats ? 0 : _chance.Chance(Experience.SolvedShare) ? Experience.Solved : Experience.Unsolved;
        var mood = told.Select(t => t.Told.Mood).FirstOrDefault(step => step is not null);
        double experience;
        if (mood is { } step && Process.ExperienceOnMood > 0)
        {
            var (about, variance) = Telling.About(step, Blur.MoodSpread * Process.TextNoise);
            (experience, var prior) = Experience.DrawNear((about - p.State.Mood) / Process.ExperienceOnMood - chat, variance / (Process.ExperienceOnMood * Process.ExperienceOnMood), _chance);
            p.LogWeight += prior;
        }
        else experience = Experience.Draw(_chance);
        p.Arrived++;
        p.State.Meet(experience);
        var (open, restock, leave) = Experience.IntentWeights(p.State);
        var (all, leaves) = (open + restock + leave, chat == Experience.Unsolved ? Experience.LeavesUnsolved : 0);
        if (chats) p.State.Meet(chat);
        Intend(ref p, day, told, keeps: 0, open: (1 - leaves) * open / all, restock: (1 - leaves) * restock / all, leave: leaves + (1 - leaves) * leave / all);
        double complains = Experience.ComplaintChance(p.ChatLogit, experience), tells = Experience.ReviewChance(p.ReviewLogit, experience);
        p.LogWeight += Math.Log((chats ? complains : 1 - complains) * (reviews ? tells : 1 - tells));
        return experience;
    }

    // A chat came of a visit.
    private void Hear(ref Particle p, ObservedLife.Text text, int day)
    {
        if (!p.IsAlive && !p.Visitor) p.LogWeight += Math.Log(Hardly);
        var (asks, solved) = (Experience.RestocksAfterAsking(p.Visitor), _chance.Chance(Experience.SolvedShare));
        var leaves = solved ? 0 : Experience.LeavesUnsolved;
        p.State.Meet(solved ? Experience.Solved : Experience.Unsolved);
        Intend(ref p, day, [text], keeps: (1 - leaves) * (1 - asks), open: 0, restock: (1 - leaves) * asks, leave: leaves);
    }

    // Draws the intent that texts of the day were written from, by how likely it makes them; their weight is that of all of it.
    private void Intend(ref Particle p, int day, ReadOnlySpan<ObservedLife.Text> told, double keeps, double open, double restock, double leave)
    {
        var felt = p.State.FeelingOn(day, 0);
        Span<double> weights = [keeps, open, restock, leave];
        Span<Intent> means = [felt.Intent, Intent.Open, Intent.Restock, Intent.Leave];
        for (var at = 0; at < weights.Length; at++)
            if (weights[at] > 0)
                foreach (var text in told) weights[at] *= Telling.Chance(text.Told, felt with { Intent = means[at] }, text.IsChat, Process.TextNoise);
        double all = 0;
        foreach (var weight in weights) all += weight;
        p.LogWeight += Math.Log(Math.Max(all, 1e-300));
        var drawn = all > 0 ? _chance.Weighted(weights) : 0;
        if (drawn > 0) p.State.Intend(means[drawn], day);
    }

    private void Watch(int day)
    {
        foreach (var visit in _seen.Visits.Where(v => v.Day == day))
        {
            Remember(visit, null, day);
            if (_reads) continue;
            for (var i = 0; i < _particles.Length; i++) _particles[i].Ask(day, _particles[i].IsAlive ? Math.Min(1, _particles[i].Elapsed) : Browsing.IdleProgress, _ordered > 0, _chance);
        }
        if (!_reads) return;
        foreach (var text in _seen.Texts.Where(t => t.Day == day && t.OfVisit))
            for (var i = 0; i < _particles.Length; i++) Hear(ref _particles[i], text, day);
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
            if (visit is { } seen)
                p.LogWeight += (seen.IsFirst ? 0 : Math.Log(p.VisitRate * p.IdleInterest(day, _seen.Start))) + Look(seen, Browsing.IdleProgress) + (p.Visitor ? Asks(seen, Browsing.IdleProgress) : 0);
            if (contact is { } sent) p.LogWeight += Math.Log(sent.Answered == true ? Campaign.AnswerChanceAfter : 1 - Campaign.AnswerChanceAfter);
        }
        _moments.Add((visit, contact, elapsed));
    }

    // An order has come: the gap was between the clock of the evening before and that of this one.
    private void Close(ref Particle p, int i, double before)
    {
        p.LogWeight += Math.Log(Math.Max(1e-300, OrderClock.Survival(p.Regularity, before) - OrderClock.Survival(p.Regularity, p.Elapsed)) / p.Rate);
        Prior(ref p);
        p.Gap = (before + p.Elapsed) / 2;
        Weigh(ref p, i);
    }

    // Weighs what was drawn near the counts back to its prior, gap by gap, so that resampling along the way keeps to what is still to come.
    private void Prior(ref Particle p)
    {
        p.LogWeight += _exposure * p.Rate + _watched * p.VisitRate;
        foreach (var (visit, _, _) in _moments) if (visit is { IsFirst: false }) p.LogWeight -= Math.Log(p.VisitRate);
    }

    private void CloseOpenGap()
    {
        for (var i = 0; i < _particles.Length; i++)
        {
            ref var p = ref _particles[i];
            p.LogWeight += p.Proposed * Math.Max(0, _deliveries - p.Arrived);
            Prior(ref p);
            if (p.Visitor) continue;
            p.LogWeight += Math.Log(Math.Max(1e-300, OrderClock.Survival(p.Regularity, p.Elapsed)));
            p.Gap = p.Elapsed + OrderClock.Rest(p.Regularity, p.Elapsed, _chance);
            Weigh(ref p, i);
        }
    }

    // The visits and answers of a gap, and the days without.
    private void Weigh(ref Particle p, int i)
    {
        var days = p.IsAlive ? _daysOfGap : Math.Max(0, p.End - _gapStart - 1);
        p.LogWeight -= p.VisitRate * (Browsing.Interest(0) * days + (Browsing.Interest(1) - Browsing.Interest(0)) * p.Cubes / (p.Gap * p.Gap * p.Gap));
        foreach (var (visit, contact, elapsed) in _moments)
        {
            if (elapsed[i] < 0) continue;
            var progress = Math.Min(1, elapsed[i] / p.Gap);
            if (visit is { } seen) p.LogWeight += (seen.IsFirst ? 0 : Math.Log(p.VisitRate * Browsing.Interest(progress))) + Look(seen, progress) + Asks(seen, progress);
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

    // Whether it led to a chat, which only those who read know.
    private double Asks(ObservedLife.Visit visit, double progress)
    {
        if (!_reads) return 0;
        var asks = Browsing.QuestionChance(progress, _ordered > 0);
        return Math.Log(visit.Asked ? asks : 1 - asks);
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
