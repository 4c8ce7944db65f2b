using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Tracker.Domain.Tests;

public sealed class DurationEstimatorTests
{
    private const string Gpu = "NVIDIA H100";

    [Fact]
    public void Nothing_is_told_of_a_network_that_was_never_measured_on_such_a_device()
    {
        var estimator = new DurationEstimator([Rate(batch: 128, runs: 3, rate: 100)]);

        estimator.Estimate("c1", "mnist", DeviceClass.Cpu, 128, 1000).ShouldBeNull();
        estimator.Estimate("f1", "mnist", DeviceClass.Cuda, 128, 1000).ShouldBeNull();
        estimator.Basis("c1", "mnist", DeviceClass.Cpu).ShouldBeNull();
    }

    [Fact]
    public void The_interval_is_that_of_one_more_run()
    {
        // Three runs with a standard deviation of 0.1: Student's t with 2 degrees of freedom has its 90 % point at 1.8856.
        var estimate = new DurationEstimator([Rate(128, runs: 3, rate: 100, deviation: 0.1)]).Estimate("f1", "mnist", DeviceClass.Cpu, 128, 60_000)!;

        var half = 1.885618 * 0.1 * Math.Sqrt(1 + 1.0 / 3);
        estimate.Seconds.ShouldBe(600, 1e-9);
        estimate.Low.ShouldBe(600 * Math.Exp(-half), 1e-3);
        estimate.High.ShouldBe(600 * Math.Exp(half), 1e-3);
    }

    [Fact]
    public void A_single_run_takes_the_spread_of_other_batch_sizes()
    {
        var estimate = new DurationEstimator([Rate(128, runs: 1, rate: 100), Rate(4096, runs: 3, rate: 500, deviation: 0.1)])
            .Estimate("f1", "mnist", DeviceClass.Cpu, 128, 60_000)!;

        estimate.Seconds.ShouldBe(600, 1e-9);
        estimate.High.ShouldBe(600 * Math.Exp(1.885618 * 0.1 * Math.Sqrt(2)), 1e-3);
    }

    [Fact]
    public void Runs_that_all_went_alike_still_leave_five_percent() =>
        new DurationEstimator([Rate(128, runs: 9, rate: 100)]).Estimate("f1", "mnist", DeviceClass.Cpu, 128, 100)!.High.ShouldBe(Math.Exp(0.05), 1e-9);

    [Fact]
    public void While_one_run_was_measured_the_interval_is_wide() =>
        new DurationEstimator([Rate(128, runs: 1, rate: 1)]).Estimate("f1", "mnist", DeviceClass.Cpu, 128, 1)
            .ShouldBe(new DurationEstimate(1, Math.Exp(-0.5), Math.Exp(0.5)));

    [Fact]
    public void The_batch_size_that_is_nearest_in_doublings_counts()
    {
        var estimator = new DurationEstimator([Rate(128, 9, rate: 100), Rate(1024, 9, rate: 400)]);

        estimator.Estimate("f1", "mnist", DeviceClass.Cpu, 300, 400)!.Seconds.ShouldBe(4, 1e-9);
        estimator.Estimate("f1", "mnist", DeviceClass.Cpu, 400, 400)!.Seconds.ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Each_doubling_of_distance_widens_the_interval()
    {
        var estimator = new DurationEstimator([Rate(128, 9, rate: 100)]);

        var halves = new[] { 128, 256, 512 }.Select(b => Math.Log(estimator.Estimate("f1", "mnist", DeviceClass.Cpu, b, 100)!.High)).ToArray();

        halves[1].ShouldBe(Math.Sqrt(halves[0] * halves[0] + 0.09), 1e-9);
        halves[2].ShouldBe(Math.Sqrt(halves[0] * halves[0] + 0.36), 1e-9);
    }

    [Fact]
    public void Two_runs_that_differ_much_leave_a_factor_of_four() =>
        new DurationEstimator([Rate(128, runs: 1, rate: 1, model: "one"), Rate(128, runs: 1, rate: 1000, model: "two")])
            .Estimate("f1", "mnist", DeviceClass.Cpu, 128, 1)!.High.ShouldBe(4 / Math.Sqrt(1000), 1e-9);

    [Fact]
    public void The_same_data_set_counts_if_it_was_measured_else_any_with_a_wider_interval()
    {
        var estimator = new DurationEstimator([Rate(128, 9, rate: 100, dataset: "mnist"), Rate(128, 9, rate: 300, dataset: "fashion-mnist")]);

        estimator.Estimate("f1", "mnist", DeviceClass.Cpu, 128, 100)!.Seconds.ShouldBe(1, 1e-9);
        var other = estimator.Estimate("f1", "cifar10", DeviceClass.Cpu, 128, 100)!;
        other.Seconds.ShouldBe(1 / Math.Sqrt(3), 1e-9);
        (other.High / other.Seconds).ShouldBeGreaterThan(2);
    }

    [Fact]
    public void Four_of_five_runs_fall_into_the_interval()
    {
        var random = new Random(7);
        var noise = new Normal(mean: Math.Log(250), stddev: 0.3, random);
        var inside = 0;
        const int Trials = 4000;
        for (var i = 0; i < Trials; i++)
        {
            var logs = new double[5];
            noise.Samples(logs);
            var estimate = new DurationEstimator([Of(logs)]).Estimate("f1", "mnist", DeviceClass.Cpu, 128, 1e6)!;
            var seconds = 1e6 / Math.Exp(noise.Sample());
            if (seconds > estimate.Low && seconds < estimate.High) inside++;
        }

        // Three standard deviations of a binomial share with 4000 trials are 1.9 %.
        (inside / (double)Trials).ShouldBe(0.8, 0.02);
    }

    [Fact]
    public void The_order_of_the_measurements_does_not_matter()
    {
        MeasuredRate[] rates = [Rate(128, 3, 90, 0.2, model: "b"), Rate(128, 5, 120, 0.1, model: "a"), Rate(512, 1, 300)];
        var one = new DurationEstimator(rates).Estimate("f1", "mnist", DeviceClass.Cpu, 200, 1e5)!;
        var other = new DurationEstimator([.. rates.Reverse()]).Estimate("f1", "mnist", DeviceClass.Cpu, 200, 1e5)!;

        other.Seconds.ShouldBe(one.Seconds, 1e-9 * one.Seconds);
        other.High.ShouldBe(one.High, 1e-9 * one.High);
    }

    [Fact]
    public void Memory_is_that_of_the_next_larger_batch_size_or_of_the_largest()
    {
        var estimator = new DurationEstimator([
            Rate(128, 1, 1, memory: 10), Rate(1024, 1, 1, memory: 30), Rate(1024, 1, 1, model: "b", memory: 40), Rate(512, 1, 1), Rate(4096, 1, 1, memory: 90)]);

        estimator.PeakMemory("f1", "mnist", DeviceClass.Cpu, 128).ShouldBe(10);
        estimator.PeakMemory("f1", "mnist", DeviceClass.Cpu, 129).ShouldBe(40);
        estimator.PeakMemory("f1", "mnist", DeviceClass.Cpu, 8192).ShouldBe(90);
        estimator.PeakMemory("f1", "another", DeviceClass.Cpu, 128).ShouldBe(10);
        estimator.PeakMemory("f1", "mnist", DeviceClass.Cuda, 128).ShouldBeNull();
    }

    [Fact]
    public void The_basis_names_runs_network_device_and_batch_sizes()
    {
        var estimator = new DurationEstimator([Rate(4096, 4, 1), Rate(128, 8, 1), Rate(128, 1, 1, device: DeviceClass.Cuda, model: Gpu)]);

        estimator.Basis("f1", "mnist", DeviceClass.Cpu).ShouldBe("Measured on 12 runs of F1 on cpu at batch 128, 4096.");
        estimator.Basis("f1", "cifar10", DeviceClass.Cuda).ShouldBe("Measured on 1 run of F1 on NVIDIA H100 at batch 128, with another data set.");
    }

    [Fact]
    public void A_guess_grows_with_samples_and_with_steps()
    {
        var guess = DurationEstimator.Guess(60_000, 469);

        DurationEstimator.Guess(120_000, 469).ShouldBeGreaterThan(guess);
        DurationEstimator.Guess(60_000, 15).ShouldBeLessThan(guess);
        DurationEstimator.Guess(120_000, 938).ShouldBe(2 * guess, 1e-9);
    }

    private static MeasuredRate Rate(
        int batch, int runs, double rate, double deviation = 0, string dataset = "mnist", DeviceClass device = DeviceClass.Cpu, string model = "a",
        long? memory = null) => new("f1", dataset, device, model, batch, runs, Math.Log(rate), (runs - 1) * deviation * deviation, memory);

    private static MeasuredRate Of(double[] logs) => new(
        "f1", "mnist", DeviceClass.Cpu, "a", 128, logs.Length, logs.Mean(), logs.Sum(l => Math.Pow(l - logs.Mean(), 2)), PeakMemoryBytes: null);
}
