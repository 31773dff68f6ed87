using System.Text;
using CustomerValue.LightGbm.Native;

namespace CustomerValue.LightGbm;

/// <summary>A booster that grows, one tree a round. Native memory: dispose it; <see cref="Model"/> hands out what was learned.</summary>
public sealed class BoosterTraining : IDisposable
{
    private readonly BoosterHandle _booster;
    private readonly BoostingDataset _training;
    private readonly BoostingDataset? _validation;
    private readonly GradientFunction? _gradient;
    private readonly float[] _derivatives;
    private readonly double[] _scores;

    /// <param name="training">Rows to learn from; the caller disposes them after this.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="options">How trees are grown.</param>
    /// <param name="seed">Decides the rows and columns that a tree sees.</param>
    /// <param name="threads">Threads; sums, and so the last digits, depend on it.</param>
    /// <param name="validation">Rows that are scored as the booster grows, binned with the training rows as reference.</param>
    /// <exception cref="LightGbmException">LightGBM refuses, with its words: labels that the objective can't take, for one.</exception>
    public BoosterTraining(
        BoostingDataset training, BoostingObjective objective, LightGbmOptions options, int seed, int threads = 1, BoostingDataset? validation = null)
    {
        LightGbmApi.Ready();
        (_training, _validation, _gradient) = (training, validation, objective.Gradient);
        (_derivatives, _scores) = _gradient is null ? ([], []) : (new float[2 * training.Rows], new double[training.Rows]);
        LightGbmApi.Done(LightGbmApi.LGBM_BoosterCreate(training.Handle, options.BoosterParameters(objective, seed, threads), out _booster));
        if (validation is not null) LightGbmApi.Done(LightGbmApi.LGBM_BoosterAddValidData(_booster, validation.Handle));
    }

    /// <summary>Trees grown so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>Grows one tree.</summary>
    /// <returns>Whether there was still something to split; when false, further rounds change nothing.</returns>
    public bool Grow()
    {
        LightGbmApi.Ready();
        var finished = _gradient is null ? GrowByObjective() : GrowByGradient(_gradient);
        Rounds++;
        return !finished;
    }

    /// <summary>Writes the answers for the validation rows as the booster stands, transformed as the objective says.</summary>
    /// <param name="answers">[validation rows]: to be filled.</param>
    public unsafe void Validate(Span<double> answers)
    {
        Check.SameLength(_validation?.Rows ?? 0, answers.Length, nameof(answers));
        fixed (double* result = answers)
            LightGbmApi.Done(LightGbmApi.LGBM_BoosterGetPredict(_booster, 1, out _, result));
    }

    /// <summary>What was learned in the first <paramref name="rounds"/> rounds, or in all.</summary>
    public unsafe Booster Model(int? rounds = null)
    {
        LightGbmApi.Done(LightGbmApi.LGBM_BoosterSaveModelToString(
            _booster, 0, rounds ?? -1, LightGbmApi.ImportanceGain, 0, out var needed, null));
        var text = new byte[needed];
        fixed (byte* start = text)
            LightGbmApi.Done(LightGbmApi.LGBM_BoosterSaveModelToString(
                _booster, 0, rounds ?? -1, LightGbmApi.ImportanceGain, needed, out needed, start));
        return Booster.Load(Encoding.UTF8.GetString(text.AsSpan(0, (int)needed).TrimEnd((byte)0)));
    }

    public void Dispose() => _booster.Dispose();

    private bool GrowByObjective()
    {
        LightGbmApi.Done(LightGbmApi.LGBM_BoosterUpdateOneIter(_booster, out var finished));
        return finished != 0;
    }

    private unsafe bool GrowByGradient(GradientFunction gradient)
    {
        fixed (double* result = _scores)
            LightGbmApi.Done(LightGbmApi.LGBM_BoosterGetPredict(_booster, 0, out _, result));
        var first = _derivatives.AsSpan(0, _training.Rows);
        var second = _derivatives.AsSpan(_training.Rows);
        gradient(_scores, _training.Labels, first, second);
        int finished;
        fixed (float* g = first, h = second)
            LightGbmApi.Done(LightGbmApi.LGBM_BoosterUpdateOneIterCustom(_booster, g, h, out finished));
        return finished != 0;
    }
}
