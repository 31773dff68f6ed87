using CustomerValue.Simulation.Products;

namespace CustomerValue.Tests.Simulation.Products;

public class ProductCatalogueTests
{
    private static readonly ProductCatalogue s_shop = ProductCatalogue.Shop;

    [Fact]
    public void Has_168_products_of_8_categories_with_names_in_both_languages()
    {
        Assert.Equal(8, s_shop.Categories.Count);
        Assert.Equal(Enumerable.Range(1, 168).Select(n => FormattableString.Invariant($"P{n:D3}")), s_shop.Products.Select(p => p.Id));
        Assert.All(s_shop.Products, p => Assert.True(p.Name.Chinese.Any(c => c >= '\u4e00') && p.Name.English.All(c => c < '\u4e00')));
        Assert.Equal(168, s_shop.Products.Select(p => p.Name.English).Distinct().Count());
    }

    [Fact]
    public void Shelves_run_from_cheap_to_dear_and_the_nearest_price_is_found()
    {
        foreach (var (category, shelf) in s_shop.Shelves.Index())
        {
            Assert.Equal(shelf.Select(p => p.ListPrice).Order(), shelf.Select(p => p.ListPrice));
            Assert.Equal(0, s_shop.Nearest(category, 0));
            Assert.Equal(shelf.Count - 1, s_shop.Nearest(category, 1e6m));
            Assert.Equal(shelf[5].ListPrice, shelf[s_shop.Nearest(category, shelf[5].ListPrice)].ListPrice);
        }
    }
}
