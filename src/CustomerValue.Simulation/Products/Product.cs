namespace CustomerValue.Simulation.Products;

/// <summary>One product of the simulated shop.</summary>
/// <param name="Id">Product code, such as P017.</param>
/// <param name="Category">Category code, such as kitchen.</param>
/// <param name="Noun">What it is, without its variant: what people call it.</param>
/// <param name="Name">Full name as the shop shows it.</param>
/// <param name="ListPrice">Price of one unit at the start of the period, in units of the shop's currency.</param>
internal sealed record Product(string Id, string Category, Bilingual Noun, Bilingual Name, decimal ListPrice);

/// <summary>The same words in both of the shop's languages.</summary>
internal readonly record struct Bilingual(string Chinese, string English)
{
    /// <summary>The words in <paramref name="language"/>.</summary>
    public string In(Language language) => language == Language.Chinese ? Chinese : English;
}

/// <summary>A language of the shop.</summary>
internal enum Language
{
    Chinese, English,
}
