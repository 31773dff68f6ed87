using System.Globalization;

namespace CustomerValue.LightGbm;

/// <summary>How trees are grown and how many. Every option can be left out.</summary>
public sealed record LightGbmOptions
{
    /// <summary>Share of each tree's answer that is added. Smaller wants more rounds.</summary>
    public double LearningRate { get; init => field = Check.Within(value, 1e-4, 1.0); } = 0.05;

    /// <summary>Leaves of one tree: how many features may act together.</summary>
    public int Leaves { get; init => field = Check.Within(value, 2, 131_072); } = 7;

    /// <summary>Least number of training rows in a leaf. Raise it first when a model learns its rows by heart.</summary>
    public int MinRowsInLeaf { get; init => field = Check.Within(value, 1, 1_000_000); } = 40;

    /// <summary>Pull of leaf values towards 0, by their size.</summary>
    public double L1 { get; init => field = Check.Within(value, 0, 1e6); }

    /// <summary>Pull of leaf values towards 0, by their square.</summary>
    public double L2 { get; init => field = Check.Within(value, 0, 1e6); } = 5;

    /// <summary>Pull of a leaf's value towards its parent's, in rows: a leaf of as many rows goes half-way.</summary>
    public double PathSmoothing { get; init => field = Check.Within(value, 0, 1e6); }

    /// <summary>Share of the columns that one tree sees.</summary>
    public double FeatureFraction { get; init => field = Check.Within(value, 0.01, 1.0); } = 0.5;

    /// <summary>Share of the rows that one tree sees; drawn anew for every tree.</summary>
    public double BaggingFraction { get; init => field = Check.Within(value, 0.01, 1.0); } = 0.7;

    /// <summary>Most bins that a column is cut into.</summary>
    public int MaxBins { get; init => field = Check.Within(value, 2, 65_535); } = 255;

    /// <summary>Most rounds; early stopping usually ends before.</summary>
    public int MaxRounds { get; init => field = Check.Within(value, 1, 100_000); } = 2000;

    /// <summary>Rounds without a better validation loss after which the search for the number of rounds ends.</summary>
    public int Patience { get; init => field = Check.Within(value, 1, 10_000); } = 60;

    /// <summary>Groups of customers that take turns as validation; see <see cref="Models.TimeOrderedFolds"/>.</summary>
    public int Folds { get; init => field = Check.Within(value, 2, 20); } = 4;

    /// <summary>Models, alike but for their seed, whose raw scores are averaged.</summary>
    public int Seeds { get; init => field = Check.Within(value, 1, 100); } = 3;

    /// <summary>Columns to learn from; null stands for all of the table but <see cref="Exclude"/> and text vectors; see <see cref="Features.LearnedColumns"/>.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    internal string DatasetParameters(int threads) =>
        Text($"max_bin={MaxBins} min_data_in_leaf={MinRowsInLeaf} num_threads={threads} deterministic=true force_row_wise=true verbosity=-1");

    internal string BoosterParameters(BoostingObjective objective, int seed, int threads) =>
        Text($"{objective.Parameters} metric=none learning_rate={LearningRate} num_leaves={Leaves} lambda_l1={L1} lambda_l2={L2} path_smooth={PathSmoothing} ") +
        Text($"feature_fraction={FeatureFraction} bagging_fraction={BaggingFraction} bagging_freq={(BaggingFraction < 1 ? 1 : 0)} seed={seed & int.MaxValue} ") +
        DatasetParameters(threads);

    /// <summary>The options as names and values, for a run's log.</summary>
    internal Dictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["learning_rate"] = Text($"{LearningRate}"),
        ["leaves"] = Text($"{Leaves}"),
        ["min_rows_in_leaf"] = Text($"{MinRowsInLeaf}"),
        ["l1"] = Text($"{L1}"),
        ["l2"] = Text($"{L2}"),
        ["path_smoothing"] = Text($"{PathSmoothing}"),
        ["feature_fraction"] = Text($"{FeatureFraction}"),
        ["bagging_fraction"] = Text($"{BaggingFraction}"),
        ["max_bins"] = Text($"{MaxBins}"),
        ["max_rounds"] = Text($"{MaxRounds}"),
        ["patience"] = Text($"{Patience}"),
        ["folds"] = Text($"{Folds}"),
        ["seeds"] = Text($"{Seeds}"),
        ["columns"] = Columns is null ? "all" : string.Join(' ', Columns),
        ["exclude"] = string.Join(' ', Exclude),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
