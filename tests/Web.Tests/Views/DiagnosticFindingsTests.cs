using Tracker.Domain;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class DiagnosticFindingsTests
{
    [Fact]
    public void Values_have_words_and_units()
    {
        var found = Of(DiagnosticNames.Sharpness, ("samples", 10_000), ("sharpness1e-3", 205.14), ("loss", 0.0123));
        found.ShouldBe([new("ε = 1e-3", new("205", "%")), new("Training loss", new("0.0123", "nats")), new("Images", new("10,000"))]);
    }

    [Fact]
    public void Accuracies_are_percentages_and_their_difference_points()
    {
        var found = Of(DiagnosticNames.GhostStatistics, ("sequential", 0.8712), ("equal", 0.8690), ("difference", 0.0022));
        found.Select(f => f.Value.ToString()).ShouldBe(["87.12 %", "86.90 %", "+0.22 points"]);
    }

    [Fact]
    public void What_has_no_words_here_keeps_its_name()
    {
        var found = Of(DiagnosticNames.RandomPotential, ("alpha", 2.1), ("deviationAt0.50", 0.0016), ("future", 3));
        found.Select(f => f.Label).ShouldBe(["α", "Deviation at 0.50", "future"]);
    }

    [Theory]
    [InlineData(DiagnosticNames.NoiseScale)]
    [InlineData(DiagnosticNames.LayerDistances)]
    [InlineData(DiagnosticNames.DiffusionFit)]
    [InlineData(DiagnosticNames.Sharpness)]
    [InlineData(DiagnosticNames.HessianEigenvalue)]
    [InlineData(DiagnosticNames.RandomPotential)]
    [InlineData(DiagnosticNames.GhostStatistics)]
    public void Every_diagnostic_has_a_title(string name) => DiagnosticTitles.Of(name).ShouldNotBe(name);

    private static IReadOnlyList<DiagnosticFinding> Of(string name, params (string Name, double Value)[] values) =>
        DiagnosticFindings.Of(new(name, 1, values.ToDictionary(v => v.Name, v => v.Value)));
}
