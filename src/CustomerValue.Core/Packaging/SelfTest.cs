using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Packaging;

/// <summary>Rows with the scores that the models must give for them, asked at every load; <c>selftest.json</c>.</summary>
/// <remarks>Every value is a quantile of its column over the training rows, so a row is nobody's. Columns of one feature set rise together within a row, as the
/// quantities in it hang together (a customer can't have bought last before having bought first); between sets the quantiles differ in half of the rows.</remarks>
/// <param name="Model">SHA-256 of the models and columns that it was made for.</param>
/// <param name="Tolerance">How far a score may be off, relative to its size above 1: other processors round otherwise in the last digits.</param>
/// <param name="Columns">[columns]: names, in the order of the values.</param>
/// <param name="Rows">The rows.</param>
public sealed record SelfTest(string Model, double Tolerance, IReadOnlyList<string> Columns, IReadOnlyList<SelfTestRow> Rows)
{
    internal const int Count = 20, Levels = 10;
    internal const double Accuracy = 1e-9, Most = 1e-4;

    /// <summary>The rows as a table.</summary>
    /// <exception cref="PackageException">They don't fit the columns.</exception>
    internal FeatureTable Table(IReadOnlyList<FeatureInfo> catalogue, DateOnly cutoff)
    {
        if (Rows.Count != Count || !Columns.SequenceEqual(catalogue.Select(f => f.Name)) || Rows.Any(r => r.Values.Count != Columns.Count || r.Values.Any(v => !double.IsFinite(v))))
            throw new PackageException($"{PackageManifest.SelfTest} doesn't hold {Count} rows of finite values for the {catalogue.Count} columns of {PackageManifest.Features}. {PackageException.Damaged}");
        return new(cutoff, [.. Rows.Select((_, r) => r.ToString("00", CultureInfo.InvariantCulture))], catalogue, [.. Columns.Select((_, c) => Rows.Select(r => r.Values[c]).ToArray())]) { Records = new MadeRecords() };
    }

    /// <summary>Refuses scores that aren't the expected ones.</summary>
    /// <param name="value">[rows]: of value.</param>
    /// <param name="churn">[rows]: of churn.</param>
    /// <param name="most">How far they may be off at most, whatever the file says.</param>
    internal void Require(double[]? value, double[]? churn, double most)
    {
        if (!(Tolerance >= 0 && Tolerance <= most)) throw new PackageException(string.Create(CultureInfo.InvariantCulture, $"{PackageManifest.SelfTest} allows scores to be {Tolerance} off; at most {most} is expected. {PackageException.Damaged}"));
        for (var row = 0; row < Rows.Count; row++)
        {
            One("value", Rows[row].Value, value?[row]);
            One("churn", Rows[row].Churn, churn?[row]);

            void One(string answer, double? expected, double? found)
            {
                if (expected is null && found is null) return;
                if (expected is { } e && found is { } f && Math.Abs(f - e) <= Tolerance * Math.Max(1, Math.Abs(e))) return;
                throw new PackageException(string.Create(CultureInfo.InvariantCulture,
                    $"Self-test row {row + 1}: the model's {answer} is {found?.ToString("R", CultureInfo.InvariantCulture) ?? "nothing"}, where {expected?.ToString("R", CultureInfo.InvariantCulture) ?? "nothing"} is expected. It wouldn't score as it did when it was made. {PackageException.Damaged}"));
            }
        }
    }

    /// <summary>Rows made of quantiles.</summary>
    /// <param name="catalogue">The columns.</param>
    /// <param name="training">Tables of training rows.</param>
    /// <param name="cutoff">The rows' cutoff.</param>
    /// <param name="together">All columns of a row rise together, between sets too: for models that refuse other mixtures.</param>
    internal static FeatureTable Make(IReadOnlyList<FeatureInfo> catalogue, IReadOnlyList<FeatureTable> training, DateOnly cutoff, bool together = false)
    {
        double[][] sorted = [.. catalogue.Select(f => Sorted(training, f.Name))];
        string[] sets = [.. catalogue.Select(f => f.Set).Distinct(StringComparer.Ordinal)];
        int[] set = [.. catalogue.Select(f => Array.IndexOf(sets, f.Set))];
        var somebodys = new HashSet<long>(training.SelectMany(t => Keys(t, catalogue)));
        var columns = catalogue.Select(_ => new double[Count]).ToArray();
        for (var row = 0; row < Count; row++)
            for (var shift = 0; shift < Levels; shift++)
            {
                for (var c = 0; c < columns.Length; c++)
                {
                    var level = row < Levels || together ? row % Levels : (7 * row + 3 * set[c]) % Levels;
                    columns[c][row] = Quantile(sorted[c], (level + (row < Levels ? 0.5 : 0.25)) / Levels + shift * 0.002);
                }
                if (!somebodys.Contains(Key(columns, row))) break;         // made of few columns, a row may happen to be a customer's; the next is tried
            }
        return new(cutoff, [.. Enumerable.Range(0, Count).Select(r => r.ToString("00", CultureInfo.InvariantCulture))], catalogue, columns) { Records = new MadeRecords() };
    }

    internal static double[] Sorted(IReadOnlyList<FeatureTable> tables, string column)
    {
        double[] all = [.. tables.SelectMany(t => t[column])];
        Array.Sort(all);
        return all;
    }

    // A value that occurred, so that counts stay whole and flags stay flags; the same place in every column keeps the order between columns.
    internal static double Quantile(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    private static IEnumerable<long> Keys(FeatureTable table, IReadOnlyList<FeatureInfo> catalogue)
    {
        double[][] columns = [.. catalogue.Select(f => table[f.Name])];
        return Enumerable.Range(0, table.Rows).Select(row => Key(columns, row));
    }

    private static long Key(double[][] columns, int row)
    {
        var key = 17L;
        foreach (var column in columns) key = unchecked(key * 6364136223846793005L + BitConverter.DoubleToInt64Bits(column[row]) * 1442695040888963407L + 1);
        return key;
    }
}

/// <summary>One row of a self-test.</summary>
/// <param name="Values">[columns]</param>
/// <param name="Value">Expected spend over the horizon; null where the package doesn't answer value.</param>
/// <param name="Churn">Probability of no order; null where the package doesn't answer churn.</param>
public sealed record SelfTestRow(IReadOnlyList<double> Values, double? Value, double? Churn);
