using System.Text;

namespace CustomerValue.Notebooks;

/// <summary>
/// A part of TeX as MathML: sub- and superscripts, \frac, \sqrt, \text and its kin, \left and \right, sums and products, accents, Greek letters, relations and arrows.
/// What is beyond it is shown as the text it is, set apart.
/// </summary>
internal sealed class TexMath
{
    private static readonly Dictionary<string, string> s_letters = Pairs(
        "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω infty ∞ partial ∂ nabla ∇ ell ℓ emptyset ∅ hbar ℏ");

    private static readonly Dictionary<string, string> s_operators = Pairs(
        "sum ∑ prod ∏ int ∫ cdot ⋅ times × div ÷ pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ sim ∼ equiv ≡ propto ∝ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ forall ∀ exists ∃ to → rightarrow → leftarrow ← Rightarrow ⇒ Leftrightarrow ⇔ mapsto ↦ ldots … dots … cdots ⋯ mid ∣ ll ≪ gg ≫ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ { { } } % % $ $ & & # # _ _ | ‖ star ⋆ circ ∘ neg ¬ land ∧ lor ∨ colon :");

    private static readonly Dictionary<string, string> s_accents = Pairs("hat ^ widehat ^ bar ¯ overline ¯ tilde ~ widetilde ~ vec → dot ˙");
    private static readonly Dictionary<string, string> s_variants = Pairs("mathrm normal mathbf bold mathit italic mathbb double-struck mathcal script operatorname normal boldsymbol bold-italic");
    private static readonly Dictionary<string, string> s_spaces = Pairs(", 0.17em : 0.22em ; 0.28em ! 0 quad 1em qquad 2em");
    private static readonly HashSet<string> s_fences = ["(", ")", "[", "]", "{", "}", "|", "‖", "⟨", "⟩", "⌊", "⌋", "⌈", "⌉"];
    private static readonly HashSet<string> s_functions = ["log", "ln", "exp", "max", "min", "sin", "cos", "tan", "arg", "lim", "Pr", "det", "sup", "inf", "argmax", "argmin"];

    private readonly string _tex;
    private int _at;
    private int _depth;

    private TexMath(string tex) => _tex = tex;

    /// <summary>A formula as HTML.</summary>
    /// <param name="tex">What stands between the dollars.</param>
    /// <param name="block">Whether it stands on lines of its own.</param>
    public static string ToHtml(string tex, bool block)
    {
        var text = PageText.Encode(tex.Trim());
        try
        {
            var reader = new TexMath(tex.Trim());
            var rows = reader.Row(end: null, block);
            return $"<math{(block ? " display=\"block\"" : "")}><semantics>{rows}<annotation encoding=\"application/x-tex\">{text}</annotation></semantics></math>";
        }
        catch (FormatException)
        {
            return block ? $"<div class=\"tex\">{text}</div>" : $"<span class=\"tex\">{text}</span>";
        }
    }

    private static Dictionary<string, string> Pairs(string words) => words.Split(' ').Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private string Row(string? end, bool block)
    {
        var row = new StringBuilder("<mrow>");
        while (true)
        {
            Spaces();
            if (_at == _tex.Length)
            {
                if (end is not null) throw new FormatException($"no {end}");
                break;
            }
            if (end is not null && _tex.AsSpan(_at).StartsWith(end, StringComparison.Ordinal))
            {
                _at += end.Length;
                break;
            }
            row.Append(Scripted(block));
        }
        return row.Append("</mrow>").ToString();
    }

    /// <summary>An atom with what stands below and above it.</summary>
    private string Scripted(bool block)
    {
        var start = _at;
        var atom = _tex[_at] is '_' or '^' ? "<mrow></mrow>" : Atom(block);
        var word = _tex[start.._at].Trim();
        var stacks = block && word is @"\sum" or @"\prod" or @"\lim" or @"\max" or @"\min" or @"\argmax" or @"\argmin";
        string? below = null, above = null;
        for (Spaces(); _at < _tex.Length && _tex[_at] is '_' or '^' or '\''; Spaces())
        {
            var sign = _tex[_at++];
            if (sign == '_' && below is null) below = Argument(block);
            else if (sign == '^' && above is null) above = Argument(block);
            else if (sign == '\'' && above is null) above = "<mo>′</mo>";
            else throw new FormatException("two scripts");
        }
        var (one, other, both) = stacks ? ("munder", "mover", "munderover") : ("msub", "msup", "msubsup");
        return (below, above) switch
        {
            (null, null) => atom,
            (_, null) => $"<{one}>{atom}{below}</{one}>",
            (null, _) => $"<{other}>{atom}{above}</{other}>",
            _ => $"<{both}>{atom}{below}{above}</{both}>",
        };
    }

    /// <summary>A group in braces, or one atom.</summary>
    private string Argument(bool block)
    {
        Spaces();
        if (_at == _tex.Length) throw new FormatException("an argument is missing");
        return Atom(block);
    }

    private string Atom(bool block)
    {
        if (++_depth > 50) throw new FormatException("nested too deep");
        var atom = Read(block);
        _depth--;
        return atom;
    }

    private string Read(bool block)
    {
        var sign = _tex[_at];
        if (sign == '{')
        {
            _at++;
            return Row("}", block);
        }
        if (sign == '\\') return Command(block);
        if (sign is '}' or '&' or '#' or '%' or '$' or '_' or '^') throw new FormatException($"{sign} has no place here");
        if (char.IsAsciiDigit(sign))
        {
            var start = _at;
            while (_at < _tex.Length && (char.IsAsciiDigit(_tex[_at]) || _tex[_at] is '.' && _at + 1 < _tex.Length && char.IsAsciiDigit(_tex[_at + 1]))) _at++;
            return $"<mn>{_tex[start.._at]}</mn>";
        }
        var rune = Rune.GetRuneAt(_tex, _at);
        _at += rune.Utf16SequenceLength;
        return Rune.IsLetter(rune) ? $"<mi>{rune}</mi>" : Operator(sign == '-' ? "−" : rune.ToString());
    }

    private string Command(bool block)
    {
        var name = Name();
        if (s_letters.TryGetValue(name, out var letter)) return $"<mi>{letter}</mi>";
        if (s_operators.TryGetValue(name, out var sign)) return Operator(sign);
        if (s_spaces.TryGetValue(name, out var width)) return $"<mspace width=\"{width}\"></mspace>";
        if (s_functions.Contains(name)) return $"<mi>{name}</mi>";
        if (s_accents.TryGetValue(name, out var accent)) return $"<mover accent=\"true\">{Argument(block)}<mo>{accent}</mo></mover>";
        if (s_variants.TryGetValue(name, out var variant)) return Variant(Braced(), variant);
        switch (name)
        {
            case "frac" or "tfrac" or "dfrac": return $"<mfrac>{Argument(block)}{Argument(block)}</mfrac>";
            case "binom": return $"<mrow><mo>(</mo><mfrac linethickness=\"0\">{Argument(block)}{Argument(block)}</mfrac><mo>)</mo></mrow>";
            case "sqrt":
                Spaces();
                if (_at >= _tex.Length || _tex[_at] != '[') return $"<msqrt>{Argument(block)}</msqrt>";
                _at++;
                var root = Row("]", block);
                return $"<mroot>{Argument(block)}{root}</mroot>";
            case "text" or "textit" or "textbf" or "mbox": return $"<mtext>{PageText.Encode(Braced())}</mtext>";
            case "left":
                var left = Fence();
                var inner = Row(@"\right", block);
                return $"<mrow>{left}{inner}{Fence()}</mrow>";
            default: throw new FormatException($"\\{name} isn't known");
        }
    }

    private static string Variant(string text, string variant) => variant switch
    {
        "normal" => $"<mi mathvariant=\"normal\">{PageText.Encode(text)}</mi>",
        _ when text.Length > 0 && text.All(char.IsAsciiLetter) => $"<mi>{string.Concat(text.Select(letter => Styled(letter, variant)))}</mi>",
        _ => throw new FormatException("a style of more than letters"),
    };

    /// <summary>Browsers take the sign itself, and no attribute for it.</summary>
    private static string Styled(char letter, string variant) => (variant, letter) switch
    {
        ("double-struck", 'C') => "ℂ", ("double-struck", 'H') => "ℍ", ("double-struck", 'N') => "ℕ", ("double-struck", 'P') => "ℙ", ("double-struck", 'Q') => "ℚ", ("double-struck", 'R') => "ℝ", ("double-struck", 'Z') => "ℤ",
        ("script", 'B') => "ℬ", ("script", 'E') => "ℰ", ("script", 'F') => "ℱ", ("script", 'H') => "ℋ", ("script", 'I') => "ℐ", ("script", 'L') => "ℒ", ("script", 'M') => "ℳ", ("script", 'R') => "ℛ",
        ("script", 'e') => "ℯ", ("script", 'g') => "ℊ", ("script", 'o') => "ℴ", ("italic", 'h') => "ℎ",
        _ => char.ConvertFromUtf32(variant switch { "bold" => 0x1D400, "italic" => 0x1D434, "bold-italic" => 0x1D468, "script" => 0x1D49C, _ => 0x1D538 } + (char.IsUpper(letter) ? letter - 'A' : letter - 'a' + 26)),
    };

    /// <summary>A sign between or around others; only \left and \right make fences as high as what they hold.</summary>
    private static string Operator(string sign, bool isFence = false) => $"<mo{(!isFence && s_fences.Contains(sign) ? " stretchy=\"false\"" : "")}>{PageText.Encode(sign)}</mo>";

    private string Fence()
    {
        Spaces();
        if (_at == _tex.Length) throw new FormatException("a fence is missing");
        if (_tex[_at] != '\\') return _tex[_at++] is '.' ? "" : Operator(_tex[_at - 1].ToString(), isFence: true);
        return s_operators.TryGetValue(Name(), out var sign) ? Operator(sign, isFence: true) : throw new FormatException("no fence");
    }

    /// <summary>What stands in braces, as it is.</summary>
    private string Braced()
    {
        Spaces();
        var end = _tex.IndexOf('}', _at);
        if (_at == _tex.Length || _tex[_at] != '{' || end < 0) throw new FormatException("no braces");
        var text = _tex[(_at + 1)..end];
        if (text.IndexOfAny(['{', '\\', '$']) >= 0) throw new FormatException("more than text");
        _at = end + 1;
        return text;
    }

    private string Name()
    {
        var start = ++_at;
        while (_at < _tex.Length && char.IsAsciiLetter(_tex[_at])) _at++;
        if (_at == start && _at < _tex.Length) _at++;
        return _tex[start.._at];
    }

    private void Spaces()
    {
        while (_at < _tex.Length && (char.IsWhiteSpace(_tex[_at]) || _tex[_at] == '~')) _at++;
    }
}
