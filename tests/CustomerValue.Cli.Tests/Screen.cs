using System.Globalization;
using System.Text.RegularExpressions;

namespace CustomerValue.Cli.Tests;

/// <summary>What a person sees of text sent to a terminal: the few control codes that programs use to move and erase are obeyed, colours left out, others refused.</summary>
internal sealed partial class Screen
{
    private readonly List<List<char>> _lines = [[]];
    private int _row, _column;

    public bool CursorHidden { get; private set; }

    /// <summary>The lines, without what is blank at their ends.</summary>
    public string[] Lines => [.. _lines.Select(line => new string([.. line]).TrimEnd()).Reverse().SkipWhile(line => line.Length == 0).Reverse()];

    public static Screen After(string output)
    {
        var screen = new Screen();
        for (var at = 0; at < output.Length;)
        {
            if (ControlCode().Match(output, at) is { Success: true } code)
            {
                screen.Obey(code.Groups[1].Value, code.Groups[2].Value[0]);
                at += code.Length;
            }
            else screen.Put(output[at++]);
        }
        return screen;
    }

    private void Obey(string number, char code)
    {
        var times = number is "" ? 1 : int.TryParse(number, CultureInfo.InvariantCulture, out var given) ? given : 0;
        switch (code)
        {
            case 'A': _row = Math.Max(0, _row - times); break;
            case 'K' when number == "2": _lines[_row].Clear(); break;
            case 'l' when number == "?25": CursorHidden = true; break;
            case 'h' when number == "?25": CursorHidden = false; break;
            case 'm': break;
            default: throw new InvalidDataException($"The screen doesn't know the control code ESC [ {number}{code}.");
        }
    }

    private void Put(char letter)
    {
        if (letter is '\r' or '\n') _column = 0;
        if (letter == '\n' && ++_row == _lines.Count) _lines.Add([]);
        if (letter is '\r' or '\n') return;
        var line = _lines[_row];
        while (line.Count <= _column) line.Add(' ');
        line[_column++] = letter;
    }

    [GeneratedRegex(@"\G\x1b\[(\??[\d;]*)([A-Za-z])")]
    private static partial Regex ControlCode();
}
