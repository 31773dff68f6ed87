namespace CustomerValue.DuckDb;

/// <summary>What a warehouse may use of the machine.</summary>
public sealed record WarehouseOptions
{
    /// <summary>Threads of a load, from 1 to 64. The result doesn't depend on it.</summary>
    public int Threads { get; init => field = Check.Within(value, 1, 64); } = Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>Memory that DuckDB may use before it goes to disk, such as 512MB or 4GB. More brings no speed where the system keeps what was just written in memory anyway.</summary>
    public string Memory
    {
        get;
        init => field = System.Text.RegularExpressions.Regex.IsMatch(value, @"^[0-9]+(\.[0-9]+)? ?[KMGT]i?B$") ? value
            : throw new ArgumentException($"Memory is '{value}'; write a number with its unit, such as 512MB or 4GB.");
    } = "128MB";

    /// <summary>Partitions of a new warehouse, from 1 to 256; a customer's records of every kind lie in one of them. Fixed when the warehouse is made.</summary>
    public int Partitions { get; init => field = Check.Within(value, 1, 256); } = 16;
}
