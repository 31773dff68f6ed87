using CustomerValue.Tracking;

namespace CustomerValue.Mlflow;

/// <summary>A run being written to a server.</summary>
internal sealed class RestRun(MlflowRestClient client, TimeProvider time, string id, string experiment, RunInfoWire info) : ITrackedRun
{
    private bool _ended;

    public string Id => id;

    /// <summary>The id that the server gave it.</summary>
    public string ServerId => info.RunId;

    /// <summary>Where the server keeps its artifacts.</summary>
    public string ArtifactUri => info.ArtifactUri;

    /// <summary>The page that shows it.</summary>
    public string Link => client.Server.Link(experiment, info.RunId);

    public bool IsOf(MlflowRestClient other) => client == other;

    /// <summary>The run as the server has it now.</summary>
    public RunWire Wire() => client.Api.GetRun(ServerId);

    public void Parameters(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        try
        {
            foreach (var batch in Pairs(parameters, MlflowLimits.ParameterValue).Chunk(MlflowLimits.BatchParameters)) client.Api.LogBatch(ServerId, parameters: batch);
        }
        catch (MlflowException error) when (error.Message.Contains("Changing param values", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"A setting of run {Id} has another value at the server. A setting is recorded once; record what changes as a metric or a tag. {error.Message}", error);
        }
    }

    public void Metrics(IEnumerable<MetricPoint> points)
    {
        var now = time.GetUtcNow();
        foreach (var batch in points.Select(p => new MetricWire(MlflowLimits.Name(p.Name), p.Value, (p.At ?? now).ToUnixTimeMilliseconds(), p.Step)).Chunk(MlflowLimits.BatchMetrics))
            client.Api.LogBatch(ServerId, metrics: batch);
    }

    public void Tags(IEnumerable<KeyValuePair<string, string>> tags)
    {
        foreach (var batch in Pairs(tags, MlflowLimits.TagValue).Chunk(MlflowLimits.BatchTags)) client.Api.LogBatch(ServerId, tags: batch);
    }

    public void Input(DatasetInput input)
    {
        MlflowDataset.Check(input);
        client.Api.LogInputs(ServerId, [new(new(input.Name, input.Digest, input.SourceType, input.Source, input.Schema, input.Profile), [new(MlflowTags.DataContext, input.Context)])]);
    }

    public void Artifact(string path, Stream content)
    {
        // A further try reads the stream again; one that can't go back is kept.
        using var copy = new MemoryStream();
        if (!content.CanSeek) content.CopyTo(copy);
        var (source, start) = content.CanSeek ? (content, content.Position) : (copy, 0);
        client.Api.PutArtifact(ArtifactUri, ArtifactPath.Plain(path), () =>
        {
            source.Position = start;
            return new Borrowed(source);
        });
    }

    public ITrackedRun Nested(RunStart start) => client.Begin(start, experiment, this);

    public void End(RunStatus status, DateTimeOffset? at = null)
    {
        client.Api.UpdateRun(ServerId, status.ToString().ToUpperInvariant(), status == RunStatus.Running ? null : (at ?? time.GetUtcNow()).ToUnixTimeMilliseconds());
        _ended = true;
    }

    public void Dispose()
    {
        if (_ended) return;
        try
        {
            End(RunStatus.Failed);
        }
        catch (MlflowException) { }         // the error that led here says more; at the server the run stays as running
    }

    private static IEnumerable<PairWire> Pairs(IEnumerable<KeyValuePair<string, string>> pairs, int length) => pairs.Select(p => new PairWire(MlflowLimits.Name(p.Key), MlflowLimits.Text(p.Value, length)));

    /// <summary>A stream that whoever reads it may dispose without closing ours.</summary>
    private sealed class Borrowed(Stream inner) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => inner.Position = value; }
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);
        public override int Read(Span<byte> buffer) => inner.Read(buffer);
        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);
        public override void Flush() { }
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
