using System.Text;
using ICU4N.Text;

namespace CustomerValue.Text.Tokenizers;

/// <summary>Unicode's normal forms by ICU: the runtime's own need a culture's data, which the program does without.</summary>
internal static class UnicodeForms
{
    public static string Nfc(string text) => Of(Normalizer2.NFCInstance, text);

    public static string Nfd(string text) => Of(Normalizer2.NFDInstance, text);

    public static string Nfkc(string text) => Of(Normalizer2.NFKCInstance, text);

    public static string Nfkd(string text) => Of(Normalizer2.NFKDInstance, text);

    private static string Of(Normalizer2 form, string text) => Ascii.IsValid(text) || form.IsNormalized(text) ? text : form.Normalize(text);
}
