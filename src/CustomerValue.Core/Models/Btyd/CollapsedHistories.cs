using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Histories with equal (x, t_x, T) made one row with a weight, laid out for vectors: rows without a repeat purchase first, each of the two parts
/// filled up to whole vectors with rows of weight 0.</summary>
internal sealed class CollapsedHistories
{
    /// <summary>Rows a vector holds; both parts are a multiple of it.</summary>
    public const int Lanes = 8;

    private CollapsedHistories(double[] frequency, double[] recency, double[] age, double[] weight, int once, int customers, int distinct)
    {
        (Frequency, Recency, Age, Weight, Once, Customers, Distinct) = (frequency, recency, age, weight, once, customers, distinct);
        Beyond = Survivors(frequency, weight);
    }

    /// <summary>[rows]: x.</summary>
    public double[] Frequency { get; }

    /// <summary>[rows]: t_x, in weeks.</summary>
    public double[] Recency { get; }

    /// <summary>[rows]: T, in weeks.</summary>
    public double[] Age { get; }

    /// <summary>[rows]: customers with that history; 0 on rows that only fill a vector.</summary>
    public double[] Weight { get; }

    /// <summary>Rows at the front whose customers bought once (x = 0).</summary>
    public int Once { get; }

    /// <summary>Customers in all.</summary>
    public int Customers { get; }

    /// <summary>Distinct histories.</summary>
    public int Distinct { get; }

    /// <summary>[max x + 1]: customers with more than j repeat purchases. Sums over customers of ln (r)_x become sums over j of ln(r + j) times these.</summary>
    public double[] Beyond { get; }

    /// <summary>Collapses equal rows; the order of first appearance is kept, so equal data give equal sums.</summary>
    public static CollapsedHistories Of(PurchaseHistories histories)
    {
        var (x, recency, age) = (histories.Frequency, histories.Recency, histories.Age);
        var slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * histories.Count))];    // 1 + index of the distinct row
        var first = new int[histories.Count];
        var weight = new double[histories.Count];
        int distinct = 0, once = 0;
        for (var row = 0; row < histories.Count; row++)
        {
            var slot = Hash(x[row], recency[row], age[row]) & (slots.Length - 1);
            while (true)
            {
                var at = slots[slot] - 1;
                if (at < 0)
                {
                    first[distinct] = row;
                    weight[distinct] = 1;
                    slots[slot] = ++distinct;
                    if (x[row] == 0) once++;
                    break;
                }
                var seen = first[at];
                if (x[seen] == x[row] && recency[seen] == recency[row] && age[seen] == age[row]) { weight[at]++; break; }
                slot = (slot + 1) & (slots.Length - 1);
            }
        }
        return Layout(distinct, once, histories.Count, i => (x[first[i]], recency[first[i]], age[first[i]], weight[i]));
    }

    /// <summary>Every <paramref name="step"/>-th row, with its weight.</summary>
    public CollapsedHistories Every(int step)
    {
        var kept = Enumerable.Range(0, Weight.Length).Where(i => Weight[i] > 0).Where((_, rank) => rank % step == 0).ToArray();
        var customers = kept.Sum(i => (int)Weight[i]);
        return Layout(kept.Length, kept.Count(i => Frequency[i] == 0), customers, i => (Frequency[kept[i]], Recency[kept[i]], Age[kept[i]], Weight[kept[i]]));
    }

    private static CollapsedHistories Layout(int distinct, int once, int customers, Func<int, (double X, double Recency, double Age, double Weight)> row)
    {
        var front = Whole(once);
        var size = front + Whole(distinct - once);
        var (x, recency, age, weight) = (new double[size], new double[size], new double[size], new double[size]);
        // Rows that only fill a vector still pass through the formulas: give them a history that none of them minds.
        Array.Fill(age, 1);
        Array.Fill(x, 1, front, size - front);
        var (zero, repeat) = (0, front);
        for (var i = 0; i < distinct; i++)
        {
            var from = row(i);
            var to = from.X == 0 ? zero++ : repeat++;
            (x[to], recency[to], age[to], weight[to]) = from;
        }
        return new(x, recency, age, weight, front, customers, distinct);
    }

    private static double[] Survivors(double[] frequency, double[] weight)
    {
        var beyond = new double[frequency.Length == 0 ? 1 : (int)frequency.Max() + 1];
        for (var i = 0; i < frequency.Length; i++) if (frequency[i] > 0) beyond[(int)frequency[i] - 1] += weight[i];
        for (var j = beyond.Length - 2; j >= 0; j--) beyond[j] += beyond[j + 1];
        return beyond;
    }

    private static int Whole(int rows) => (rows + Lanes - 1) / Lanes * Lanes;

    private static int Hash(double x, double recency, double age)
    {
        var mixed = BitConverter.DoubleToUInt64Bits(x) * 0x9E3779B97F4A7C15 ^ BitConverter.DoubleToUInt64Bits(recency);
        mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9 ^ BitConverter.DoubleToUInt64Bits(age);
        mixed = (mixed ^ (mixed >> 32)) * 0x94D049BB133111EB;
        return (int)(mixed >> 33);
    }
}
