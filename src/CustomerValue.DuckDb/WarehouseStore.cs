using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Text;

namespace CustomerValue.DuckDb;

/// <summary>A loaded warehouse with the features asked of it.</summary>
internal sealed class WarehouseStore(IngestReport report, IFeatureSource features) : IFeatureStore
{
    public IngestReport Report => report;

    public string Fingerprint => report.WarehouseFingerprint;

    public ICustomerRecords? Records => features.Records;

    public ITextEncoder? EncoderAt(DateOnly cutoff, CancellationToken cancellation = default) => features.EncoderAt(cutoff, cancellation);

    public IReadOnlyList<FeatureInfo> Catalogue => features.Catalogue;

    public FeatureTable At(DateOnly cutoff, CancellationToken cancellation = default) => features.At(cutoff, cancellation);

    public FeatureTable AtFirstOrders(FirstOrders period, CancellationToken cancellation = default) => features.AtFirstOrders(period, cancellation);

    public Labels LabelsFor(FeatureTable table, int horizonDays, CancellationToken cancellation = default) => features.LabelsFor(table, horizonDays, cancellation);
}
