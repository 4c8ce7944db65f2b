using Tracker.Domain;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

/// <summary>Specifications that are typed or pasted as JSON.</summary>
public sealed class JsonReadingTests
{
    private const string Faulty = """
        {
          "network": "f1",
          "dataset": "fashion-mnist",
          "smallBatch": 128,
          "seeds": [0,
            1,
            -5],
          "parameters": { "momentum": 0.9,
            "learningRate": [0.1, "quick"] },
          "epoch": 3
        }
        """;

    [Fact]
    public void Each_fault_points_at_the_line_of_its_value()
    {
        var reading = JsonReading.Of(Faulty);
        reading.Sweep.ShouldBeNull();
        reading.Faults.Select(fault => (fault.Path, fault.Line)).ShouldBe([("seeds[2]", 7), ("parameters.learningRate[1]", 9), ("epoch", 10)]);
    }

    [Theory]
    [InlineData("{ \"network\": \"f1\",\n  \"dataset\": \"mnist\"\n  \"seeds\": [0] }", 3)]
    [InlineData("{\n\n", 3)]
    [InlineData("", 1)]
    public void What_is_no_JSON_points_at_where_it_breaks(string text, int line)
    {
        var fault = JsonReading.Of(text).Faults.ShouldHaveSingleItem();
        (fault.Path, fault.Line).ShouldBe(("", line));
    }

    [Fact]
    public void What_is_missing_points_at_what_should_hold_it()
    {
        JsonReading.Of("{ \"smallBatch\":\n 128 }").Faults.ShouldAllBe(fault => fault.Line == 1);
    }

    [Fact]
    public void Every_preset_goes_through_the_form_and_back_into_the_same_text()
    {
        foreach (var preset in SweepPreset.All)
        {
            var text = preset.Sweep.ToJson(indented: true);
            var sweep = JsonReading.Of(text).Sweep.ShouldNotBeNull();
            SpecReader.ReadSweep(SweepDraft.Of(sweep).ToJson()).ToJson(indented: true).ShouldBe(text, preset.Name);
        }
    }
}
