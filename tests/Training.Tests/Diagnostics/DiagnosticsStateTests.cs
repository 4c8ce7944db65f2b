using Tracker.Domain;

namespace Tracker.Training.Tests;

public sealed class DiagnosticsStateTests
{
    [Fact]
    public void Everything_comes_back_exactly()
    {
        var state = new DiagnosticsState
        {
            NoiseScale = default(NoiseScaleAverages).With(16, 64, 1.0 / 3, 0.1).With(16, 64, 0.7, 1.0 / 7),
            Diffusion = Enumerable.Range(1, 9).Aggregate(default(DiffusionMoments), (moments, t) => moments.With(t, Math.Sqrt(t) / 3)),
            Finished = { new(DiagnosticNames.RandomPotential, 1.0 / 3, new Dictionary<string, double> { ["alpha"] = 2.0 / 3, ["deviationAt0.50"] = 1e-9 }) },
        };
        state.Spend(DiagnosticNames.NoiseScale, 0.1);
        state.Spend(DiagnosticNames.NoiseScale, 0.2);

        var back = DiagnosticsState.Parse(state.ToText());
        back.NoiseScale.ShouldBe(state.NoiseScale);
        back.Diffusion.ShouldBe(state.Diffusion);
        back.Seconds.ShouldBe(state.Seconds);
        var (found, expected) = (back.Finished.ShouldHaveSingleItem(), state.Finished[0]);
        (found.Name, found.Seconds).ShouldBe((expected.Name, expected.Seconds));
        found.Values.ShouldBe(expected.Values);
    }
}
