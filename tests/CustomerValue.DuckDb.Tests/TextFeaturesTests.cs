using CustomerValue.DuckDb;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Testing;
using CustomerValue.Text;

namespace CustomerValue.Tests;

public sealed class TextFeaturesTests
{
    private static TextFeatures Features(ITextEncoderSource encoders, FeatureOptions? options = null) => new(new FeatureQuery("rfm") { Options = options ?? new() }, encoders);

    [Theory, InlineData(false), InlineData(true)]
    public void What_texts_say_of_every_customer_is_what_plain_loops_compute(bool learns)
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var encoders = new FakeEncoders(learns);
        var features = Features(encoders);
        var table = features.Over(warehouse.Open()).At(SmallShop.Cutoff);
        var expected = ReferenceTexts.Compute(SmallShop.Script, SmallShop.Cutoff, labels => encoders.Encoder(learns ? labels : null));

        Assert.Equal(features.Catalogue, table.Features);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), table.CustomerIds);
        foreach (var feature in table.Features.Where(TextSets.Has))
            for (var row = 0; row < table.Rows; row++)
            {
                var (plain, ours) = (expected[table.CustomerIds[row]][feature.Name], table[feature.Name][row]);
                Assert.True(Math.Abs(plain - ours) <= 1e-6 * Math.Max(1, Math.Abs(plain)), $"{feature.Name} of {table.CustomerIds[row]}: {plain} by loops, {ours}");
            }
        Assert.Equal(expected[table.CustomerIds[0]].Keys.Order(StringComparer.Ordinal), table.Features.Where(TextSets.Has).Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.InRange(table["texts_read"].Count(n => n == 0), 10, 200);
        Assert.InRange(table["complaint_open"].Sum(), 10, table["complaint_solved"].Sum() + table["complaint_open"].Sum() - 10);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Whatever_is_written_on_or_after_the_cutoff_no_bit_changes_even_where_the_encoder_learns_from_it(bool learns)
    {
        using var before = new TestWarehouse(SmallShop.Script);
        using var after = new TestWarehouse(SmallShop.Scrambled);
        var (known, scrambled) = (new FakeEncoders(learns), new FakeEncoders(learns));
        AssertSame(Features(known).Over(before.Open()).At(SmallShop.Cutoff), Features(scrambled).Over(after.Open()).At(SmallShop.Cutoff));
        Assert.Equal(known.Asked, scrambled.Asked);
    }

    [Fact]
    public void A_customers_texts_are_read_by_the_encoder_that_has_not_seen_their_labels()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var encoders = new FoldedFakeEncoders(3);
        var features = new TextFeatures(new FeatureQuery("rfm"), encoders, new() { Vector = false });
        var table = features.Over(warehouse.Open()).At(SmallShop.Cutoff);
        IFoldedEncoderSource groups = encoders;
        for (var fold = 0; fold < 3; fold++)
        {
            var expected = ReferenceTexts.Compute(SmallShop.Script, SmallShop.Cutoff, labels => encoders.Apart(fold, labels));
            int[] rows = [.. Enumerable.Range(0, table.Rows).Where(row => groups.FoldOf(table.CustomerIds[row]) == fold)];
            Assert.NotEmpty(rows);
            foreach (var feature in table.Features.Where(TextSets.Has))
                Assert.All(rows, row => Assert.Equal(expected[table.CustomerIds[row]][feature.Name], table[feature.Name][row], 1e-6 * Math.Max(1, Math.Abs(table[feature.Name][row]))));
        }
        AssertSame(table, features.Over(warehouse.Open()).At(SmallShop.Cutoff));
        Assert.Contains("vectors of different encoders can't be laid side by side", Assert.Throws<ArgumentException>(() => Features(encoders)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_experiment_has_the_customers_that_the_query_asks_for()
    {
        using var folder = new TemporaryFolder();
        var features = new TextFeatures(new FeatureQuery("rfm") { Population = Population.Known }, new FakeEncoders());
        var store = features.Open(Dataset.Open(Path.Combine(RealData.Root, "data-samples", "shop")), Pseudonyms.Published, folder.Path, 1, null, TestContext.Current.CancellationToken);
        var table = store.At(new(2024, 7, 1), TestContext.Current.CancellationToken);
        Assert.Equal(features.Catalogue, table.Features);
        Assert.Equal(table["orders"].Count(n => n == 0), table["has_ordered"].Count(n => n == 0));
        Assert.InRange(table["has_ordered"].Count(n => n == 0), 50, 500);
    }

    [Fact]
    public void An_encoder_that_learns_from_labels_answers_otherwise_when_a_known_label_changes()
    {
        using var before = new TestWarehouse(SmallShop.Script);
        using var after = new TestWarehouse(SmallShop.Script + "UPDATE reviews SET stars = 3 WHERE stars = 4 AND reviewed_at < DATE '2025-01-01';");
        var (first, second) = (Features(new FakeEncoders(true)).Over(before.Open()).At(SmallShop.Cutoff), Features(new FakeEncoders(true)).Over(after.Open()).At(SmallShop.Cutoff));
        Assert.Contains(Enumerable.Range(0, first.Rows), row => first["mood_last"][row] != second["mood_last"][row]);
    }

    [Theory, InlineData(1, 1, 1, 1), InlineData(7, 3, 4, 1), InlineData(16, 2, 2, 100_000)]
    public void Partitions_loads_threads_and_units_change_no_bit_and_no_order_of_texts(int partitions, int loads, int threads, int recordsPerUnit)
    {
        using var plain = new TestWarehouse(SmallShop.Script);
        using var other = new TestWarehouse(SmallShop.Script, partitions, loads);
        var (one, many) = (new FakeEncoders(true), new FakeEncoders(true));
        AssertSame(Features(one).Over(plain.Open()).At(SmallShop.Cutoff), Features(many, new() { Threads = threads, RecordsPerUnit = recordsPerUnit }).Over(other.Open()).At(SmallShop.Cutoff));
        Assert.Equal(one.Asked, many.Asked);
    }

    [Fact]
    public void A_text_passes_through_the_encoder_once_whichever_build_cutoff_or_unit_asks()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var encoders = new FakeEncoders();
        var options = new FeatureOptions { RecordsPerUnit = 1, Threads = 3 };
        var earlier = SmallShop.Cutoff.AddDays(-120);
        Features(encoders, options).Over(warehouse.Open()).Build(earlier);
        var known = encoders.Asked.ToHashSet();
        Assert.Equal(encoders.Asked.Count, known.Count);                                     // 很好 stands in several units

        var source = Features(encoders, options).Over(warehouse.Open());
        var build = source.Build(SmallShop.Cutoff);
        Assert.Equal((long)encoders.Asked.Count - known.Count, source.Encoded);
        Assert.Equal(encoders.Asked.Count, encoders.Asked.Distinct().Count());
        Assert.InRange(source.Encoded, 20, known.Count);

        foreach (var file in Directory.GetFiles(warehouse.Open().Folder, "meaning-*.parquet", SearchOption.AllDirectories)) File.Delete(file);
        var again = Features(encoders, options).Over(warehouse.Open());
        var rebuilt = again.Build(SmallShop.Cutoff);
        Assert.Equal(0, again.Encoded);
        Assert.Equal(build.Parts - 8, rebuilt.Reused);                                        // of each of four units the two sets of texts
        AssertSame(build.Read(), rebuilt.Read());
        Assert.Equal(build.Parts, again.Build(SmallShop.Cutoff).Reused);
        Assert.Empty(Directory.GetFiles(warehouse.Open().Folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Another_encoder_and_other_options_build_files_of_their_own()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var first = Features(new FakeEncoders()).Over(warehouse.Open()).At(SmallShop.Cutoff);
        var learned = Features(new FakeEncoders(true)).Over(warehouse.Open()).At(SmallShop.Cutoff);
        Assert.Contains(Enumerable.Range(0, first.Rows), row => first["mood_last"][row] != learned["mood_last"][row]);

        var slow = new TextFeatures(new FeatureQuery("rfm"), new FakeEncoders(), new() { HalfLives = [10, 400], Vector = false }).Over(warehouse.Open()).At(SmallShop.Cutoff);
        Assert.True(slow.Has("mood_recent_400") && !slow.Has("mood_recent_30") && !slow.Has("text_vector_000"));
        AssertSame(first, Features(new FakeEncoders()).Over(warehouse.Open()).At(SmallShop.Cutoff));
    }

    [Fact]
    public void A_build_that_is_stopped_keeps_what_was_encoded()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script + "INSERT INTO reviews SELECT who(i, 61), moment(i, 62), 'p1', 4, 'More words, number ' || i FROM range(3000) t(i);");
        var encoders = new FakeEncoders();
        using var stop = new CancellationTokenSource();
        var progress = new StopAt(1024, stop);
        Assert.ThrowsAny<OperationCanceledException>(() => Features(encoders).Over(warehouse.Open(), progress).Build(SmallShop.Cutoff, stop.Token));
        Assert.InRange(encoders.Asked.Count, 1024, 2048);
        Features(encoders).Over(warehouse.Open()).Build(SmallShop.Cutoff);
        Assert.Equal(encoders.Asked.Count, encoders.Asked.Distinct().Count());
    }

    [Fact]
    public void An_encoder_that_is_not_what_its_source_told_is_refused()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var source = new Liar(new FakeEncoders { Heads = [FakeEncoders.Questions[0]] });
        var error = Assert.Throws<InvalidDataException>(() => Features(source).Over(warehouse.Open()).At(SmallShop.Cutoff));
        Assert.Contains("mood", error.Message, StringComparison.Ordinal);
        Assert.Contains("intent (Classification: open, restock, leave)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_would_have_one_name_are_refused()
    {
        var twice = Assert.Throws<ArgumentException>(() => Features(new FakeEncoders { Heads = [new("Mood", HeadKind.Regression, []), new("mood", HeadKind.Regression, [])] }));
        Assert.Contains("'mood_last'", twice.Message, StringComparison.Ordinal);
        var taken = Assert.Throws<ArgumentException>(() => new TextFeatures(new FeatureQuery("returns"), new FakeEncoders { Heads = [new("returned", HeadKind.Classification, ["spend", "x", "y"])] }));
        Assert.Contains("'returned_spend_share': one of the set returns", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_builder_loads_a_shop_and_keeps_what_was_encoded_where_it_is_told_to()
    {
        using var folder = new TemporaryFolder();
        var shop = folder.Shop("shop",
            ("purchases.csv", "customer_id,order_id,purchased_at,product_id,quantity,unit_price,currency\na,1,2025-01-01 09:00:00,p,1,10,EUR\nb,2,2025-01-02 09:00:00,p,1,10,EUR\n"),
            ("reviews.csv", "customer_id,reviewed_at,product_id,stars,text\na,2025-01-10 10:00:00,p,5,good\nc,2025-01-10 10:00:00,p,5,of nobody who bought\n"),
            ("dialogues.csv", "customer_id,dialogue_id,turn,spoken_at,speaker,text\na,d,1,2025-02-01 10:00:00,customer, where is it \na,d,2,2025-02-01 10:01:00,agent,on its way\na,d,3,2025-02-01 10:02:00,customer,thanks\n"));
        var encoders = new FakeEncoders();
        var features = new TextFeatures(new FeatureQuery("rfm", TextSets.Writing), encoders) { Folder = folder.In("texts") };
        var store = features.Open(Dataset.Open(shop), Pseudonyms.Published, folder.In("warehouse"), 1, null, default);
        var table = store.At(new(2025, 3, 1));

        Assert.Equal(features.Catalogue, store.Catalogue);
        Assert.Equal(["a", "b"], table.CustomerIds);
        Assert.Equal([2.0, 0], table["texts_read"]);
        Assert.Equal(["good", "where is it\nthanks"], encoders.Asked.Order(StringComparer.Ordinal));
        Assert.Equal([2.0, 0], table["texts"]);
        Assert.Equal([1.0, -1], table["reply_minutes"]);
        Assert.Single(Directory.GetFiles(folder.In("texts"), "*.embeddings"));
        Assert.Equal([true], store.LabelsFor(store.At(new(2025, 1, 2)), 1).Churned);
    }

    [Fact]
    public void Whoever_never_bought_is_read_too_and_words_of_product_names_stand_before_what_texts_mean()
    {
        using var folder = new TemporaryFolder();
        var shop = folder.Shop("shop",
            ("purchases.csv", "customer_id,order_id,purchased_at,product_id,description,quantity,unit_price,currency\na,1,2025-01-01 09:00:00,p,blue mug,1,10,EUR\n"),
            ("reviews.csv", "customer_id,reviewed_at,product_id,stars,text\nc,2025-01-10 10:00:00,p,5,of nobody who bought\n"));
        var features = new TextFeatures(new FeatureQuery("rfm") { Words = new() { Columns = 16 }, Population = Population.Known }, new FakeEncoders());
        var table = features.Open(Dataset.Open(shop), Pseudonyms.Published, folder.In("warehouse"), 1, null, default).At(new(2025, 3, 1));
        Assert.Equal(features.Catalogue, table.Features);
        Assert.Equal(["a", "c"], table.CustomerIds);
        Assert.Equal([2.0, 0], table["name_words"]);
        Assert.Equal([0.0, 1], table["texts_read"]);
        Assert.Equal([1.0, 0], table["has_ordered"]);
    }

    [Fact]
    public void Settings_tell_encoder_and_options()
    {
        var settings = Features(new FakeEncoders()).Settings;
        Assert.Equal("fixed", settings["text.encoder.kind"]);
        Assert.Contains("half-lives 30 90", settings["text.options"], StringComparison.Ordinal);
        Assert.Equal("rfm", settings["sets"]);
        Assert.Equal("meaning text_vector", settings["text.sets"]);
    }

    private static void AssertSame(FeatureTable expected, FeatureTable actual)
    {
        Assert.Equal(expected.CustomerIds, actual.CustomerIds);
        Assert.Equal(expected.Features, actual.Features);
        for (var c = 0; c < expected.Columns.Count; c++)
            for (var row = 0; row < expected.Rows; row++)
                if (BitConverter.DoubleToInt64Bits(expected.Columns[c][row]) != BitConverter.DoubleToInt64Bits(actual.Columns[c][row]))
                    Assert.Fail($"{expected.Features[c].Name} of {expected.CustomerIds[row]}: {expected.Columns[c][row]:R} and {actual.Columns[c][row]:R}");
    }

    private sealed class StopAt(double texts, CancellationTokenSource stop) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Stage == "encoding texts" && value.Done >= texts) stop.Cancel();
        }
    }

    private sealed class Liar(FakeEncoders gives) : ITextEncoderSource
    {
        public IReadOnlyDictionary<string, string> Settings => gives.Settings;
        public IReadOnlyList<TextHead> Heads => FakeEncoders.Questions;
        public int Width => gives.Width;

        public ITextEncoder Open(Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) =>
            gives.Encoder();
    }
}
