namespace CustomerValue.Simulation;

/// <summary>What a simulation wrote.</summary>
/// <param name="Folder">Where the records are.</param>
/// <param name="TruthFolder">Where the truth is; null when it wasn't asked for.</param>
/// <param name="Customers">How many customers.</param>
/// <param name="Seed">The seed.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Files">The files of the records, then those of the truth.</param>
public sealed record SimulationReport(
    string Folder, string? TruthFolder, int Customers, long Seed, DateOnly From, DateOnly To, IReadOnlyList<SimulatedFile> Files);

/// <summary>One file written.</summary>
/// <param name="Name">File name.</param>
/// <param name="Rows">Rows below the header.</param>
/// <param name="Bytes">Size.</param>
public sealed record SimulatedFile(string Name, long Rows, long Bytes);
