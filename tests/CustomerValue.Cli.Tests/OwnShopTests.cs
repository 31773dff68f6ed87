using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

public sealed class OwnShopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Shop(int days, string extra = "")
    {
        var rows = Enumerable.Range(0, days).Select(d => FormattableString.Invariant($"{new DateOnly(2024, 1, 1).AddDays(d):dd.MM.yyyy};K{d % 7};B{d};P1;2;19,90;EUR"));
        _folder.Write("mapping.yaml", """
            name: fahrrad
            dates: [dd.MM.yyyy]
            decimal: ","
            purchases:
              files: belege.csv
              delimiter: semicolon
              columns: {customer_id: Kunde, order_id: Beleg, at: Datum, product_id: Artikel, quantity: Menge, unit_price: Preis, currency: Waehrung}
            reviews:
              files: meinungen.csv
              delimiter: semicolon
              columns: {customer_id: Kunde, at: Datum, product_id: Artikel, stars: Sterne, text: Text}
            """);
        _folder.Write("belege.csv", "Datum;Kunde;Beleg;Artikel;Menge;Preis;Waehrung\n" + string.Join('\n', rows) + "\n" + extra);
        _folder.Write("meinungen.csv", "Kunde;Datum;Artikel;Sterne;Text\nK1;03.01.2024;P1;5;gut\nK2;20.06.2024;P1;1;zu spät\nK3;30.12.2024;P1;;wieder\n");
    }

    [Fact]
    public void Cutoffs_follow_from_the_dates_and_only_early_texts_count()
    {
        Shop(days: 730);
        var shop = OwnShop.In(_folder.Path);
        shop.Split.Validate();
        Assert.Equal((new DateOnly(2025, 7, 4), 180), (shop.Split.TestCutoff, shop.Split.HorizonDays));
        Assert.Equal([new DateOnly(2024, 7, 9), new(2024, 10, 7), new(2025, 1, 5)], shop.Split.TrainCutoffs);
        Assert.Equal(2, shop.EarlyTexts);
        Assert.Equal("fahrrad", shop.Data(_folder.Path).Name);
    }

    [Fact]
    public void Of_a_young_shop_the_horizon_is_a_quarter_of_its_days()
    {
        Shop(days: 200);
        var split = OwnShop.In(_folder.Path).Split;
        Assert.Equal((50, new DateOnly(2024, 5, 30)), (split.HorizonDays, split.TestCutoff));
        Assert.All(split.TrainCutoffs, cutoff => Assert.InRange(cutoff, new DateOnly(2024, 2, 20), split.TestCutoff.AddDays(-50)));
    }

    [Fact]
    public void A_single_late_date_moves_no_cutoff()
    {
        Shop(days: 730);
        var before = OwnShop.In(_folder.Path).Split;
        var rows = string.Concat(Enumerable.Range(0, 1_300).Select(i => FormattableString.Invariant($"{new DateOnly(2024, 6, 1).AddDays(i % 400):dd.MM.yyyy};K1;X{i};P1;1;1,00;EUR\n")));
        Shop(days: 730, extra: rows + "01.01.2031;K1;Y;P1;1;1,00;EUR\n");
        Assert.InRange(OwnShop.In(_folder.Path).Split.TestCutoff, before.TestCutoff.AddDays(-1), before.TestCutoff);
    }

    [Fact]
    public void Too_short_a_past_is_refused_with_what_is_needed()
    {
        Shop(days: 40);
        Assert.Contains("span 40 days, from 2024-01-01 on; to learn and be tested at least 56 are needed", Assert.Throws<UsageException>(() => OwnShop.In(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_data_sets_holds_the_shop()
    {
        var shop = OwnShop.In(Path.Combine(Checkout.Root, "data-samples"));
        Assert.Equal((180, 2024), (shop.Split.HorizonDays, shop.Split.TestCutoff.Year));
        Assert.True(shop.EarlyTexts > 500);
    }
}
