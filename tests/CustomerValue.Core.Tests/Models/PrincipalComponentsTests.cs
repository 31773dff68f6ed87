using CustomerValue.Models;

namespace CustomerValue.Tests.Models;

public class PrincipalComponentsTests
{
    [Fact]
    public void A_case_worked_by_hand()                                        // rows (1,2), (3,4), (5,0): mean (3,2), covariance [8 -4; -4 8] / 3
    {
        var found = Of([[1, 2], [3, 4], [5, 0]], 2);
        Assert.Equal([3, 2], found.Mean);
        Assert.Equal(4, found.Variances[0], 1e-12);
        Assert.Equal(4 / 3.0, found.Variances[1], 1e-12);
        Assert.Equal(16 / 3.0, found.Total, 1e-12);
        var half = Math.Sqrt(0.5);
        Close([half, -half], found.Directions[0]);                              // of two entries as large as one another the first is positive
        Close([half, half], found.Directions[1]);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(17), InlineData(64)]
    public void Vectors_solve_the_equations(int n)
    {
        var (matrix, chance) = (new double[n][], new Random(n));
        for (var i = 0; i < n; i++) matrix[i] = new double[n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++) matrix[i][j] = matrix[j][i] = chance.NextDouble() - 0.5;
        var (values, vectors) = SymmetricEigen.Of([.. matrix.Select(row => row.ToArray())]);
        Assert.Equal(values.OrderDescending(), values);
        Assert.Equal(matrix.Select((row, i) => row[i]).Sum(), values.Sum(), 1e-10);
        for (var v = 0; v < n; v++)
        {
            for (var i = 0; i < n; i++) Assert.Equal(values[v] * vectors[v][i], Dot(matrix[i], vectors[v]), 1e-10);
            for (var w = 0; w < n; w++) Assert.Equal(v == w ? 1 : 0, Dot(vectors[v], vectors[w]), 1e-10);
            Assert.True(vectors[v].MaxBy(Math.Abs) > 0);
        }
    }

    [Fact]
    public void Matrices_that_are_easy_to_get_wrong()
    {
        Close([3, 2, 1], SymmetricEigen.Of([[1, 0, 0], [0, 3, 0], [0, 0, 2]]).Values);                       // diagonal already
        Close([2, 2, 2], SymmetricEigen.Of([[2, 0, 0], [0, 2, 0], [0, 0, 2]]).Values);                       // all directions alike
        Close([4, 0, 0, 0], SymmetricEigen.Of([[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]).Values);
        Close([0, 0], SymmetricEigen.Of([[0, 0], [0, 0]]).Values);
        Close([1, -1], SymmetricEigen.Of([[0, 1], [1, 0]]).Values);
        Close([-7], SymmetricEigen.Of([[-7]]).Values);
        Assert.Throws<InvalidOperationException>(() => SymmetricEigen.Of([[double.NaN]]));
    }

    [Fact]
    public void All_components_give_the_rows_back_and_the_first_lose_what_the_rest_hold()
    {
        var (rows, chance) = (new double[5000][], new Random(3));               // over two blocks
        for (var i = 0; i < rows.Length; i++)
        {
            var (a, b) = (chance.NextDouble(), chance.NextDouble());
            rows[i] = [10 + 5 * a, 3 * b - a, a + b + 0.1 * chance.NextDouble(), chance.NextDouble()];
        }
        var all = Of(rows, 4);
        Assert.Equal(4, all.Variances.Length);
        Assert.Equal(all.Total, all.Variances.Sum(), 1e-10);
        Assert.All(rows.Take(50), row => Close(row, Back(all, row, 4)));
        var lost = rows.Average(row => row.Zip(Back(all, row, 2), (x, y) => (x - y) * (x - y)).Sum());
        Assert.Equal(all.Variances[2] + all.Variances[3], lost, 1e-10);
        Assert.Equal(all.Variances[0], rows.Average(row => Math.Pow(Dot(Off(all, row), all.Directions[0]), 2)), 1e-10);
    }

    [Fact]
    public void Rows_that_differ_in_one_direction_have_one_component() => Assert.Single(Of([[1, 2, 3], [2, 4, 6], [5, 10, 15], [7, 14, 21]], 3).Directions);

    [Fact]
    public void Rows_all_alike_have_none() => Assert.Empty(Of([[1, 2], [1, 2], [1, 2]], 2).Directions);

    [Fact]
    public void No_rows_have_none() => Assert.Empty(PrincipalComponents.Of(0, 3, (_, _, _) => { }, 2).Directions);

    private static PrincipalComponents Of(double[][] rows, int components) => PrincipalComponents.Of(rows.Length, rows[0].Length, (from, count, block) =>
    {
        for (var row = 0; row < count; row++)
            for (var c = 0; c < rows[0].Length; c++) block[c * count + row] = rows[from + row][c];
    }, components);

    private static double[] Off(PrincipalComponents of, double[] row) => [.. row.Zip(of.Mean, (x, m) => x - m)];

    private static double[] Back(PrincipalComponents of, double[] row, int components)
    {
        double[] back = [.. of.Mean];
        foreach (var direction in of.Directions.Take(components))
        {
            var place = Dot(Off(of, row), direction);
            for (var c = 0; c < back.Length; c++) back[c] += place * direction[c];
        }
        return back;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void Close(double[] expected, double[] found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
}
