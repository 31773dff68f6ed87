namespace CustomerValue.Models.Btyd;

/// <summary>Coordinates to search in: logarithms of a parameter, or of its ratio to an earlier one, each within bounds.</summary>
/// <remarks>Where customers hardly differ, the likelihood has a ridge along which shape and rate of a distribution grow together, their ratio, the mean, staying
/// put. Searching the ratio instead of the rate lays the ridge along one coordinate, and damped steps run along it instead of creeping.</remarks>
/// <param name="Names">[P]: the paper's symbols.</param>
/// <param name="RatioTo">[P]: index of the parameter that this one is divided by, which must not be a ratio itself; -1 for none.</param>
/// <param name="Lowest">[P]: least value of each parameter or ratio.</param>
/// <param name="Highest">[P]: largest.</param>
internal sealed record ParameterSpace(string[] Names, int[] RatioTo, double[] Lowest, double[] Highest)
{
    /// <summary>Number of parameters.</summary>
    public int Size => Names.Length;

    /// <summary>[P]: coordinates of parameters, moved within the bounds.</summary>
    public double[] Coordinates(double[] parameters) =>
        [.. Names.Select((_, i) => Math.Clamp(
            Math.Log(RatioTo[i] < 0 ? parameters[i] : parameters[i] / parameters[RatioTo[i]]), Math.Log(Lowest[i]), Math.Log(Highest[i])))];

    /// <summary>[P]: parameters at coordinates.</summary>
    public double[] Parameters(double[] coordinates) =>
        [.. Names.Select((_, i) => Math.Exp(RatioTo[i] < 0 ? coordinates[i] : coordinates[i] + coordinates[RatioTo[i]]))];

    /// <summary>How much the logarithm of parameter <paramref name="i"/> moves with coordinate <paramref name="j"/>: 1 or 0.</summary>
    public double Moves(int i, int j) => i == j || RatioTo[i] == j ? 1 : 0;

    /// <summary>Whether a coordinate stands at its lower bound.</summary>
    public bool AtLowest(double[] coordinates, int i) => coordinates[i] <= Math.Log(Lowest[i]);

    /// <summary>Whether a coordinate stands at its upper bound.</summary>
    public bool AtHighest(double[] coordinates, int i) => coordinates[i] >= Math.Log(Highest[i]);

    /// <summary>Moves a coordinate within its bounds.</summary>
    public double Inside(double coordinate, int i) => Math.Clamp(coordinate, Math.Log(Lowest[i]), Math.Log(Highest[i]));
}
