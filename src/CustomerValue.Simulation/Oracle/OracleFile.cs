using System.Globalization;
using System.Text;

namespace CustomerValue.Simulation.Oracle;

/// <summary>The oracle's answers as a file of the truth.</summary>
public static class OracleFile
{
    /// <summary>Its name.</summary>
    public const string Name = "expectations.csv";

    private const string Header = "customer_id,cutoff,horizon_days,orders,texts,bought,spent,"
        + "history_buys,history_spend,history_buys_error,history_spend_error,read_buys,read_spend,read_buys_error,read_spend_error,all_buys,all_spend,all_buys_error,all_spend_error";

    /// <summary>Writes the answers into the folder of the truth; the file appears once it is whole.</summary>
    /// <param name="truthFolder">The folder; made where it isn't there.</param>
    /// <param name="answers">The answers.</param>
    /// <returns>The file.</returns>
    public static SimulatedFile Write(string truthFolder, IReadOnlyList<OracleAnswer> answers)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var a in answers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{a.CustomerId},{a.Cutoff:yyyy-MM-dd},{a.HorizonDays},{a.Orders},{a.Texts},{(a.Bought ? "true" : "false")},{a.Spent:0.00}");
            foreach (var e in (Expectation[])[a.History, a.Read, a.Everything]) text.Append(CultureInfo.InvariantCulture, $",{e.Buys:0.00000},{e.Spend:0.000},{e.BuysError:0.00000},{e.SpendError:0.000}");
            text.Append('\n');
        }
        Directory.CreateDirectory(truthFolder);
        var path = Path.Combine(truthFolder, Name);
        File.WriteAllText(path + ".partial", text.ToString());
        File.Move(path + ".partial", path, overwrite: true);
        return new(Name, answers.Count, new FileInfo(path).Length);
    }
}
