using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class ConfigurationTests
{
    [Fact]
    public void What_a_run_asks_of_its_place_is_told_and_compared()
    {
        var run = SampleHosts.RunOn("cuda:0");
        var timed = run with { Timing = true, Labels = ["a100", "fast-disk"], MemoryBytes = 40_000_000_000 };
        var rows = Configuration.Of(timed, run).Where(row => row.Differs).ToList();
        rows.Select(row => (row.Field, row.Value, row.Other)).ShouldBe(
            [("timed alone", "yes", "no"), ("host labels", "a100, fast-disk", "–"), ("device memory", "40 GB", "–")]);
    }
}
