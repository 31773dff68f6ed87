namespace CustomerValue.Notebooks;

/// <summary>Where what a running cell shows goes. Called from any thread.</summary>
public interface ICellOutput
{
    /// <summary>A piece of what was written to standard output or standard error.</summary>
    /// <param name="name">stdout or stderr.</param>
    /// <param name="text">The piece; not always a whole line.</param>
    void Stream(string name, string text);

    /// <summary>A value shown.</summary>
    /// <param name="value">Its forms.</param>
    /// <param name="displayId">By which it can be shown anew, in its place.</param>
    void Display(MimeBundle value, string displayId);

    /// <summary>A value takes the place of one shown before.</summary>
    void Update(MimeBundle value, string displayId);
}
