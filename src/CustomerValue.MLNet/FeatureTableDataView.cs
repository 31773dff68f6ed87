using CustomerValue.Features;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CustomerValue.MLNet;

/// <summary>A feature table behind ML.NET's interface: cursors read the table's own arrays.</summary>
internal sealed class FeatureTableDataView : IDataView
{
    private readonly FeatureTable _table;

    public FeatureTableDataView(FeatureTable table)
    {
        _table = table;
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(FeatureTableView.CustomerId, TextDataViewType.Instance);
        foreach (var feature in table.Features) schema.AddColumn(feature.Name, NumberDataViewType.Double);
        var slots = new DataViewSchema.Annotations.Builder();
        var names = new VBuffer<ReadOnlyMemory<char>>(table.Features.Count, [.. table.Features.Select(f => f.Name.AsMemory())]);
        slots.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, table.Features.Count), (ref VBuffer<ReadOnlyMemory<char>> value) => names.CopyTo(ref value));
        schema.AddColumn(FeatureTableView.Features, new VectorDataViewType(NumberDataViewType.Single, table.Features.Count), slots.ToAnnotations());
        Schema = schema.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _table.Rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(_table, Schema, [.. columnsNeeded.Select(c => c.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(FeatureTable table, DataViewSchema schema, HashSet<int> active) : DataViewRowCursor
    {
        private int _row = -1;

        public override long Position => _row;

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override bool MoveNext() => _row < table.Rows && ++_row < table.Rows;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Delegate getter = column.Index switch
            {
                0 => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> id) => id = table.CustomerIds[_row].AsMemory()),
                var last when last == table.Features.Count + 1 => (ValueGetter<VBuffer<float>>)Vector,
                var feature => Values(table.Columns[feature - 1]),
            };
            return getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
                $"Column '{column.Name}' holds {column.Type}; it can't be read as {typeof(TValue).Name}.");
        }

        private ValueGetter<double> Values(double[] column) => (ref double value) => value = column[_row];

        private void Vector(ref VBuffer<float> vector)
        {
            var editor = VBufferEditor.Create(ref vector, table.Columns.Count);
            for (var c = 0; c < table.Columns.Count; c++) editor.Values[c] = (float)table.Columns[c][_row];
            vector = editor.Commit();
        }
    }
}
