using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>Words of product names, and the few directions that they are reduced to.</summary>
public sealed class LatentWordsTests
{
    private static FeatureTable Table(params string[] names)
    {
        var words = new ProductWords { Columns = 4096 };
        var columns = words.Features.Select(_ => new double[names.Length]).ToArray();
        for (var row = 0; row < names.Length; row++)
            foreach (var name in names[row].Split('|', StringSplitOptions.RemoveEmptyEntries)) words.Add(name, columns, row);
        return new(new(2024, 1, 1), [.. Enumerable.Range(0, names.Length).Select(i => $"c{i:000}")], words.Features, columns);
    }

    [Fact]
    public void A_name_counts_once_for_each_of_its_words_whatever_their_case()
    {
        var table = Table("WHITE Hanging heart|heart of heart", "");
        var words = new ProductWords { Columns = 4096 };
        Assert.Equal(2, table[$"word_{words.ColumnOf("heart"):0000}"][0]);
        Assert.Equal(1, table[$"word_{words.ColumnOf("white"):0000}"][0]);
        Assert.Equal((6, 0), (table["name_words"][0], table["name_words"][1]));
    }

    [Fact]
    public void Directions_are_those_that_rows_vary_most_along_and_rows_of_one_kind_point_alike()
    {
        var rows = Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? "red mug|blue mug" : i % 3 == 1 ? "garden bench|garden chair" : "paper card|birthday card").ToArray();
        var table = Table(rows);
        var fitted = new LatentWords(3, minimumRows: 5).Fit([table]);
        Assert.Equal(3, fitted.Directions.Count);
        foreach (var a in fitted.Directions)
            foreach (var b in fitted.Directions)
                Assert.Equal(ReferenceEquals(a, b) ? 1 : 0, a.Zip(b, (x, y) => x * y).Sum(), 1e-9);
        var reduced = fitted.Transform(table);
        Assert.DoesNotContain(reduced.Features, f => f.Set == TextSets.Vector);
        for (var row = 0; row < table.Rows; row++)
        {
            double[] along = [.. Enumerable.Range(0, 3).Select(d => reduced[$"words_{d}"][row])];
            Assert.Equal(1, along.Sum(v => v * v), 1e-9);                                             // three kinds span it all
            Assert.Equal(along, Enumerable.Range(0, 3).Select(d => reduced[$"words_{d}"][row % 3]));
        }
    }

    [Fact]
    public void A_candidate_with_latent_words_keeps_the_contract_and_does_without_words_where_there_are_none()
    {
        var data = SampleCustomers.Training();
        LabelledTable Worded(LabelledTable table) => table with { Features = With(table.Features) };
        static FeatureTable With(FeatureTable table)
        {
            var words = new ProductWords { Columns = 16 };
            var columns = words.Features.Select(_ => new double[table.Rows]).ToArray();
            for (var row = 0; row < table.Rows; row++) words.Add(row % 2 == 0 ? "tin soldier" : "rag doll", columns, row);
            return table.With(words.Features, columns);
        }
        CandidateContract.Holds(new WithLatentWords(new RecencyRule(), new(2)), new([.. data.Cutoffs.Select(Worded)], With(data.Current), data.HorizonDays));
        var (with, without) = (new WithLatentWords(new RecencyRule()).Fit(data, new(1)), new RecencyRule().Fit(data, new(1)));
        Assert.Equal(without.Predict(data.Current).Churn, with.Predict(data.Current).Churn);
    }

    [Fact]
    public void A_split_of_first_orders_that_looks_ahead_is_refused()
    {
        FirstOrders Period(int from, int to) => new(new(2010, from, 1), new(2010, to, 1));
        new FirstOrderSplit([Period(1, 3), Period(3, 5)], Period(8, 12), 90).Validate();
        Assert.Contains("into the test period", Assert.Throws<ArgumentException>(() => new FirstOrderSplit([Period(1, 6)], Period(8, 12), 90).Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("stand in both", Assert.Throws<ArgumentException>(() => new FirstOrderSplit([Period(1, 4), Period(3, 5)], Period(9, 12), 90).Validate()).Message, StringComparison.Ordinal);
        Assert.Equal([new DateOnly(2010, 3, 1), new(2010, 5, 1)], new FirstOrderSplit([Period(1, 3), Period(3, 5)], Period(8, 12), 90).TrainCutoffs);
    }
}
