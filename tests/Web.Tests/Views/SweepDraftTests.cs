using Tracker.Domain;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class SweepDraftTests
{
    public static TheoryData<string> Presets => [.. SweepPreset.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Presets))]
    public void A_sweep_comes_out_of_the_form_as_it_went_in(string preset)
    {
        var sweep = SweepPreset.Find(preset)!.Sweep;
        var again = SpecReader.ReadSweep(SweepDraft.Of(sweep).ToJson());
        again.ToJson().ShouldBe(sweep.ToJson());
    }

    [Fact]
    public void Every_option_comes_out_of_the_form_as_it_went_in()
    {
        var sweep = SpecReader.ReadSweep("""
            { "network": "f1", "dataset": "fashion-mnist", "largeBatch": 4096, "precision": "tf32", "initialScale": 0.01, "validationExamples": 5000, "selection": "mean-last-3",
              "protocol": { "lastBatch": "drop", "momentumReset": "epoch", "decay": "weights", "ghostStatistics": "equal" },
              "diagnostics": { "sharpness": true, "diffusionFit": true, "targets": [0.8, 0.855] },
              "parameters": { "optimizer": "emso", "proximal": 0.5, "innerSteps": 7, "warmUp": 20, "scaling": "fixed", "scaledRate": 0.3 } }
            """);
        var draft = SweepDraft.Of(sweep);
        SpecReader.ReadSweep(draft.ToJson()).ToJson().ShouldBe(sweep.ToJson());
        draft.Options.Changes.ShouldBe(14);
        SweepDraft.Of(SweepPreset.QuickStart.Sweep).Options.Changes.ShouldBe(0);
    }

    [Fact]
    public void What_a_sweep_asks_of_its_place_comes_out_as_it_went_in()
    {
        var sweep = SpecReader.ReadSweep("""
            { "network": "f1", "dataset": "fashion-mnist", "largeBatch": 4096, "timing": true, "labels": ["a100", "rack-2"], "deviceMemoryGb": 39.5 }
            """);
        var again = SpecReader.ReadSweep(SweepDraft.Of(sweep).ToJson());
        again.ToJson().ShouldBe(sweep.ToJson());
        again.Placement.Timing.ShouldBeTrue();
        again.Placement.Labels.ShouldBe(["a100", "rack-2"]);
        again.Placement.DeviceMemoryGb.ShouldBe(39.5);
    }

    [Fact]
    public void Labels_of_digits_stay_words()
    {
        var draft = SweepDraft.Of(SweepPreset.QuickStart.Sweep);
        draft.Labels.Add("2080");
        SpecReader.ReadSweep(draft.ToJson()).Placement.Labels.ShouldBe(["2080"]);
    }

    [Theory]
    [InlineData("abc", "validationExamples")]
    [InlineData("59999", "validationExamples")]
    public void A_wrong_option_is_refused_under_its_field(string text, string field)
    {
        var draft = SweepDraft.Of(SweepPreset.QuickStart.Sweep);
        draft.Options.ValidationExamples = text;
        new FieldFaults(Should.Throw<SpecificationException>(() => SpecReader.ReadSweep(draft.ToJson())).Errors)[field].ShouldNotBeNull();
    }

    [Fact]
    public void What_was_typed_survives_being_kept()
    {
        var draft = SweepDraft.Of(SweepPreset.QuickStart.Sweep);
        draft.Epochs = "abc";
        draft.LargeBatch.Add("12x");
        SweepDraft.Deserialize(draft.Serialize())!.Serialize().ShouldBe(draft.Serialize());
        SweepDraft.Deserialize("{ not json").ShouldBeNull();
    }

    [Fact]
    public void A_wrong_value_is_refused_under_the_field_it_was_typed_in()
    {
        var draft = SweepDraft.Of(SweepPreset.QuickStart.Sweep);
        draft.Epochs = "abc";
        draft.LargeBatch.Add("64x");
        draft.LearningRate.Add("-1");
        var faults = new FieldFaults(Should.Throw<SpecificationException>(() => SpecReader.ReadSweep(draft.ToJson())).Errors);
        faults["epochs"].ShouldNotBeNull().ShouldContain("\"abc\"");
        faults.Of("largeBatch").Keys.ShouldBe([1]);
        faults.Of("learningRate").Keys.ShouldBe([1]);
        faults["seeds"].ShouldBeNull();
        faults.Count.ShouldBe(3);
    }

    [Fact]
    public void No_method_at_all_is_a_fault_and_does_not_mean_all_methods()
    {
        var draft = SweepDraft.Of(SweepPreset.QuickStart.Sweep);
        draft.Methods.Clear();
        new FieldFaults(Should.Throw<SpecificationException>(() => SpecReader.ReadSweep(draft.ToJson())).Errors)["methods"].ShouldNotBeNull();
    }

    [Fact]
    public void Thousands_may_be_typed_with_commas()
    {
        var draft = SweepDraft.Of(SweepPreset.QuickStart.Sweep);
        draft.TrainExamples = "20,000";
        SpecReader.ReadSweep(draft.ToJson()).TrainExamples.ShouldBe(20_000);
    }

    [Fact]
    public void Another_network_brings_its_own_settings_but_keeps_what_was_changed()
    {
        var draft = SweepDraft.Of(SweepPreset.Find("table-1-f1")!.Sweep);
        draft.Epochs = "7";
        draft.ChangeNetwork("c1");
        var sweep = SpecReader.ReadSweep(draft.ToJson());
        sweep.Dataset.ShouldBe("fashion-mnist-32");
        sweep.LearningRates.ShouldBe([Catalogue.GetNetwork("c1").Regime.Phases[0].LearningRate]);
        sweep.WeightDecays.ShouldBe([Catalogue.GetNetwork("c1").Regime.WeightDecay]);
        sweep.Epochs.ShouldBe(7);
    }

    [Fact]
    public void The_settings_of_a_run_serve_for_another_method_with_other_seeds()
    {
        var run = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [1024], "methods": ["lb"], "epochs": 3, "trainExamples": 5000 }""")[0].Spec;
        var sweep = SpecReader.ReadSweep(SweepDraft.Like(run, "lb+lr+gbn", 2).ToJson());
        var made = SweepExpander.Expand(sweep).Runs;
        made.Select(one => (one.Method.ToString(), one.Batch, one.Seed, one.Epochs, one.TrainExamples)).ShouldBe([("lb+lr+gbn", 1024, 0, 3, 5000), ("lb+lr+gbn", 1024, 1, 3, 5000)]);
        made[0].Parameters.ShouldBe(run.Parameters);
    }

    [Fact]
    public void Errors_are_told_only_of_fields_that_were_left()
    {
        var form = new FormState { Faults = new([new SpecError("epochs", "wrong"), new SpecError("parameters.clip", "wrong too")]) };
        form.Error("epochs").ShouldBeNull();
        form.Leave("epochs");
        (form.Error("epochs"), form.Error("clip")).ShouldBe(("wrong", null));
        form.ShowAll = true;
        form.Error("clip").ShouldBe("wrong too");
    }
}
