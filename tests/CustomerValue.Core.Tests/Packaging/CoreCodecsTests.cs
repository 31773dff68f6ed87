using System.Text;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;
using CustomerValue.Packaging;
using CustomerValue.Testing;
using CustomerValue.Tests.Models.Btyd;

namespace CustomerValue.Tests.Packaging;

/// <summary>Models of purchase histories in packages; all other candidates keep their answers by the candidates' contract.</summary>
public class CoreCodecsTests
{
    private static readonly TrainingData s_data = Data();

    public static TheoryData<ICandidate> Candidates { get; } =
    [
        new BtydLifetimeValue(new BgNbd(), new GammaGamma()),
        new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true), annualDiscountRate: 0.1),
        new BtydLifetimeValue(new ParetoNbd()),
        new WithFeatures(new BtydFeatures(new MbgNbd(), new GammaGamma(), Horizon.OfWeeks(26)), new SpendSoFar(SpendScale.AsItStands, "expected_spend")),
        new GeometricBlend([new BtydLifetimeValue(new BgNbd(), new GammaGamma()), new SpendSoFar(SpendScale.AsItStands, "mean_spend")]),
    ];

    [Theory, MemberData(nameof(Candidates), DisableDiscoveryEnumeration = true)]
    public void A_package_round_trip_changes_no_answer(ICandidate candidate)
    {
        var fitted = candidate.Fit(s_data, new(7));
        var packaged = ModelCodecs.Core.Read(ModelCodecs.Core.Write(fitted));
        var (before, after) = (fitted.Predict(s_data.Current), packaged.Predict(s_data.Current.Select(packaged.Columns)));
        Assert.Equal(before.Spend, after.Spend);
        Assert.Equal(before.Churn, after.Churn);
        Assert.Equal(before.Purchases, after.Purchases);
    }

    [Fact]
    public void Every_fitted_candidate_of_the_house_has_a_codec()
    {
        var fitted = typeof(IFittedCandidate).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IFittedCandidate)) && t is { IsInterface: false, IsAbstract: false, Namespace: not "CustomerValue.Packaging" });
        Assert.Empty(fitted.Except(ModelCodecs.Core.All.Select(c => c.Model)));
    }

    [Fact]
    public void A_history_model_that_stands_twice_is_read_once_and_answers_the_same()
    {
        ICandidate mbg = new BtydLifetimeValue(new MbgNbd(), new GammaGamma());
        var fitted = new GeometricBlend([mbg, new GeometricBlend([mbg, new SpendSoFar(SpendScale.AsItStands, "mean_spend")])]).Fit(s_data, new(7));
        var read = Assert.IsType<FittedGeometricBlend>(ModelCodecs.Core.Read(ModelCodecs.Core.Write(fitted), new SharedModels()));
        Assert.Same(read.Members[0], Assert.IsType<FittedGeometricBlend>(Unwrapped(read.Members[1])).Members[0]);
        Assert.Equal(fitted.Predict(s_data.Current).Spend, read.Predict(s_data.Current).Spend);

        // A blend inside may itself be remembered; what it holds is what counts.
        static IFittedCandidate Unwrapped(IFittedCandidate model) => model is FittedGeometricBlend ? model
            : (IFittedCandidate)model.GetType().GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance).Select(f => f.GetValue(model)).First(v => v is FittedGeometricBlend)!;
    }

    [Fact]
    public void Reasons_of_a_history_model_add_up_to_its_answers()
    {
        var fitted = new BtydLifetimeValue(new MbgNbd(), new GammaGamma()).Fit(s_data, new(7));
        ReasonsContract.AddsUp(fitted, s_data.Current, Answer.Churn);
        ReasonsContract.AddsUp(fitted, s_data.Current, Answer.Spend, offset: 1);
        ReasonsContract.AddsUp(new LogitBlend([new BtydLifetimeValue(new MbgNbd()), new BtydLifetimeValue(new BgNbd())]).Fit(s_data, new(7)), s_data.Current, Answer.Churn);
    }

    [Theory, InlineData("0"), InlineData("-1"), InlineData("1e300"), InlineData("1e-300")]
    public void Parameters_that_no_fit_finds_are_refused(string r)
    {
        var files = ModelCodecs.Core.Write(new BtydLifetimeValue(new MbgNbd()).Fit(s_data, new(7)));
        var text = files.Text("model.json");
        var start = text.IndexOf("\"r\": ", StringComparison.Ordinal) + 5;
        var spoiled = new PackageFiles();
        spoiled.Add("model.json", Encoding.UTF8.GetBytes(text[..start] + r + text[text.IndexOf(',', start)..]));
        Assert.Contains("'r' is " + r, Assert.Throws<PackageException>(() => ModelCodecs.Core.Read(spoiled)).Message, StringComparison.Ordinal);
    }

    private static TrainingData Data()
    {
        var simulated = Simulated.Histories(400, 3);
        double[] spend = [.. Enumerable.Range(0, 400).Select(i => 20.0 + i % 17)];
        var histories = simulated with { MeanSpend = spend, MeanRepeatSpend = [.. spend.Select((s, i) => simulated.Frequency[i] > 0 ? s + i % 5 : 0)] };
        return new([], BtydLifetimeValueTests.Table(histories), 182);
    }
}
