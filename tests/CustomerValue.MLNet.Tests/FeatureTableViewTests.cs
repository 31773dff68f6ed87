using CustomerValue.Features;
using CustomerValue.MLNet;
using CustomerValue.Testing;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CustomerValue.Tests.MLNet;

public class FeatureTableViewTests
{
    private static readonly FeatureTable s_table = SampleCustomers.Training().Current;

    [Fact]
    public void A_data_frame_and_back_is_the_same_table() => Same(s_table.ToDataFrame().ToFeatureTable(s_table.Cutoff, SampleCustomers.Features));

    [Fact]
    public void A_data_view_and_back_is_the_same_table() => Same(s_table.AsDataView().ToFeatureTable(s_table.Cutoff, SampleCustomers.Features));

    [Fact]
    public void A_data_frame_seen_as_a_data_view_is_the_same_table() =>
        Same(((IDataView)s_table.ToDataFrame()).ToFeatureTable(s_table.Cutoff, SampleCustomers.Features));

    [Fact]
    public void The_vector_holds_all_features_with_their_names()
    {
        var view = s_table.AsDataView();
        var column = view.Schema[FeatureTableView.Features];
        var vectors = view.GetColumn<VBuffer<float>>(column).Select(v => v.DenseValues().ToArray()).ToArray();
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        Assert.Equal(s_table.Features.Select(f => f.Name), names.DenseValues().Select(n => n.ToString()));
        Assert.Equal(s_table.Columns.Select(c => (float)c[17]), vectors[17]);
        Assert.Equal(s_table.Rows, vectors.Length);
    }

    [Fact]
    public void An_ML_NET_pipeline_reads_the_view()
    {
        var ml = new MLContext(1);
        var clusters = ml.Transforms.NormalizeMeanVariance(FeatureTableView.Features)
            .Append(ml.Clustering.Trainers.KMeans(new Microsoft.ML.Trainers.KMeansTrainer.Options { NumberOfClusters = 3, NumberOfThreads = 1 }))
            .Fit(s_table.AsDataView()).Transform(s_table.AsDataView());
        Assert.Equal(s_table.Rows, clusters.GetColumn<uint>("PredictedLabel").Count());
    }

    [Fact]
    public void Rows_of_a_frame_are_sorted_by_id()
    {
        var frame = new DataFrame(new StringDataFrameColumn("customer_id", ["b", "a"]), new Int32DataFrameColumn("orders", [2, 1]));
        var table = frame.ToFeatureTable(new(2021, 1, 1));
        Assert.Equal(["a", "b"], table.CustomerIds);
        Assert.Equal([1.0, 2], table["orders"]);
    }

    [Fact]
    public void An_empty_cell_is_named()
    {
        var frame = new DataFrame(new StringDataFrameColumn("customer_id", ["a"]), new DoubleDataFrameColumn("orders", [null]));
        Assert.Contains("Column 'orders', row 0: found nothing", Assert.Throws<InvalidDataException>(() => frame.ToFeatureTable(new(2021, 1, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_is_not_finite_is_named()
    {
        var frame = new DataFrame(new StringDataFrameColumn("customer_id", ["a"]), new DoubleDataFrameColumn("orders", [double.NaN]));
        Assert.Contains("must be a finite number", Assert.Throws<InvalidDataException>(() => frame.ToFeatureTable(new(2021, 1, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_without_customers_is_refused() => Assert.Contains("no column 'customer_id'. It has: orders", Assert.Throws<InvalidDataException>(
        () => new DataFrame(new DoubleDataFrameColumn("orders", [1.0])).ToFeatureTable(new(2021, 1, 1))).Message, StringComparison.Ordinal);

    private static void Same(FeatureTable found)
    {
        Assert.Equal(s_table.Cutoff, found.Cutoff);
        Assert.Equal(s_table.CustomerIds, found.CustomerIds);
        Assert.Equal(s_table.Features, found.Features);
        Assert.Equal(s_table.Columns, found.Columns);
    }
}
