namespace CustomerValue;

/// <summary>Learns from data. Holds settings only, keeps no data, and may be fitted any number of times.</summary>
public interface IEstimator<in TData, out TFitted>
{
    /// <summary>Learns from <paramref name="data"/>; the same data give the same result.</summary>
    TFitted Fit(TData data);
}

/// <summary>A learned or fixed step from one shape of data to another.</summary>
public interface ITransform<in TIn, out TOut>
{
    /// <summary>Returns the transformed data; the input stays as it was.</summary>
    TOut Transform(TIn data);
}
