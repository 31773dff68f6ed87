namespace CustomerValue.Cli;

/// <summary>Shows how far a command has come, while other text is written to the same screen. Reports may come from any thread and cost next to nothing.</summary>
internal interface IProgressDisplay : IProgress<StageProgress>, IDisposable
{
    /// <summary>Writes other text where the display stands: nothing of the display is on the screen meanwhile.</summary>
    void Quietly(Action write);
}
