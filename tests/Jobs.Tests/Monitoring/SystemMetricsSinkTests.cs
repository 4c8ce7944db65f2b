using Tracker.Domain;
using Tracker.Jobs.Monitoring;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests.Monitoring;

public sealed class SystemMetricsSinkTests
{
    private readonly FakeClock _clock = new();
    private readonly RecordingSink _told = new();
    private readonly CountingMeter _meter = new();

    [Fact]
    public void A_run_is_measured_at_its_start_every_five_seconds_and_at_its_end()
    {
        using (var sink = Sink())
        {
            sink.Progress(At(0));
            for (var step = 1; step <= 22; step++)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(500));
                sink.Report(Samples.Point(step));
                sink.Progress(At(step));
            }
        }

        Measured.Select(p => p.Step).ShouldBe([0, 10, 20, 22]);
        Measured.Select(p => p.Value).ShouldBe([1, 2, 3, 4]);
        Measured.ShouldAllBe(p => p.Epoch == p.Step / 10.0 && p.WallMs == (p.Step == 0 ? 0 : Samples.Point(p.Step).WallMs));
        _meter.Disposed.ShouldBeTrue();
    }

    [Fact]
    public void A_step_is_measured_once_however_long_it_takes()
    {
        using (var sink = Sink())
        {
            for (var i = 0; i < 4; i++)
            {
                sink.Progress(At(3));
                _clock.Advance(SystemMetricsSink.Period);
            }
        }

        Measured.ShouldHaveSingleItem().Step.ShouldBe(3);
    }

    [Fact]
    public void A_training_that_goes_on_measures_no_step_that_an_earlier_attempt_may_have_measured()
    {
        using (var sink = Sink(resumedAt: 20))
        {
            sink.Progress(At(20));
            sink.Report(Samples.Point(21));
            sink.Progress(At(21));
            sink.Progress(At(22));
        }

        Measured.Select(p => (p.Step, p.WallMs)).ShouldBe([(21, 63), (22, 63)]);
    }

    [Fact]
    public void A_training_that_goes_on_from_a_checkpoint_before_its_first_step_does_not_measure_that_again()
    {
        using (var sink = Sink(resumedAt: 0)) sink.Progress(At(0));
        Measured.ShouldBeEmpty();
    }

    [Fact]
    public void Without_any_progress_there_is_nothing_to_measure()
    {
        using (Sink())
        {
        }

        _told.Calls.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_measured_stands_before_the_checkpoint_of_its_step()
    {
        using (var sink = Sink())
        {
            sink.Progress(At(5));
            sink.Checkpoint(new(5, "/data/checkpoint-5.safetensors", new string('a', 64), 10));
        }

        _told.Calls.ShouldBe(["test/meter 5", "progress 5", "checkpoint 5"]);
    }

    [Fact]
    public void What_cannot_be_measured_is_told_once_and_the_rest_goes_on()
    {
        using (var sink = new SystemMetricsSink(_told, [new MissingMeter(), _meter], _clock, resumedAt: null))
        {
            sink.Progress(At(0));
            _clock.Advance(SystemMetricsSink.Period);
            sink.Progress(At(1));
        }

        _told.Events.ShouldBe([(EventLevel.Info, "The use of cuda:0 is not recorded: libnvidia-ml.so.1 is not installed.")]);
        Measured.Select(p => p.Step).ShouldBe([0, 1]);
    }

    [Fact]
    public void A_process_is_measured_by_the_processor_time_of_the_time_between()
    {
        var used = TimeSpan.FromSeconds(3);
        using var meter = new ProcessMeter(_clock, () => used, () => 700_000_000);
        _clock.Advance(TimeSpan.FromSeconds(4));
        used += TimeSpan.FromSeconds(6);

        meter.Read().ShouldBe([("system/cpu", 1.5), ("system/memory", 700_000_000)]);
        meter.Read().ShouldBe([("system/cpu", 0), ("system/memory", 700_000_000)]);
    }

    [Fact]
    public void This_process_takes_memory_and_at_most_all_cores()
    {
        using var meter = new ProcessMeter(TimeProvider.System);
        for (var i = 0; i < 3; i++) GC.Collect();
        var values = meter.Read();

        values.Select(v => v.Name).ShouldBe([MetricNames.SystemCpu, MetricNames.SystemMemory]);
        values[0].Value.ShouldBeGreaterThan(0);
        values[1].Value.ShouldBeInRange(10_000_000, 100e9);
    }

    private IReadOnlyList<MetricPoint> Measured => [.. _told.Points.Where(p => p.Name == CountingMeter.Name)];

    private SystemMetricsSink Sink(long? resumedAt = null) => new(_told, [_meter], _clock, resumedAt);

    private static RunProgress At(long step) => new(step, 100, step / 10.0, 10, 1000, null, null, null, null);

    private sealed class CountingMeter : ISystemMeter
    {
        public const string Name = "test/meter";
        private int _readings;

        public bool Disposed { get; private set; }

        public string Subject => "A count";

        public IReadOnlyList<(string Name, double Value)> Read() => [(Name, ++_readings)];

        public void Dispose() => Disposed = true;
    }

    private sealed class MissingMeter : ISystemMeter
    {
        public string Subject => "The use of cuda:0";

        public IReadOnlyList<(string Name, double Value)> Read() => throw new MeterException("libnvidia-ml.so.1 is not installed");

        public void Dispose()
        {
        }
    }

    private sealed class RecordingSink : IRunSink
    {
        public List<string> Calls { get; } = [];

        public List<MetricPoint> Points { get; } = [];

        public List<(EventLevel Level, string Message)> Events { get; } = [];

        public void Report(in MetricPoint point)
        {
            Points.Add(point);
            Calls.Add($"{point.Name} {point.Step}");
        }

        public void Progress(RunProgress progress) => Calls.Add($"progress {progress.Step}");

        public void Checkpoint(CheckpointInfo checkpoint) => Calls.Add($"checkpoint {checkpoint.Step}");

        public void Event(EventLevel level, string message) => Events.Add((level, message));
    }
}
