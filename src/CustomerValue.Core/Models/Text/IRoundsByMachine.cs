namespace CustomerValue.Models.Text;

/// <summary>A fitted candidate whose answers differ between processors by more than the last digits, as sums of 32-bit floats do that a native library orders to suit the processor.</summary>
public interface IRoundsByMachine
{
    /// <summary>How far a probability may be off on another machine.</summary>
    double Tolerance { get; }
}
