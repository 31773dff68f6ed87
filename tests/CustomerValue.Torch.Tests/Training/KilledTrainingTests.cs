using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Torch.Tests.Training;

/// <summary>A real process that trains, and is killed.</summary>
public class KilledTrainingTests
{
    private const string FolderVariable = "CUSTOMERVALUE_TEST_TRAINS_IN";

    // The test program itself is the child: where the variable is set it trains, and ends before any test runs.
#pragma warning disable CA2255 // a test program, started by this very test
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Child()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder) return;
        var model = BertForMaskedLM.Create(SmallLanguage.Config(), seed: 3);
        var options = new MaskedOptions { Training = new() { LearningRate = 2e-3, Steps = 60, Epochs = 100, TokensPerBatch = 128, CheckpointEvery = 10, Keep = KeptWeights.Average, EvaluateEvery = 25 } };
        var texts = SmallLanguage.Tokens(SmallLanguage.Reviews(200, 1).Texts);
        MaskedLanguageModelling.Train(model, options, texts, texts[..20], new LetterTokenizer().Special, folder, new Spoken(), TimeProvider.System, default);
        SafeTensorsWriter.Write(Path.Combine(folder, "end.safetensors"), TensorWeights.Of(model));
        Environment.Exit(0);
    }

    [Fact]
    public void A_killed_run_goes_on_and_ends_with_the_same_bits()
    {
        var (whole, killed) = (Directory.CreateTempSubdirectory().FullName, Directory.CreateTempSubdirectory().FullName);
        Assert.Equal(1, Run(whole, killAt: null));
        Run(killed, killAt: 37);
        Assert.False(File.Exists(Path.Combine(killed, "end.safetensors")));
        var began = Run(killed, killAt: null);

        Assert.InRange(began, 11, 51);                       // from a checkpoint, neither from the start nor at the end
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "end.safetensors")), File.ReadAllBytes(Path.Combine(killed, "end.safetensors")));
    }

    // The first step that the process told of.
    private static long Run(string folder, long? killAt)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(KilledTrainingTests).Assembly.Location);
        else start.FileName = Path.ChangeExtension(typeof(KilledTrainingTests).Assembly.Location, null);
        start.Environment[FolderVariable] = folder;
        using var process = Process.Start(start)!;
        long? first = null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (!line.StartsWith("step ", StringComparison.Ordinal)) continue;
            var step = long.Parse(line.AsSpan(5), CultureInfo.InvariantCulture);
            first ??= step;
            if (step == killAt) process.Kill();              // SIGKILL: nothing is told, nothing is tidied
        }
        process.WaitForExit();
        if (killAt is null) Assert.Equal(0, process.ExitCode);
        return first ?? 0;
    }

    private sealed class Spoken : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {value.Step}"));
    }
}
