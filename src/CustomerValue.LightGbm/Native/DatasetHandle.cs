using System.Runtime.InteropServices;

namespace CustomerValue.LightGbm.Native;

/// <summary>Owns a native dataset.</summary>
internal sealed class DatasetHandle : SafeHandle
{
    public DatasetHandle() : base(0, ownsHandle: true) { }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LightGbmApi.LGBM_DatasetFree(handle) == 0;
}
