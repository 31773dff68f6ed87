using static TorchSharp.torch;

namespace CustomerValue.Torch.Native;

/// <summary>Where weights lie and batches are computed: the processor, or the GPU of a build with -p:Torch=cuda.</summary>
/// <remarks>
/// libtorch makes new tensors there, and models are loaded to there; so nothing else names a device, except what reads or writes numbers one by one, which does
/// that in the processor's memory. A GPU adds up in no fixed order: the last digits of a training differ from one run to the next.
/// </remarks>
internal static class TorchDevice
{
    /// <summary>The setting, of the program's runtime configuration, that such a build carries.</summary>
    internal const string Setting = "CustomerValue.TorchDevice";

    /// <summary>The device of new tensors.</summary>
    internal static Device Current => get_default_device();

    /// <summary>Whether that is the processor.</summary>
    internal static bool IsProcessor => Current.type == TorchSharp.DeviceType.CPU;

    /// <summary>Uses the device that the build names, if there is one.</summary>
    internal static void UseBuilt()
    {
        if (AppContext.GetData(Setting) is not string name || name == "cpu") return;
        if (cuda.is_available()) set_default_device(name);
        else Console.Error.WriteLine($"libtorch: this build is for {name}, and no such device answers. The processor is used.");
    }
}
