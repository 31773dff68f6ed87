namespace CustomerValue.Models;

/// <summary>Vectors seen from where they differ most: their first two principal components.</summary>
/// <param name="Across">[rows]: along the first.</param>
/// <param name="Upwards">[rows]: along the second.</param>
/// <param name="ShareAcross">The share of all variance that lies along the first.</param>
/// <param name="ShareUpwards">The share along the second.</param>
public sealed record EmbeddingPlane(double[] Across, double[] Upwards, double ShareAcross, double ShareUpwards)
{
    /// <summary>Projects them. Which way round a component points is fixed: its largest entry is positive.</summary>
    /// <param name="vectors">[rows][dimensions], finite.</param>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static EmbeddingPlane Of(IReadOnlyList<float[]> vectors)
    {
        var dimensions = vectors.Count == 0 ? 0 : vectors[0].Length;
        for (var row = 0; row < vectors.Count; row++)
            if (vectors[row].Length != dimensions)
                throw new ArgumentException($"The vector on row {row} has {vectors[row].Length} dimensions and the first has {dimensions}. Take all from one encoder.", nameof(vectors));
        var found = PrincipalComponents.Of(vectors.Count, dimensions, (from, count, into) =>
        {
            for (var column = 0; column < dimensions; column++)
                for (var row = 0; row < count; row++) into[column * count + row] = vectors[from + row][column];
        }, 2);
        return new(Along(0), Along(1), Share(0), Share(1));

        double Share(int component) => component < found.Variances.Length ? found.Variances[component] / found.Total : 0;

        double[] Along(int component)
        {
            var along = new double[vectors.Count];
            if (component >= found.Directions.Length) return along;
            for (var row = 0; row < along.Length; row++)
                for (var column = 0; column < dimensions; column++) along[row] += (vectors[row][column] - found.Mean[column]) * found.Directions[component][column];
            return along;
        }
    }
}
