using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CustomerValue.LightGbm.Native;

/// <summary>The functions of LightGBM's C API that are used here, name for name; see include/LightGBM/c_api.h of version 4.7.</summary>
/// <remarks>Each returns 0, or -1 with a message for the calling thread: pass every result through <see cref="Done"/>.</remarks>
internal static unsafe partial class LightGbmApi
{
    private const string Library = "lib_lightgbm";

    /// <summary>C_API_DTYPE_FLOAT32 and C_API_DTYPE_FLOAT64.</summary>
    internal const int Float32 = 0, Float64 = 1;

    /// <summary>C_API_PREDICT_NORMAL, _RAW_SCORE and _CONTRIB.</summary>
    internal const int PredictNormal = 0, PredictRaw = 1, PredictContributions = 3;

    /// <summary>C_API_FEATURE_IMPORTANCE_SPLIT and _GAIN.</summary>
    internal const int ImportanceSplits = 0, ImportanceGain = 1;

    // GNU OpenMP reads its settings once, when it is loaded. Left alone, its threads spin long between loops; where other processes want the processors too, they spin whole
    // time slices away, and fits took ten times as long. Spinning briefly costs about a tenth on a quiet machine; never spinning cost nearly half on 200 k rows and far
    // more on few. What the user has set stays. It is libc's own environment that counts, not .NET's copy.
    static LightGbmApi()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null) _ = SetEnvironment("GOMP_SPINCOUNT", "1000", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport(Library)]
    internal static partial int LGBM_DatasetCreateFromMat(
        void* data, int type, int rows, int columns, int isRowMajor, byte* parameters, nint reference, out DatasetHandle dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_DatasetSetField(DatasetHandle dataset, string field, void* data, int count, int type);

    [LibraryImport(Library)]
    internal static partial int LGBM_DatasetSetFeatureNames(DatasetHandle dataset, byte** names, int count);

    [LibraryImport(Library)]
    internal static partial int LGBM_DatasetFree(nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_BoosterCreate(DatasetHandle training, string parameters, out BoosterHandle booster);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterAddValidData(BoosterHandle booster, DatasetHandle validation);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterUpdateOneIter(BoosterHandle booster, out int finished);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterUpdateOneIterCustom(BoosterHandle booster, float* gradient, float* hessian, out int finished);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterGetPredict(BoosterHandle booster, int dataset, out long written, double* result);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterSaveModelToString(
        BoosterHandle booster, int firstRound, int rounds, int importance, long room, out long needed, byte* text);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_BoosterLoadModelFromString(string text, out int rounds, out BoosterHandle booster);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterFeatureImportance(BoosterHandle booster, int rounds, int kind, double* result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_BoosterPredictForMat(
        BoosterHandle booster, void* data, int type, int rows, int columns, int isRowMajor,
        int kind, int firstRound, int rounds, string parameters, out long written, double* result);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterFree(nint booster);

    [LibraryImport(Library)]
    private static partial int LGBM_RegisterLogCallback(delegate* unmanaged[Cdecl]<byte*, void> callback);

    [LibraryImport(Library)]
    private static partial byte* LGBM_GetLastError();

    [ThreadStatic]
    private static bool t_silenced;

    /// <summary>Makes sure that the library is there and that it writes nothing on standard output, which may carry JSON.</summary>
    /// <exception cref="LightGbmException">The library, or one that it needs, can't be loaded.</exception>
    internal static void Ready()
    {
        if (t_silenced) return;                      // LightGBM keeps its log callback per thread
        try
        {
            Done(LGBM_RegisterLogCallback(&Discard));
        }
        catch (DllNotFoundException error)
        {
            throw NotLoaded(error, OperatingSystem.IsLinux() && !NativeLibrary.TryLoad("libgomp.so.1", out _));
        }
        t_silenced = true;
    }

    /// <summary>What to tell a reader whose machine can't load the library.</summary>
    internal static LightGbmException NotLoaded(Exception error, bool openMpIsMissing) => new(openMpIsMissing
        ? "LightGBM needs the OpenMP runtime libgomp.so.1, and this machine has none. Install it: apt-get install libgomp1 (Debian, Ubuntu), " +
          "dnf install libgomp (Fedora, RHEL), apk add libgomp (Alpine)."
        : $"The native library of LightGBM can't be loaded: {error.Message} It comes with the package LightGBM for 64-bit x86 Linux, Windows and macOS; " +
          "publish for one of those (dotnet publish -r linux-x64).", error);

    /// <summary>Turns a failure into an exception that carries LightGBM's own words.</summary>
    /// <exception cref="LightGbmException"><paramref name="result"/> isn't 0.</exception>
    internal static void Done(int result, [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result == 0) return;
        var name = call.Split('(')[0].Replace("LightGbmApi.", "", StringComparison.Ordinal);
        throw new LightGbmException($"LightGBM refused ({name}): {Marshal.PtrToStringUTF8((nint)LGBM_GetLastError())}");
    }

    // Errors come back as return codes with a message; what is left are notes on its own tuning.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Discard(byte* text) { }
}
