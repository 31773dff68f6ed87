using System.Security.Cryptography;
using System.Text;
using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Ingestion;

public class PseudonymsTests
{
    private static readonly byte[] s_key = Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef");

    [Fact]
    public void A_pseudonym_is_the_first_half_of_an_hmac_sha256()
    {
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(s_key, "17850"u8))[..32];
        Assert.Equal(expected, Pseudonyms.Keyed(s_key, "test").Of("17850"));
    }

    [Fact]
    public void One_customer_has_one_pseudonym_in_every_kind_of_record()
    {
        using var folder = new TemporaryFolder();
        folder.Write("purchases.csv", "customer_id,order_id,at,quantity,unit_price,currency\n 17850 ,1,2024-03-01,1,2,GBP\n");
        folder.Write("reviews.csv", "customer_id,at,text\n17850,2024-03-02,fine\n");
        var batches = Dataset.Open(folder.Path).Read(Pseudonyms.Keyed(s_key, "test"), new ReadLog()).ToList();
        Assert.Equal(batches.OfType<RecordBatch<Purchase>>().Single().Records[0].CustomerId, batches.OfType<RecordBatch<Review>>().Single().Records[0].CustomerId);
    }

    [Fact]
    public void Keys_differ_in_fingerprint_and_pseudonyms_and_never_show()
    {
        var (one, two) = (Pseudonyms.Keyed(s_key, "test"), Pseudonyms.Keyed([.. s_key, 1], "test"));
        Assert.NotEqual(one.Fingerprint, two.Fingerprint);
        Assert.NotEqual(one.Of("17850"), two.Of("17850"));
        Assert.Equal(one.Fingerprint, Pseudonyms.Keyed(s_key, "elsewhere").Fingerprint);
        Assert.Equal("17850", Pseudonyms.Published.Of("17850"));
    }

    [Fact]
    public void Without_a_key_one_is_made_beside_the_warehouse_for_its_owner_only()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Pseudonyms.EnvironmentVariable) is not null, "the environment has a key");
        using var folder = new TemporaryFolder();
        var first = Pseudonyms.For(null, folder.In("warehouse"));
        Assert.Equal(first.Fingerprint, Pseudonyms.For(null, folder.In("warehouse") + Path.DirectorySeparatorChar).Fingerprint);
        Assert.Contains("warehouse.key", first.Source, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.In("warehouse.key")));
    }

    [Fact]
    public void Short_and_missing_keys_are_refused_with_how_to_make_one()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("has 5 bytes; at least 16 are needed", Assert.Throws<ArgumentException>(() => Pseudonyms.FromFile(folder.Write("key", "short\n"))).Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -hex 32", Assert.Throws<FileNotFoundException>(() => Pseudonyms.FromFile(folder.In("none"))).Message, StringComparison.Ordinal);
    }
}
