using System.Text;
using CustomerValue.Simulation.Chance;

namespace CustomerValue.Simulation.Texts;

/// <summary>Slips of the pen: letters swapped, dropped or doubled inside English words of five letters and more; in Chinese a character of the same sound, or a particle left out.
/// Negations of a syllable are spared, so that what is meant stays readable.</summary>
internal static class Slips
{
    private const string Sounds = "的得 得的 在再 再在 做作 作做 那哪 已以 到道 就旧 是事 用拥 现线 觉绝 价家 理里 直值 包报 谢榭 发法 真针 次词 和合";
    private const string Particles = "的了就也都很吧呢";
    private const int ShortestWord = 5;

    private static readonly Dictionary<char, char> s_sounds = Sounds.Split(' ').ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>The text with slips.</summary>
    /// <param name="text">What was meant.</param>
    /// <param name="share">Slips a word, or a tenth as many a Chinese character.</param>
    /// <param name="chance">Where they are.</param>
    public static string Into(StringBuilder text, double share, RandomStream chance)
    {
        var written = new StringBuilder(text.Length + 8);
        for (var at = 0; at < text.Length;)
        {
            var character = text[at];
            if (!char.IsAsciiLetter(character))
            {
                if (character < 0x80 || !chance.Chance(share / 3)) written.Append(character);
                else if (s_sounds.TryGetValue(character, out var alike)) written.Append(alike);
                else if (!Particles.Contains(character, StringComparison.Ordinal)) written.Append(character);
                at++;
                continue;
            }
            var end = at;
            while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
            written.Append(text, at, end - at);
            if (end - at >= ShortestWord && chance.Chance(share)) Slip(written, written.Length - (end - at) + 1 + chance.Below(end - at - 2), chance);
            at = end;
        }
        return written.ToString();
    }

    private static void Slip(StringBuilder text, int place, RandomStream chance)
    {
        switch (chance.Below(3))
        {
            case 0: (text[place], text[place + 1]) = (text[place + 1], text[place]); break;
            case 1: text.Remove(place, 1); break;
            default: text.Insert(place, text[place]); break;
        }
    }
}
