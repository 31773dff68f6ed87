namespace CustomerValue.Packaging;

/// <summary>Writes the models of one type as plain numbers and open formats, and reads them back: parameters in JSON, what is large (LightGBM's texts, weights) as files beside it.</summary>
/// <remarks>A model that is made of others hands them to the writer, which finds their codecs. What is read back answers as what was written, bit for bit.</remarks>
public interface IModelCodec
{
    /// <summary>Name of the kind of model in files, kebab-case; never changes.</summary>
    string Kind { get; }

    /// <summary>Version of its parameters, from 1; grows when older programs couldn't read them.</summary>
    int Version { get; }

    /// <summary>The type of model that it writes and reads.</summary>
    Type Model { get; }

    /// <summary>Whether it writes a model of another type too: one that some engine fitted, and that is read back as <see cref="Model"/>.</summary>
    bool Takes(object model) => false;

    /// <summary>Software beside .NET whose formats or results the model holds or needs, with its licence; null for none.</summary>
    string? Notice { get; }

    /// <summary>Whether the model reads customers' records, which tables must come with then.</summary>
    bool ReadsRecords => false;

    /// <summary>How far the model's answers may be off on another processor, relative to their size above 1; 0 where they are the same but for the last digits of a double.</summary>
    double Tolerance => 0;

    /// <summary>Writes a model's parameters.</summary>
    void Write(object model, ModelWriter to);

    /// <summary>Reads a model from its parameters.</summary>
    /// <exception cref="PackageException">They aren't what was written.</exception>
    object Read(ModelReader from);
}

/// <summary>A codec from two functions.</summary>
/// <typeparam name="T">The type of model.</typeparam>
/// <param name="kind">Name of the kind, kebab-case.</param>
/// <param name="write">Writes the parameters.</param>
/// <param name="read">Reads them, in any order.</param>
/// <param name="version">Version of the parameters.</param>
/// <param name="notice">Software that the model holds or needs, with its licence.</param>
public sealed class ModelCodec<T>(string kind, Action<T, ModelWriter> write, Func<ModelReader, T> read, int version = 1, string? notice = null) : IModelCodec
    where T : notnull
{
    /// <inheritdoc/>
    public string Kind => kind;

    /// <inheritdoc/>
    public int Version => version;

    /// <inheritdoc/>
    public Type Model => typeof(T);

    /// <inheritdoc/>
    public string? Notice => notice;

    /// <inheritdoc/>
    public void Write(object model, ModelWriter to) => write((T)model, to);

    /// <inheritdoc/>
    public object Read(ModelReader from) => read(from);
}
