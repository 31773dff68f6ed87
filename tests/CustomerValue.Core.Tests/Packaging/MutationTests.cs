using CustomerValue.Models;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Packaging;

/// <summary>Spoiled packages of core models; LightGbm.Tests and Cli.Tests do the same to boosted trees and to what the experiments make.</summary>
public class MutationTests
{
    [Fact]
    public void Spoiled_packages_are_refused_or_score_as_before() => Assert.True(
        PackageMutations.Run(SamplePackage.Package, ModelCodecs.Core, SamplePackage.Test.Features, seed: 20240701, count: 1_000).Refused > 800);
}
