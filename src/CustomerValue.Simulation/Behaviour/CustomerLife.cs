using System.Globalization;
using CustomerValue.Ingestion;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>One customer's life, day by day: two clocks (the next order, the end) run at rates that mood, loyalty, intent, season and campaigns move,
/// and what happens on the way is written down. docs/simulation.md has the equations.</summary>
internal sealed class CustomerLife
{
    private readonly Shop _shop;
    private readonly int _number;
    private readonly string _id;
    private readonly CustomerTraits _traits;
    private readonly RandomStream _baskets, _experiences, _texts, _visits, _contacts;
    private readonly Browsing _browsing;
    private readonly List<Purchase> _purchases = [];
    private readonly List<Review> _reviews = [];
    private readonly List<DialogueTurn> _turns = [];
    private readonly List<CampaignContact> _sent = [];
    private readonly List<ContactTruth> _sentTruth = [];
    private readonly List<TextTruth> _textTruth = [];
    private readonly Queue<(int Day, int Order, List<BasketLine> Basket)> _deliveries = new();
    private readonly double _endOfInterest;

    private LatentState _state;
    private OrderClock _clock;
    private double _hazardSoFar;
    private int _orders, _dialogues, _couponUntil = -1;
    private int? _droppedOut;

    private CustomerLife(Shop shop, int number)
    {
        RandomStream Stream(Purpose purpose) => new(shop.Options.Seed, number, purpose);
        _shop = shop;
        _number = number;
        _id = string.Create(CultureInfo.InvariantCulture, $"C{number:D5}");
        _traits = CustomerTraits.Draw(shop.Options.Process, shop.Options.Days, Stream(Purpose.Traits));
        (_baskets, _experiences, _texts) = (Stream(Purpose.Baskets), Stream(Purpose.Experiences), Stream(Purpose.Texts));
        (_visits, _contacts) = (Stream(Purpose.Visits), Stream(Purpose.Contacts));
        _browsing = new Browsing(_id, number, _traits, _visits);
        _state = new LatentState(shop.Options.Process, _traits.Loyalty);
        var orders = Stream(Purpose.Orders);
        _endOfInterest = orders.Exponential();
        _clock = new OrderClock(_traits.Regularity, orders);
    }

    /// <summary>Lives the life of customer <paramref name="number"/> (from 1) through the whole period.</summary>
    public static SimulatedCustomer Run(Shop shop, int number) => new CustomerLife(shop, number).Run();

    /// <summary>The same, with all that decides the life from the start of day <paramref name="cutoff"/> on; that is null for one who hasn't joined by then.</summary>
    public static (SimulatedCustomer Customer, LifeState? State) Run(Shop shop, int number, int cutoff)
    {
        var life = new CustomerLife(shop, number);
        LifeState? state = null;
        var customer = life.Run(day =>
        {
            if (day == cutoff) state = new(life._traits, life._state, life._clock.Elapsed, life._clock.Next, life._droppedOut, [.. life._deliveries.Select(d => d.Day)]);
        });
        return (customer, state);
    }

    private SimulatedCustomer Run(Action<int>? morning = null)
    {
        for (var day = _traits.Joined; day < _shop.Options.Days; day++)
        {
            morning?.Invoke(day);
            _state.PassDay();
            while (_deliveries.TryPeek(out var delivery) && delivery.Day <= day) Receive(_deliveries.Dequeue(), day);
            if (!_traits.Visitor) Live(day);
            Visit(day);
            if (_shop.CampaignOn(day) is { } campaign) Contact(campaign, day);
        }
        return new SimulatedCustomer(
            InTime(_purchases, p => p.At), InTime(_browsing.Events, b => b.At), InTime(_reviews, r => r.At), InTime(_turns, t => t.At), _sent,
            new CustomerTruth(
                _id, _shop.Options.Start.AddDays(_traits.Joined), _droppedOut is { } end ? _shop.Options.Start.AddDays(end) : null, _traits.Cold, _traits.Visitor, LanguageCode(),
                _traits.Rate, _traits.Regularity, _traits.Hazard, _traits.Budget * _shop.Options.Process.BudgetShape, _traits.Response,
                _traits.Loyalty, _state.Loyalty, _state.Mood, _sentTruth, _textTruth));
    }

    private List<T> InTime<T>(List<T> records, Func<T, DateTime> at) => [.. records.Where(record => at(record) < _shop.End).OrderBy(at)];

    // The two clocks. The end comes when the hazard, summed over the days, passes an exponential draw.
    private void Live(int day)
    {
        if (_droppedOut is not null) return;
        if (day == _traits.Joined)
        {
            if (!_traits.Cold) Order(day);
            return;
        }
        _hazardSoFar += _traits.Hazard * _state.HazardFactor(day);
        if (_hazardSoFar >= _endOfInterest) _droppedOut = day;
        else if (_clock.Advance(_traits.Rate * _shop.SeasonOn(day) * _state.RateFactor(day))) Order(day);
    }

    private void Order(int day)
    {
        var basket = Basket.Fill(_traits, _state.BudgetFactor(), _shop, day, coupon: day <= _couponUntil, _baskets);
        _couponUntil = -1;
        var at = _shop.Moment(day, SecondOfDay(_baskets));
        _orders++;
        foreach (var line in basket) _purchases.Add(Line($"O{_number:D5}-{_orders}", at, line, line.Quantity, isReturn: false));
        if (_traits.VisitRate > 0 && _visits.Chance(0.75)) _browsing.Buy(basket, at);
        _deliveries.Enqueue((day + Experience.SoonestDelivery + _experiences.Below(Experience.DeliverySpread), _orders, basket));
    }

    // The order arrives: an experience, what it does to the customer, and what the customer does about it.
    private void Receive((int Day, int Order, List<BasketLine> Basket) delivery, int day)
    {
        var experience = Experience.Draw(_experiences);
        _state.Meet(experience);
        _state.Intend(Experience.DrawIntent(_state, _experiences), day);
        var product = delivery.Basket[_experiences.Below(delivery.Basket.Count)].Product;
        var returned = delivery.Basket[_experiences.Below(delivery.Basket.Count)];
        var returns = _experiences.Chance(Experience.ReturnChance(experience));
        var returnDay = day + 1 + _experiences.Below(7);
        var complains = _experiences.Chance(Experience.ComplaintChance(_traits.ChatLogit, experience));
        var reviews = _experiences.Chance(Experience.ReviewChance(_traits.ReviewLogit, experience));

        if (returns)
            _purchases.Add(Line($"R{_number:D5}-{delivery.Order}", _shop.Moment(returnDay, SecondOfDay(_experiences)), returned, -(1 + _experiences.Below(returned.Quantity)), isReturn: true));
        if (complains)
        {
            var reason = returns ? ChatReason.Return : experience < -0.5 && _experiences.Chance(0.6) ? ChatReason.Fault
                : _experiences.Chance(0.6) ? ChatReason.Where : ChatReason.Account;
            Chat(reason, product, experience, day, _shop.Moment(day, SecondOfDay(_texts)));
        }
        if (reviews)
        {
            var feeling = _state.FeelingOn(day, experience);
            var taken = Blur.Draw(_shop.Options.Process.TextNoise, _texts).Over(feeling);
            var (at, said) = (_shop.Moment(day, SecondOfDay(_texts)), new Said());
            _reviews.Add(new Review(_id, at, product.Id, ReviewWriter.Stars(taken, _texts), ReviewWriter.Write(taken, _traits.Voice, product, _texts, said)));
            _textTruth.Add(TruthOf("review", at, feeling, said.Told));
        }
    }

    private void Chat(ChatReason reason, Product product, double experience, int day, DateTime at)
    {
        var solved = _experiences.Chance(Experience.SolvedShare);
        _state.Meet(solved ? Experience.Solved : Experience.Unsolved);
        if (!solved && _experiences.Chance(Experience.LeavesUnsolved)) _state.Intend(Intent.Leave, day);
        var (feeling, said, turn) = (_state.FeelingOn(day, experience), new Said(), 0);
        var taken = Blur.Draw(_shop.Options.Process.TextNoise, _texts).Over(feeling);
        var dialogue = string.Create(CultureInfo.InvariantCulture, $"D{_number:D5}-{++_dialogues}");
        var lines = ChatWriter.Write(reason, taken, solved, _traits.Voice, product, _texts, said);
        _textTruth.Add(TruthOf("chat", at, feeling, said.Told));
        foreach (var line in lines)
        {
            at = at.AddSeconds(line.WaitSeconds);
            _turns.Add(new DialogueTurn(_id, dialogue, ++turn, at, line.ByCustomer ? "customer" : "agent", line.Text));
        }
    }

    // Interest rises before an order and dies away after the last one.
    private void Visit(int day)
    {
        if (_traits.VisitRate <= 0) return;
        var progress = _traits.Visitor || _droppedOut is not null ? Browsing.IdleProgress : _clock.Progress;
        var interest = _traits.Visitor ? Browsing.InterestOfVisitor(day - _traits.Joined)
            : _droppedOut is { } end ? Browsing.InterestAfter(day - end) : Browsing.Interest(progress);
        if (!_visits.Chance(_traits.VisitRate * interest) && !(_traits.Cold && day == _traits.Joined)) return;
        var at = _shop.Moment(day, SecondOfDay(_visits));
        var product = _browsing.Look(at, progress);
        if (_droppedOut is not null || !_experiences.Chance(Browsing.QuestionChance(progress, _orders > 0))) return;
        if (_experiences.Chance(Experience.RestocksAfterAsking(_traits.Visitor))) _state.Intend(Intent.Restock, day);
        Chat(_experiences.Chance(0.6) ? ChatReason.Product : ChatReason.Price, product, 0, day, at + Browsing.QuestionAfter);
    }

    private void Contact(Campaign campaign, int day)
    {
        // Drawn for everyone, so that who is chosen doesn't hang on who has ordered by now.
        var chosen = _contacts.Chance(Campaign.ReachedShare);
        var heldOut = _contacts.Chance(Campaign.ControlShare);
        var answers = _contacts.Uniform();
        var at = _shop.Moment(day, 9 * 3600 + _contacts.Below(2 * 3600));
        var delay = (int)(20 * 3600 * _contacts.Exponential());
        if (!chosen || _orders == 0) return;

        var effect = campaign.Strength * _traits.Response;
        _sentTruth.Add(new ContactTruth(campaign.Id, effect, ChanceOfOrder(day, 0), ChanceOfOrder(day, effect)));
        DateTime? responded = null;
        if (!heldOut)
        {
            _state.Contact(effect, day);
            var chanceOfAnswer = _droppedOut is null ? Campaign.AnswerChance(_traits.Response, _state.Loyalty, _clock.Progress) : Campaign.AnswerChanceAfter;
            if (answers < chanceOfAnswer && at.AddSeconds(delay) < _shop.End) responded = at.AddSeconds(delay);
            if (responded is { } click) Respond(campaign, click, day);
        }
        _sent.Add(new CampaignContact(_id, campaign.Id, at, heldOut ? "control" : campaign.Treatment, campaign.Channel,
            new Money(heldOut ? 0 : campaign.Cost, _shop.Options.Process.Currency), responded));
    }

    private void Respond(Campaign campaign, DateTime click, int day)
    {
        if (campaign.Treatment == "coupon10") _couponUntil = day + _shop.Options.Process.CampaignDays;
        if (_traits.VisitRate > 0) _browsing.Look(click, progress: 0.5);
    }

    // Exact given the state and the time since the last order, with the gap to come unknown; orders still on their way are left out of it.
    private double ChanceOfOrder(int day, double effect)
    {
        if (_droppedOut is not null) return 0;
        var future = _state;
        future.Contact(effect, day);
        double clock = _clock.Elapsed, waiting = 1;                  // waiting: alive, and nothing ordered yet
        var survival = OrderClock.Survival(_traits.Regularity, clock);
        var bought = 0.0;
        for (var ahead = day + 1; ahead <= day + _shop.Options.Process.CampaignDays; ahead++)
        {
            future.PassDay();
            waiting *= PortableMath.Exp(-_traits.Hazard * future.HazardFactor(ahead));
            clock += _traits.Rate * _shop.SeasonOn(ahead) * future.RateFactor(ahead);
            var next = OrderClock.Survival(_traits.Regularity, clock);
            var buys = survival > 0 ? waiting * (1 - next / survival) : 0;
            (bought, waiting, survival) = (bought + buys, waiting - buys, next);
        }
        return bought;
    }

    private Purchase Line(FormattableString order, DateTime at, BasketLine line, int quantity, bool isReturn) => new(
        _id, order.ToString(CultureInfo.InvariantCulture), at, line.Product.Id, line.Product.Name.In(_traits.Voice.Mother), line.Product.Category,
        quantity, line.UnitPrice, _shop.Options.Process.Currency, isReturn);

    private static TextTruth TruthOf(string kind, DateTime at, Feeling feeling, Told told)
    {
        static string Name(Intent intent) => intent switch { Intent.Restock => "restock", Intent.Leave => "leave", _ => "open" };
        return new(kind, at, feeling.Mood, feeling.Loyalty, Name(feeling.Intent), told.Mood, told.Loyalty, told.Intent is { } intent ? Name(intent) : "");
    }

    private string LanguageCode() => _traits.Voice.OtherShare > 0 ? "mixed" : _traits.Voice.Mother == Language.Chinese ? "zh" : "en";

    // Between 7 in the morning and shortly before midnight.
    private int SecondOfDay(RandomStream chance) =>
        (int)(3600 * Math.Clamp(_traits.Hour + 1.8 * chance.Normal(), 7, 22.9)) + chance.Below(3600);
}
