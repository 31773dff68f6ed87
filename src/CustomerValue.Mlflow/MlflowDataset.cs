using System.Security.Cryptography;
using System.Text;
using CustomerValue.Tracking;

namespace CustomerValue.Mlflow;

/// <summary>What MLflow takes of a data set, and ids that follow from what it is.</summary>
internal static class MlflowDataset
{
    /// <summary>Refuses a data set that no MLflow takes.</summary>
    public static void Check(DatasetInput input)
    {
        Within(input.Name, MlflowLimits.DatasetName, "name");
        Within(input.Digest, MlflowLimits.Digest, "digest");
        Within(input.Schema ?? "", MlflowLimits.Schema, "schema");

        void Within(string text, int length, string what)
        {
            if (text.Length > length) throw new ArgumentException($"The {what} of data set '{MlflowLimits.Text(input.Name, 100)}' has {text.Length} characters; MLflow takes {length}.", nameof(input));
        }
    }

    /// <summary>32 hexadecimal digits that follow from the parts.</summary>
    public static string Id(params string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..32];
}
