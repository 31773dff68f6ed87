using CustomerValue.Text;
using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class TokenRowsTests
{
    private static readonly WordTokens[] s_texts =
        [.. Enumerable.Range(0, 40).Select(i => Enumerable.Range(0, 1 + i % 13).Select(at => 10 + 100 * i + at).ToArray()).Select(ids => new WordTokens(ids, [.. ids.Select(_ => true)]))];
    private static readonly SpecialTokens s_special = new(Pad: 0, Start: 2, End: 3, Mask: 4);

    [Fact]
    public void Packed_rows_are_full_and_hold_every_text_once()
    {
        var batches = new TokenRows(s_texts, s_special, RowLayout.Packed, maxTokens: 16, tokensPerBatch: 64, seed: 5).Epoch(0);
        var rows = batches.SelectMany(b => b).ToArray();
        Assert.All(rows, r => Assert.Equal(2, r.Ids[0]));
        Assert.Single(rows, r => r.Count < 16);
        Assert.Equal(s_texts.SelectMany(t => t.Ids).Order(), rows.SelectMany(r => r.Ids).Where(id => id > 4).Order());
    }

    [Fact]
    public void A_packed_text_keeps_its_order_and_ends_with_a_separator()
    {
        var rows = new TokenRows([s_texts[12]], s_special, RowLayout.Packed, maxTokens: 8, tokensPerBatch: 8, seed: 5).Epoch(0).SelectMany(b => b).ToArray();
        var ids = s_texts[12].Ids;                                   // 13 tokens: 7, then 6 with [SEP]
        Assert.Equal([[2, .. ids[..7]], [2, .. ids[7..], 3]], rows.Select(r => r.Ids).OrderBy(r => r[1]));
    }

    [Fact]
    public void Single_rows_are_cut_at_the_longest()
    {
        var rows = new TokenRows([s_texts[12]], s_special, RowLayout.Single, maxTokens: 6, tokensPerBatch: 64, seed: 5).Epoch(0)[0];
        Assert.Equal([2, .. s_texts[12].Ids[..4], 3], rows[0].Ids);
    }

    [Theory, InlineData(RowLayout.Single), InlineData(RowLayout.Packed)]
    internal void An_epoch_follows_from_the_seed_and_its_number(RowLayout layout)
    {
        var (rows, again) = (Make(), Make());
        _ = rows.Epoch(0);
        Assert.Equal(Told(again.Epoch(2)), Told(rows.Epoch(2)));
        Assert.NotEqual(Told(rows.Epoch(1)), Told(rows.Epoch(2)));
        Assert.Equal(rows.Count, rows.Epoch(3).Count);

        TokenRows Make() => new(s_texts, s_special, layout, 16, 64, 9);
        static string Told(IReadOnlyList<IReadOnlyList<WordTokens>> batches) => string.Join('\n', batches.Select(b => string.Join('/', b.Select(r => string.Join(' ', r.Ids)))));
    }
}
