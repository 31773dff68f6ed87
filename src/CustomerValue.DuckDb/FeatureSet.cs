using System.Security.Cryptography;
using System.Text;
using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>A feature set with the relations it stands on.</summary>
/// <param name="File">The set's own file.</param>
/// <param name="Stages">The files that make its inputs, each after those that it reads itself.</param>
internal sealed record FeatureSet(SqlFile File, IReadOnlyList<SqlFile> Stages)
{
    /// <summary>The relation of customers and their cutoffs, which every set stands on.</summary>
    public const string Population = "population";

    /// <summary>The relation that no unit can make, as it looks at all of them.</summary>
    public const string Shop = "shop";

    /// <summary>The set's name.</summary>
    public string Name => File.Name;

    /// <summary>Its features, in column order.</summary>
    public IReadOnlyList<FeatureInfo> Columns => File.Columns;

    /// <summary>A hash of every statement that its values depend on.</summary>
    public string Fingerprint { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [.. Stages.Select(s => s.Text), File.Text]))))[..12];

    /// <summary>The set as it lies on disk.</summary>
    public FeaturePart Part => new(Name, Fingerprint, Columns);

    /// <summary>Reads a set and all that it stands on, for the customers of everyone's cutoff.</summary>
    public static FeatureSet Load(string name) => Load(name, Population);

    /// <summary>Reads a set and all that it stands on.</summary>
    /// <param name="name">The set.</param>
    /// <param name="population">The file that names customers and cutoffs.</param>
    public static FeatureSet Load(string name, string population)
    {
        var stages = new List<SqlFile>();
        var set = SqlFile.Load(name);
        Require(Population);
        foreach (var input in set.Inputs) Require(input);
        return new(set, stages);

        void Require(string relation)
        {
            if (SourceTable.Is(relation) || relation == Shop || stages.Any(s => s.Name == relation)) return;
            var file = relation == Population ? SqlFile.Load(population) with { Name = Population } : SqlFile.Load(relation);
            foreach (var input in file.Inputs) Require(input);
            stages.Add(file);
        }
    }
}
