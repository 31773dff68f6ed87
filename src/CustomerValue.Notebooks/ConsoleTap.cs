using System.Text;

namespace CustomerValue.Notebooks;

/// <summary>Hands what cells write to the console to their outputs; what other code of the process writes goes where it went before.</summary>
internal sealed class ConsoleTap : TextWriter
{
    private static readonly Lock s_gate = new();
    private static bool s_installed;

    private readonly string _name;
    private readonly TextWriter _before;

    private ConsoleTap(string name, TextWriter before) => (_name, _before) = (name, before);

    public override Encoding Encoding => Encoding.UTF8;

    public static void Install()
    {
        lock (s_gate)
        {
            if (s_installed) return;
            s_installed = true;
            Console.SetOut(new ConsoleTap("stdout", Console.Out));
            Console.SetError(new ConsoleTap("stderr", Console.Error));
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        if (RunningCell.Current is { } cell) cell.Output.Stream(_name, value);
        else _before.Write(value);
    }

    public override void WriteLine() => Write("\n");

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Flush() => _before.Flush();
}
