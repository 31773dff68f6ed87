using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Onnx;
using CustomerValue.Packaging;

namespace CustomerValue.Cli;

/// <summary>Every kind of model that this program can package and score: the core's and the engines'.</summary>
internal static class PackageCodecs
{
    public static ModelCodecs All { get; } = ModelCodecs.Core.With([.. LightGbmCodecs.All, .. MLNetCodecs.All, .. OnnxCodecs.All]);
}
