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

    /// <summary>Reads the answers of a folder of the truth.</summary>
    /// <exception cref="FileNotFoundException">There are none.</exception>
    /// <exception cref="InvalidDataException">The file isn't what <see cref="Write"/> writes; the message says where.</exception>
    public static IReadOnlyList<OracleAnswer> Read(string truthFolder)
    {
        var path = Path.Combine(truthFolder, Name);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no {path}. 'customervalue simulate --truth {truthFolder} --oracle DATE' writes it.", path);
        var answers = new List<OracleAnswer>();
        foreach (var line in File.ReadLines(path))
        {
            if (answers.Count == 0 && line == Header) continue;
            var f = line.Split(',');
            try
            {
                double Number(int at) => double.Parse(f[at], CultureInfo.InvariantCulture);
                Expectation Known(int at) => new(Number(at), Number(at + 1), Number(at + 2), Number(at + 3));
                answers.Add(new(f[0], DateOnly.ParseExact(f[1], "yyyy-MM-dd", CultureInfo.InvariantCulture), int.Parse(f[2], CultureInfo.InvariantCulture), int.Parse(f[3], CultureInfo.InvariantCulture),
                    int.Parse(f[4], CultureInfo.InvariantCulture), bool.Parse(f[5]), Number(6), Known(7), Known(11), Known(15)));
            }
            catch (Exception error) when (error is FormatException or IndexOutOfRangeException)
            {
                throw new InvalidDataException($"{path}, line {answers.Count + 2}: '{line}' is no answer of the oracle. Expected are the columns {Header}. Write the file anew.", error);
            }
        }
        return answers;
    }

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
