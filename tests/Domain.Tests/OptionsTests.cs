using System.Text.Json.Nodes;

namespace Tracker.Domain.Tests;

public sealed class OptionsTests
{
    private const string Everything = """
        { "network": "f1", "dataset": "fashion-mnist", "method": "lb+lr+noise", "batch": 4096, "normalization": "none", "precision": "bf16",
          "initialScale": 0.1, "validationExamples": 5000, "selection": "mean-last-3",
          "protocol": { "lastBatch": "drop", "momentumReset": "epoch", "decay": "weights", "ghostStatistics": "equal" },
          "diagnostics": { "noiseScale": true, "sharpness": true, "hessianEigenvalue": true, "layerDistances": true, "diffusionFit": true,
                           "randomPotential": true, "ghostStatistics": true, "targets": [0.85, 0.8] },
          "parameters": { "optimizer": "lars", "warmUp": 100, "trust": 0.02, "scaling": "fixed", "scaledRate": 0.5, "noiseVariance": 7 } }
        """;

    [Fact]
    public void Every_option_is_read()
    {
        var run = SpecReader.ReadRun(Everything);

        run.Options.ShouldBe(new ExperimentOptions
        {
            Normalization = NormalizationKind.None, Precision = Precision.Bf16, InitialScale = 0.1, ValidationExamples = 5000,
            Selection = new(SelectionKind.MeanOfLast, 3),
            Protocol = new() { LastBatch = LastBatch.Drop, MomentumReset = MomentumReset.Epoch, Decay = DecayScope.Weights, GhostStatistics = GhostStatistics.Equal },
            Diagnostics = new()
            {
                NoiseScale = true, Sharpness = true, HessianEigenvalue = true, LayerDistances = true, DiffusionFit = true, RandomPotential = true,
                GhostStatistics = true, Targets = [0.8, 0.85],
            },
        });
        run.Parameters.Settings.ShouldBe(new OptimizerSettings { Kind = OptimizerKind.Lars, WarmUp = 100, Trust = 0.02, ScaledRate = 0.5 });
        run.TrainingSplit.ShouldBe(55_000);
    }

    [Fact]
    public void What_is_written_is_read_back_whole_or_by_options_alone()
    {
        var run = SpecReader.ReadRun(Everything);
        var bare = run with { Options = new(), Parameters = run.Parameters with { Settings = new() } };

        SpecReader.ReadRun(run.ToJson()).ShouldBe(run);
        SpecReader.ReadOptions(run.OptionsJson(), bare).ShouldBe(run);
        bare.OptionsJson().ShouldBe("{}");
    }

    [Fact]
    public void A_sweep_hands_its_options_to_every_run()
    {
        var sweep = Specs.Sweep(""","normalization":"none","selection":"best","parameters":{"optimizer":"emso","proximal":0.1,"innerSteps":5}""");

        sweep.Methods.Select(m => m.ToString()).ShouldBe(["sb", "lb", "lb+lr"]);
        var runs = SweepExpander.Expand(SpecReader.ReadSweep(sweep.ToJson())).Runs;
        runs.ShouldAllBe(r => r.Normalization == NormalizationKind.None && r.Selection == SelectionRule.Best
            && r.Parameters.Settings == new OptimizerSettings { Kind = OptimizerKind.Emso, Proximal = 0.1, InnerSteps = 5 });
    }

    [Fact]
    public void Options_at_their_defaults_leave_the_fingerprint_as_it_was_before_they_existed()
    {
        var run = Specs.Run("lb+lr+gbn");

        run.Fingerprint().ShouldBe("c0ad7126001a744bb6d5660761f1fa0740af392e0553ac5b76920ab592fbecaa");
        (run with { Protocol = new() { LastBatch = LastBatch.Drop } }).Fingerprint().ShouldNotBe(run.Fingerprint());
        JsonNode.Parse(run.ToJson())!["protocol"]!["lastBatch"]!.GetValue<string>().ShouldBe("keep");
    }

    [Fact]
    public void A_variant_names_what_changes_a_result_and_nothing_else()
    {
        SpecReader.ReadRun(Everything).Variant().ShouldBe(
            "no batch normalization, initial weights × 0.1, bfloat16, noise variance 7, LARS with trust 0.02, scaled rate 0.5, warm-up of 100 updates, "
            + "last partial batch dropped, momentum reset each epoch, decay on weights only, equal-weight ghost statistics, "
            + "5000 held out for validation, mean of the last 3 epochs");
        (Specs.Run("sb") with { Diagnostics = new() { Sharpness = true } }).Variant().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"selection\":\"mean-last-0\"", "selection", "Expected 'final', 'best' or 'mean-last-K' with K from 1 to 1000, found 'mean-last-0'.")]
    [InlineData("\"protocol\":{\"lastbatch\":\"drop\"}", "protocol.lastbatch", "Unknown field 'lastbatch'. Did you mean 'lastBatch'?")]
    [InlineData("\"diagnostics\":{\"targets\":[85]}", "diagnostics.targets[0]", "Expected a number above 0 to 1, found 85.")]
    [InlineData("\"parameters\":{\"trust\":0.1}", "parameters.trust", "Used with optimizer 'lars' only: leave it out, or choose that.")]
    [InlineData("\"parameters\":{\"scaling\":\"fixed\"}", "parameters.scaledRate", "Scaling 'fixed' needs the rate that +lr trains with.")]
    [InlineData("\"normalization\":\"none\",\"methods\":[\"lb\",\"lb+gbn\"]", "normalization", "Method 'lb+gbn' needs batch normalization. Leave it out, or take 'batch'.")]
    [InlineData("\"validationExamples\":56000", "largeBatch[1]", "Batch 4096 is larger than the training set of 4000 images. Take 4000 or less.")]
    [InlineData("\"precision\":\"tf32\",\"device\":\"cpu\"", "precision", "'tf32' is a mode of CUDA devices. Take 'float32', or another device.")]
    public void A_faulty_option_is_named(string option, string path, string message)
    {
        var error = Specs.SweepErrors($$"""{"network":"f1","dataset":"fashion-mnist","smallBatch":128,"largeBatch":[1024,4096],{{option}}}""").ShouldHaveSingleItem();

        error.Path.ShouldBe(path);
        error.Message.ShouldBe(message);
    }

    [Fact]
    public void Warm_up_rises_from_the_small_batch_rate_in_a_straight_line()
    {
        var plan = RunPlan.For(SpecReader.ReadRun(
            """{"network":"f1","dataset":"fashion-mnist","method":"lb+lr","batch":2048,"parameters":{"warmUp":10,"scaling":"linear"}}"""));

        plan.Schedule.RateAt(0).ShouldBe(0.1, 1e-12);
        plan.Schedule.RateAt(5).ShouldBe(0.85, 1e-12);
        plan.Schedule.RateAt(10).ShouldBe(1.6, 1e-12);
        RunPlan.For(SpecReader.ReadRun("""{"network":"f1","dataset":"fashion-mnist","parameters":{"warmUp":10}}""")).Schedule.RateAt(0).ShouldBe(0.1);
    }

    [Theory]
    [InlineData("none", 0.1)]
    [InlineData("linear", 3.2)]
    [InlineData("sqrt", 0.565685424949238)]
    [InlineData("fixed", 0.7)]
    public void Each_scaling_gives_its_rate(string scaling, double rate)
    {
        var extra = scaling == "fixed" ? ",\"scaledRate\":0.7" : "";
        var spec = SpecReader.ReadRun($$$"""{"network":"f1","dataset":"fashion-mnist","method":"lb+lr","batch":4096,"parameters":{"scaling":"{{{scaling}}}"{{{extra}}}}}""");

        RunPlan.For(spec).InitialLearningRate.ShouldBe(rate, 1e-12);
    }

    [Theory]
    [InlineData("keep", 0, 15)]
    [InlineData("drop", 0, 14)]
    [InlineData("drop", 5000, 13)]
    [InlineData("keep", 5000, 14)]
    public void The_split_and_the_last_batch_decide_the_updates_of_an_epoch(string lastBatch, int heldOut, int steps)
    {
        var spec = SpecReader.ReadRun(
            $$$"""{"network":"f1","dataset":"fashion-mnist","method":"lb","batch":4096,"validationExamples":{{{heldOut}}},"protocol":{"lastBatch":"{{{lastBatch}}}"}}""");

        RunPlan.For(spec).StepsPerEpoch.ShouldBe(steps);
    }
}
