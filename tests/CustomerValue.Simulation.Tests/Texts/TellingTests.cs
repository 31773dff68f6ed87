using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Tests.Simulation.Texts;

/// <summary>That what texts are said to tell is what their writers tell.</summary>
public class TellingTests
{
    private static readonly Product s_pen = ProductCatalogue.Shop.Products[0];

    [Theory, InlineData(-1.4, -2), InlineData(-0.5, -1), InlineData(-0.3, 0), InlineData(0, 0), InlineData(0.31, 1), InlineData(1, 1), InlineData(1.01, 2)]
    public void Feelings_have_five_steps(double x, int step) => Assert.Equal(step, Telling.Step(x));

    [Theory, InlineData(0.6, -1.2, false, 1), InlineData(-0.2, 0.1, true, 1), InlineData(1.3, 0.4, false, 0), InlineData(-0.8, 0.9, true, 3)]
    public void Texts_tell_as_often_as_is_reckoned(double mood, double loyalty, bool isChat, double noise)
    {
        var (felt, chance) = (new Feeling(mood, loyalty, Intent.Restock, 0.2), new RandomStream(3, 1, Purpose.Texts));
        const int Texts = 20_000;
        var counts = new Dictionary<Told, int>();
        for (var i = 0; i < Texts; i++)
        {
            var (said, taken) = (new Said(), Blur.Draw(noise, chance).Over(felt));
            if (isChat) ChatWriter.Write(ChatReason.Price, taken, solved: true, new(Language.English, 0, 0, 0.5), s_pen, chance, said);
            else ReviewWriter.Write(taken, new(Language.Chinese, 0, 0, 0.5), s_pen, chance, said);
            counts[said.Told] = counts.GetValueOrDefault(said.Told) + 1;
        }
        int?[] steps = [null, -2, -1, 0, 1, 2];
        Intent?[] intents = [null, Intent.Open, Intent.Restock, Intent.Leave];
        var (all, far) = (0.0, 0.0);
        foreach (var told in from m in steps from l in steps from j in intents select new Told(m, l, j))
        {
            var expected = Telling.Chance(told, felt, isChat, noise);
            all += expected;
            far = Math.Max(far, Math.Abs(counts.GetValueOrDefault(told) - Texts * expected) / Math.Sqrt(Texts * expected * (1 - expected) + 4));
        }
        Assert.Equal(1, all, 1e-6);
        Assert.InRange(far, 0, 4.5);
    }

    [Fact]
    public void What_is_told_is_what_a_careful_reader_finds()
    {
        var chance = new RandomStream(4, 1, Purpose.Texts);
        for (var i = 0; i < 2_000; i++)
        {
            var said = new Said();
            ReviewWriter.Write(new(chance.Normal(), chance.Normal(), (Intent)chance.Below(3), chance.Normal()), new(Language.English, 0, 0, 1), s_pen, chance, said);
            Assert.Equal((Math.Sign(said.Told.Mood ?? 0), Math.Sign(said.Told.Loyalty ?? 0), said.Told.Intent), (said.Mood, said.Loyalty, said.Intent));
        }
    }
}
