using CustomerValue.Evaluation;

namespace CustomerValue.Tests.Evaluation;

public class ConfusionMatrixTests
{
    private static readonly ConfusionMatrix s_matrix = ConfusionMatrix.Of(["a", "b", "c"], [0, 0, 0, 1, 1, 2],
        [[0.6, 0.2, 0.2], [0.4, 0.4, 0.2], [0.1, 0.2, 0.7], [0, 1, 0], [0.5, 0.3, 0.2], [0, 0.1, 0.9]]);

    [Fact]
    public void A_case_worked_by_hand()
    {
        Assert.Equal([[2, 0, 1], [1, 1, 0], [0, 0, 1]], s_matrix.Counts);
        Assert.Equal((4, 6), (s_matrix.Right, s_matrix.Rows));
    }

    [Fact]
    public void The_rarest_are_put_together()
    {
        var two = s_matrix.Largest(2);
        Assert.Equal(["a", "2 others"], two.Classes);
        Assert.Equal([[2, 1], [1, 2]], two.Counts);
        Assert.Same(s_matrix, s_matrix.Largest(3));
    }

    [Fact]
    public void A_class_without_a_name_is_refused() =>
        Assert.Contains("Row 0 has the class 2", Assert.Throws<ArgumentException>(() => ConfusionMatrix.Of(["a", "b"], [2], [[0.5, 0.5]])).Message, StringComparison.Ordinal);
}
