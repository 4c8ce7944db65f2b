using FsCheck.Fluent;

namespace Tracker.Domain.Tests;

public sealed class SpecReaderTests
{
    [Fact]
    public void Network_data_set_and_one_batch_size_suffice()
    {
        var sweep = SpecReader.ReadSweep("""{"network":"f1","dataset":"fashion-mnist","largeBatch":4096}""");

        sweep.SmallBatch.ShouldBe(128);
        sweep.Epochs.ShouldBe(50);
        sweep.TrainExamples.ShouldBe(60_000);
        sweep.LearningRates.ShouldBe([0.1]);
        sweep.Momentum.ShouldBe(0.9);
        sweep.GhostBatch.ShouldBe([128]);
        sweep.Methods.ShouldBe(Method.TableColumns);
        sweep.Name.ShouldBe("F1 on Fashion-MNIST");
    }

    [Fact]
    public void A_small_batch_alone_means_method_sb() =>
        SpecReader.ReadSweep("""{"network":"f1","dataset":"fashion-mnist","smallBatch":64}""").Methods.ShouldBe([Method.SmallBatchOnly]);

    [Fact]
    public void An_unknown_field_is_refused_with_a_hint()
    {
        var error = Specs.SweepErrors("""{"network":"f1","dataset":"fashion-mnist","largeBatch":4096,"epoch":3}""").ShouldHaveSingleItem();

        error.Path.ShouldBe("epoch");
        error.Message.ShouldBe("Unknown field 'epoch'. Did you mean 'epochs'?");
    }

    [Theory]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":"4096"}""", "largeBatch", "Expected a whole number from 2 to 1000000, found \"4096\".")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":[1024,1.5]}""", "largeBatch[1]", "Expected a whole number from 2 to 1000000, found 1.5.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":[64,64]}""", "largeBatch[1]", "64 appears twice.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":64,"seeds":[]}""", "seeds", "Expected at least one value, found an empty list.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":64,"seeds":[-1]}""", "seeds[0]", "Expected a whole number from 0 to 2147483647, found -1.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":64,"parameters":{"learningRate":[0.1,0]}}""", "parameters.learningRate[1]", "Expected a number above 0 to 1000, found 0.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":64,"parameters":{"momentum":1}}""", "parameters.momentum", "Expected a number from 0 and below 1, found 1.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":64,"parameters":3}""", "parameters", "Expected an object, found 3.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":64,"priority":"urgent"}""", "priority", "Expected 'low' or 'normal' or 'high', found 'urgent'.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":64,"rerun":"yes"}""", "rerun", "Expected true or false, found \"yes\".")]
    [InlineData("""{"network":"f9","dataset":"fashion-mnist","largeBatch":64}""", "network", "There is no network 'f9'. Networks: f1, c1, resnet44, vgg16, c3, wresnet16-4, alexnet.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist-32","largeBatch":64}""", "dataset", "'fashion-mnist-32' does not fit network 'f1'. Data sets that do: fashion-mnist, mnist.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist"}""", "largeBatch", "Expected at least one batch size: smallBatch, largeBatch or both.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":64,"trainExamples":60001}""", "trainExamples", "Expected a whole number from 2 to 60000, found 60001.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":64,"methods":["lb","lb+gnb"]}""", "methods[1]", "'lb+gnb' names the unknown technique '+gnb': expected any of +lr, +gbn, +ra, +noise.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","largeBatch":64,"methods":["lb+lr+gbn","lb+gbn+lr"]}""", "methods[1]", "'lb+gbn+lr' appears twice.")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","smallBatch":64,"methods":["lb"]}""", "largeBatch", "Method 'lb' needs at least one large batch.")]
    public void A_faulty_field_is_named_with_what_was_expected_and_found(string json, string path, string message)
    {
        var error = Specs.SweepErrors(json).ShouldHaveSingleItem();

        error.Path.ShouldBe(path);
        error.Message.ShouldBe(message);
    }

    [Fact]
    public void All_faults_are_told_at_once() =>
        Specs.SweepErrors("""{"network":"f9","largeBatch":[0],"colour":"red","parameters":{"rate":1}}""").Select(e => e.Path)
            .ShouldBe(["network", "dataset", "parameters.rate", "largeBatch[0]", "colour"], ignoreOrder: true);

    [Fact]
    public void A_ghost_batch_that_fits_no_batch_is_refused()
    {
        var error = Specs.SweepErrors("""{"network":"f1","dataset":"fashion-mnist","largeBatch":[512],"ghostBatch":[128,1024]}""").ShouldHaveSingleItem();

        error.Path.ShouldBe("ghostBatch[1]");
        error.Message.ShouldBe("Ghost batch 1024 is larger than batch 512. Take 512 or less.");
    }

    [Fact]
    public void A_ghost_batch_that_fits_one_of_two_batches_leaves_the_other_combination_out()
    {
        var expansion = SweepExpander.Expand(Specs.Sweep(""","ghostBatch":[2048],"methods":["lb+gbn"]"""));

        expansion.Runs.ShouldHaveSingleItem().Batch.ShouldBe(4096);
        expansion.Refused.ShouldHaveSingleItem().Batch.ShouldBe(1024);
    }

    [Fact]
    public void More_than_10000_runs_are_refused_with_their_number()
    {
        var seeds = string.Join(',', Enumerable.Range(0, 10_001));

        Specs.SweepErrors($$"""{"network":"f1","dataset":"fashion-mnist","smallBatch":128,"seeds":[{{seeds}}]}""").ShouldHaveSingleItem().Message
            .ShouldBe("The sweep has 10001 runs; at most 10000 are allowed. Split it, or take fewer seeds or values.");
    }

    [Fact]
    public void Exactly_10000_runs_are_allowed()
    {
        var seeds = string.Join(',', Enumerable.Range(0, 10_000));

        SweepExpander.Expand(SpecReader.ReadSweep($$"""{"network":"f1","dataset":"fashion-mnist","smallBatch":128,"seeds":[{{seeds}}]}""")).Runs.Count.ShouldBe(10_000);
    }

    [Theory]
    [InlineData("""{"network":"f1",""", "This is no JSON: line 1, position 16:")]
    [InlineData("[1]", "Expected a JSON object, found array.")]
    [InlineData("", "This is no JSON: line 1, position 1:")]
    public void What_is_no_JSON_object_is_refused(string json, string message) => Specs.SweepErrors(json).ShouldHaveSingleItem().Message.ShouldStartWith(message);

    [Fact]
    public void A_field_that_appears_twice_is_refused() =>
        Specs.SweepErrors("""{"network":"f1","network":"c1","dataset":"fashion-mnist","largeBatch":64}""").ShouldHaveSingleItem().Path.ShouldBe("network");

    [Theory]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","method":"lb"}""", "batch")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","method":"lb+gbn","batch":256,"ghostBatch":512}""", "ghostBatch")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","method":"sb","batch":64,"smallBatch":128}""", "batch")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","method":"lb","batch":512,"trainExamples":100}""", "batch")]
    [InlineData("""{"network":"f1","dataset":"fashion-mnist","seeds":[1]}""", "seeds")]
    public void An_impossible_run_is_refused(string json, string path) => Specs.RunErrors(json).ShouldHaveSingleItem().Path.ShouldBe(path);

    [Fact]
    public void A_sweep_survives_being_written_and_read() =>
        Properties.Check(Specs.Sweeps.Where(Properties.IsReadable), sweep => SpecReader.ReadSweep(sweep.ToJson()).ToJson().ShouldBe(sweep.ToJson()));

    [Fact]
    public void A_run_survives_being_written_and_read() =>
        Properties.Check(Specs.Sweeps, sweep =>
        {
            foreach (var run in SweepExpander.Expand(sweep).Runs) SpecReader.ReadRun(run.ToJson()).ShouldBe(run);
        });
}
