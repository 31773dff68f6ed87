namespace CustomerValue.Charts;

/// <summary>How a role looks, the same in every chart. Colours are Okabe and Ito's, which colour-blind readers tell apart, and no two roles of a chart differ by colour alone.</summary>
/// <param name="Color">Of lines and marks, as #rrggbb.</param>
/// <param name="Width">Of lines, in pixels.</param>
/// <param name="Dashes">Lengths of dash and gap, in pixels; empty for an unbroken line.</param>
/// <param name="Mark">Form of its marks.</param>
internal sealed record Look(string Color, double Width, string Dashes, MarkForm Mark)
{
    public const string Ink = "#1f2933", Faint = "#52606d", Grid = "#e4e7eb", Paper = "#ffffff";

    public static Look Of(Role role) => role switch
    {
        Role.Winner => new("#0072b2", 2.5, "", MarkForm.Disc),
        Role.Baseline => new("#d55e00", 2, "7 4", MarkForm.Square),
        Role.Other => new("#9aa5b1", 1, "", MarkForm.Disc),
        Role.Perfect => new("#009e73", 1.5, "2 3", MarkForm.Disc),
        Role.Chance => new("#52606d", 1.5, "9 3 2 3", MarkForm.Disc),
        Role.Better => new("#009e73", 2, "", MarkForm.Diamond),
        Role.Worse => new("#d55e00", 2, "", MarkForm.Square),
        Role.Level => new("#52606d", 2, "", MarkForm.Ring),
        Role.Observed => new(Ink, 2, "", MarkForm.Disc),
        Role.Group1 => new("#0072b2", 2, "", MarkForm.Disc),
        Role.Group2 => new("#d55e00", 2, "7 4", MarkForm.Square),
        Role.Group3 => new("#009e73", 2, "2 3", MarkForm.Diamond),
        Role.Group4 => new("#cc79a7", 2, "9 3 2 3", MarkForm.Up),
        Role.Group5 => new("#e69f00", 2, "5 2", MarkForm.Down),
        Role.Group6 => new("#56b4e9", 2, "1 2", MarkForm.Ring),
        Role.Group7 => new("#1f2933", 2, "12 3", MarkForm.Cross),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "No look is known for this role."),
    };
}

/// <summary>Form of a mark.</summary>
internal enum MarkForm { Disc, Ring, Square, Diamond, Up, Down, Cross }
