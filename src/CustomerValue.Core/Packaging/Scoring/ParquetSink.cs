using Parquet;
using Parquet.Schema;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Scores as Parquet: row groups of bounded size, so that memory stays flat.</summary>
/// <param name="file">Where to.</param>
internal sealed class ParquetSink(WholeFile file) : IScoreSink
{
    private const int GroupRows = 16 * ICustomerSource.BlockRows;

    private readonly List<ScoredBlock> _waiting = [];
    private ParquetWriter? _writer;
    private DataField[] _fields = [];
    private int _rows;

    public ReadOnlyMemory<byte> Render(ScoredBlock block) => default;

    public void Write(ScoredBlock block, ReadOnlyMemory<byte> rendered)
    {
        _waiting.Add(block);
        _rows += block.Ids.Length;
        if (_rows >= GroupRows) Flush();
    }

    public void Complete()
    {
        Flush();
        _writer?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _writer = null;
        file.Complete();
    }

    public void Dispose()
    {
        if (_writer is not null) _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        file.Dispose();
    }

    private void Flush()
    {
        if (_waiting.Count == 0) return;
        FlushAsync().GetAwaiter().GetResult();
        _waiting.Clear();
        _rows = 0;
    }

    private async Task FlushAsync()
    {
        if (_writer is null)
        {
            _fields =
            [
                new DataField<string>(ModelSignature.CustomerId, nullable: false),
                .. _waiting[0].Numbers().Select(n => new DataField<double>(n.Name, nullable: false)),
                .. _waiting[0].Why().Select(w => new DataField<string>(w.Name, nullable: false)),
                .. _waiting[0].ToldTexts().Select(t => new DataField<string>(t.Name, nullable: false)),
            ];
            _writer = await ParquetWriter.CreateAsync(new ParquetSchema(_fields), file.Stream).ConfigureAwait(false);
        }
        using var group = _writer.CreateRowGroup();
        string[] ids = [.. _waiting.SelectMany(b => b.Ids)];
        await group.WriteAsync(_fields[0], ids).ConfigureAwait(false);
        var numbers = _waiting[0].Numbers().Count();
        for (var n = 0; n < numbers; n++)
        {
            double[] values = [.. _waiting.SelectMany(b => b.Numbers().ElementAt(n).Values)];
            await group.WriteAsync<double>(_fields[1 + n], values).ConfigureAwait(false);
        }
        var reasons = _waiting[0].Why().Count();
        for (var w = 0; w < reasons; w++)
        {
            string[] lines = [.. _waiting.SelectMany(b => Enumerable.Range(0, b.Ids.Length).Select(row => b.Line(b.Why().ElementAt(w).Why, row)))];
            await group.WriteAsync(_fields[1 + numbers + w], lines).ConfigureAwait(false);
        }
        for (var f = 1 + numbers + reasons; f < _fields.Length; f++)
        {
            string[] lines = [.. _waiting.SelectMany(b => Enumerable.Range(0, b.Ids.Length).Select(row => b.Line(b.ToldTexts().ElementAt(f - 1 - numbers - reasons).Answer, row)))];
            await group.WriteAsync(_fields[f], lines).ConfigureAwait(false);
        }
        group.CompleteValidate();
    }
}
