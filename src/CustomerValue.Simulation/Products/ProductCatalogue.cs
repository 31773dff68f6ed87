using System.Globalization;

namespace CustomerValue.Simulation.Products;

/// <summary>The products of the simulated shop, by category and price; read once from the embedded catalogue.txt.</summary>
internal sealed class ProductCatalogue
{
    private ProductCatalogue(IReadOnlyList<string> categories, IReadOnlyList<IReadOnlyList<Product>> shelves)
    {
        Categories = categories;
        Shelves = shelves;
        Products = [.. shelves.SelectMany(shelf => shelf).OrderBy(product => product.Id, StringComparer.Ordinal)];
    }

    /// <summary>The one catalogue.</summary>
    public static ProductCatalogue Shop { get; } = Parse(EmbeddedText.Read("catalogue.txt"));

    /// <summary>Category codes.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>[category]: its products, cheapest first.</summary>
    public IReadOnlyList<IReadOnlyList<Product>> Shelves { get; }

    /// <summary>All products, by id.</summary>
    public IReadOnlyList<Product> Products { get; }

    /// <summary>The product of a category whose price lies nearest to <paramref name="price"/>: its place on the shelf.</summary>
    public int Nearest(int category, decimal price)
    {
        var shelf = Shelves[category];
        var best = 0;
        for (var place = 1; place < shelf.Count; place++)
            if (Math.Abs(shelf[place].ListPrice - price) < Math.Abs(shelf[best].ListPrice - price)) best = place;
        return best;
    }

    private static ProductCatalogue Parse(string text)
    {
        var categories = new List<string>();
        var shelves = new List<IReadOnlyList<Product>>();
        var shelf = new List<Product>();
        (Bilingual Name, decimal Factor)[] variants = [];
        var number = 0;
        foreach (var line in text.Split('\n').Where(line => line.Trim().Length > 0 && line[0] != '#'))
        {
            if (line[0] != ' ')
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                categories.Add(line[..colon]);
                variants = [.. line[(colon + 1)..].Split('|').Select(Entry)];
                shelves.Add(shelf = []);
                continue;
            }
            var (noun, price) = Entry(line);
            foreach (var (variant, factor) in variants)
            {
                var name = new Bilingual($"{noun.Chinese} {variant.Chinese}", $"{noun.English}, {variant.English}");
                var list = Math.Max(1, Math.Round(price * factor)) - 0.1m;     // shop prices end on .90
                shelf.Add(new Product(string.Create(CultureInfo.InvariantCulture, $"P{++number:D3}"), categories[^1], noun, name, list));
            }
        }
        return new ProductCatalogue(categories, [.. shelves.Select(s => (IReadOnlyList<Product>)[.. s.OrderBy(p => p.ListPrice).ThenBy(p => p.Id, StringComparer.Ordinal)])]);
    }

    private static (Bilingual Words, decimal Number) Entry(string text)
    {
        var parts = text.Split('/');
        return (new Bilingual(parts[0].Trim(), parts[1].Trim()), decimal.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
