using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Texts;

/// <summary>Why a customer opens a service chat.</summary>
internal enum ChatReason
{
    Where, Fault, Return, Product, Price, Account,
}

/// <summary>One turn of a chat before it has a time.</summary>
/// <param name="ByCustomer">Whether the customer speaks; else the agent does.</param>
/// <param name="Text">What is said.</param>
/// <param name="WaitSeconds">Seconds since the turn before.</param>
internal readonly record struct ChatLine(bool ByCustomer, string Text, int WaitSeconds);

/// <summary>Writes service chats of two to five turns in the customer's language.</summary>
internal static class ChatWriter
{
    private const double AsksMoreShare = 0.2;

    /// <summary>The turns of a chat, in order.</summary>
    /// <param name="reason">What it is about.</param>
    /// <param name="feeling">How the customer takes themselves to feel once they know whether it was solved.</param>
    /// <param name="solved">Whether the agent solves it.</param>
    /// <param name="voice">How the customer writes.</param>
    /// <param name="product">What it is about.</param>
    /// <param name="chance">Where the choices come from.</param>
    /// <param name="said">Notes what the customer says; null where nobody asks.</param>
    public static IReadOnlyList<ChatLine> Write(
        ChatReason reason, Feeling feeling, bool solved, Voice voice, Product product, RandomStream chance, Said? said = null)
    {
        var agent = voice with { OtherShare = 0, SlipShare = 0 };
        var lines = new List<ChatLine>(6);
        if (said is not null) said.Reason = reason;

        var ask = new Composition(voice, product, chance, said);
        if (chance.Chance(0.5)) ask.Say("hello");
        ask.Say(Symbol(reason));
        if (chance.Chance(0.3)) ask.Say("detail");
        if (chance.Chance(AsksMoreShare)) ask.Say("also").Say(Symbol((ChatReason)chance.Below(6)));
        lines.Add(new ChatLine(true, ask.Close(), 0));

        if (chance.Chance(0.6))
        {
            var reply = new Composition(agent, product, chance);
            if (chance.Chance(0.5)) reply.Say("agent.hello");
            lines.Add(new ChatLine(false, reply.Say("agent.check").Close(), Wait(chance, 90)));
            lines.Add(new ChatLine(true, new Composition(voice, product, chance, said).Say("detail").Close(), Wait(chance, 40)));
        }

        lines.Add(new ChatLine(false, new Composition(agent, product, chance).Say(Topic.Agent, solved ? 1 : -1).Close(), Wait(chance, 150)));
        if (!chance.Chance(Telling.UnclosedShare))
        {
            var close = new Composition(voice, product, chance, said);
            if (chance.Chance(0.4)) close.Say("thanks");
            close.Say(Topic.Outcome, solved ? 1 : -1);
            ReviewWriter.Tell(close, feeling, chance, said);
            lines.Add(new ChatLine(true, close.Close(ReviewWriter.Emoji(feeling, voice, chance)), Wait(chance, 45)));
        }
        return lines;
    }

    /// <summary>The symbol of what a chat asks.</summary>
    public static string Symbol(ChatReason reason) => reason switch
    {
        ChatReason.Where => "ask.where",
        ChatReason.Fault => "ask.fault",
        ChatReason.Return => "ask.return",
        ChatReason.Product => "ask.product",
        ChatReason.Price => "ask.price",
        _ => "ask.account",
    };

    private static int Wait(RandomStream chance, int meanSeconds) => 5 + (int)(meanSeconds * chance.Exponential());
}
