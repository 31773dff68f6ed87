using System.Globalization;
using System.Text;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Btyd;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>A shop of its own words and formats, with nothing but purchases and reviews: all that it gives the project is a mapping.</summary>
public sealed class ShopByMappingTests : IDisposable
{
    private const string Mapping = """
        name: fahrradladen
        dates: [dd.MM.yyyy HH:mm, dd.MM.yyyy]
        decimal: ","
        thousands: "."
        delimiter: semicolon
        purchases:
          files: belege-*.csv
          currency: EUR
          columns: {customer_id: Kunde, order_id: Beleg, at: Datum, product_id: Artikel, description: Bezeichnung, quantity: Menge, amount: Summe, is_return: Art}
          values:
            is_return: {Rechnung: false, Gutschrift: true}
          exclude:
            - field: product_id
              is: [VERSAND]
              reason: no product
        reviews:
          files: bewertungen.csv
          columns: {customer_id: Kunde, at: Tag, product_id: Artikel, stars: Sterne, text: Meinung}
          values:
            stars: {sehr gut: 5, gut: 4, geht so: 3, schlecht: 2, nie wieder: 1}
        """;

    private static readonly NumberFormatInfo s_german = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };
    private readonly TemporaryFolder _folder = new();
    private int _orders, _postage;

    public ShopByMappingTests()
    {
        Directory.CreateDirectory(_folder.In("laden"));
        File.WriteAllText(_folder.In("laden", "mapping.yaml"), Mapping);
        var random = new SplitMix64(5);
        var (first, second, reviews) = (new StringBuilder("Beleg;Art;Datum;Kunde;Artikel;Bezeichnung;Menge;Summe\n"), new StringBuilder("Beleg;Art;Datum;Kunde;Artikel;Bezeichnung;Menge;Summe\n"), new StringBuilder("Tag;Kunde;Artikel;Sterne;Meinung\n"));
        for (var customer = 0; customer < 300; customer++)
        {
            var (at, gap) = (new DateTime(2023, 1, 2, 9, 30, 0).AddDays(random.Below(500)), 15 + random.Below(200));
            for (var order = 0; at < new DateTime(2025, 1, 1) && (order == 0 || random.Unit() < 0.8); order++, at = at.AddDays(1 + random.Below(2 * gap)))
            {
                var (to, sum) = (at.Year == 2023 ? first : second, Math.Round(20m + random.Below(400000) / 100m, 2));
                to.AppendLine(s_german, $"B{_orders++};Rechnung;{at:dd.MM.yyyy HH:mm};K{customer:000};R{random.Below(40)};Rad oder Teil;1;{sum:#,##0.00}");
                if (_orders % 4 == 0) { to.AppendLine(s_german, $"B{_orders - 1};Rechnung;{at:dd.MM.yyyy HH:mm};K{customer:000};VERSAND;Porto;1;4,90"); _postage++; }
                if (_orders % 11 == 0) to.AppendLine(s_german, $"G{_orders};Gutschrift;{at.AddDays(3):dd.MM.yyyy};K{customer:000};R1;Rad oder Teil;-1;{-sum:#,##0.00}");
                if (_orders % 3 == 0) reviews.AppendLine(s_german, $"{at.AddDays(9):dd.MM.yyyy};K{customer:000};R1;{(_orders % 2 == 0 ? "sehr gut" : "geht so")};\"Fährt; läuft, und rollt\"");
            }
        }
        File.WriteAllText(_folder.In("laden", "belege-2023.csv"), first.ToString());
        File.WriteAllText(_folder.In("laden", "belege-2024.csv"), second.ToString());
        File.WriteAllText(_folder.In("laden", "bewertungen.csv"), reviews.ToString());
        // Somebody who has only ever written.
        File.AppendAllText(_folder.In("laden", "bewertungen.csv"), "05.03.2024;Gast;R1;nie wieder;war nie Kunde\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Records_are_read_in_the_shop_s_own_words_and_formats()
    {
        var warehouse = Warehouse.OpenOrCreate(_folder.In("warehouse"));
        var report = warehouse.Load(Dataset.Open(_folder.In("laden")), Pseudonyms.Published);
        Assert.Equal(["no product"], report.RejectedByReason.Select(r => r.Reason));
        Assert.Equal(_postage, report.Rejected);

        var buyers = new FeatureQuery().Over(warehouse).At(new(2024, 7, 1));
        Assert.All(buyers["has_visited"], flag => Assert.Equal(0, flag));
        Assert.All(buyers["has_contact"], flag => Assert.Equal(0, flag));
        Assert.Contains(buyers["has_returned"], flag => flag == 1);
        Assert.DoesNotContain("Gast", buyers.CustomerIds);

        var known = new FeatureQuery { Population = Population.Known }.Over(warehouse).At(new(2024, 7, 1));
        var guest = known.CustomerIds.ToList().IndexOf("Gast");
        Assert.Equal((0, 1, 0), (known["has_ordered"][guest], known["has_reviewed"][guest], known["orders"][guest]));

        var newcomers = new FeatureQuery("rfm", "baskets") { Words = new() { Columns = 32 } }.Over(warehouse).AtFirstOrders(new(new(2023, 6, 1), new(2023, 9, 1)));
        Assert.Equal(3, newcomers.Features.Count(f => f.Set == TextSets.Vector && newcomers[f.Name].Any(v => v > 0)));      // rad, oder, teil
    }

    [Fact]
    public void An_experiment_compares_candidates_on_it()
    {
        var result = new ExperimentRunner(new Experiment("laden")
        {
            Question = "Is a mapping enough?",
            Data = folder => Dataset.Open(Path.Combine(folder, "laden")),
            Pseudonyms = Pseudonyms.Published,
            Features = new FeatureQuery(),
            Split = new([new(2023, 9, 1), new(2024, 1, 1)], TestCutoff: new(2024, 6, 1), HorizonDays: 120),
            Candidates = [new MeanCustomer(), new RecencyRule(), new SpendSoFar(), new BtydLifetimeValue(new MbgNbd())],
            Seed = 3,
        }, new()
        {
            DataFolder = _folder.Path, OutputFolder = _folder.In("out"), Codecs = ModelCodecs.Core, Time = TimeProvider.System, Tracker = new RecordedRuns(),
        }).Run(CancellationToken.None);
        Assert.InRange(result.Rows.Test, 150, 300);
        Assert.InRange(result.Labels.ChurnRate, 0.05, 0.95);
        Assert.NotNull(result.Winners.Churn);
        Assert.NotNull(result.Package);
    }
}
