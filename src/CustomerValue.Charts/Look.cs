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
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "No look is known for this role."),
    };
}

/// <summary>Form of a mark.</summary>
internal enum MarkForm { Disc, Ring, Square, Diamond }
