using System.Collections.Concurrent;
using Tracker.Domain;
using Tracker.Jobs.Reporting;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Storage;

namespace Tracker.Jobs.Tests;

public sealed class DatabaseRunSinkTests : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeRunWriter _writer = new();
    private readonly ConcurrentQueue<string> _said = new();
    private readonly ConcurrentQueue<CheckpointInfo> _recorded = new();
    private readonly TaskCompletionSource<Exception> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Points_are_written_after_half_a_second_in_one_flush()
    {
        var clock = new FakeClock();
        await using var sink = Sink(clock);
        for (var step = 1; step <= 100; step++) sink.Report(Samples.Point(step));

        _writer.Applied.ShouldBeEmpty();
        clock.Advance(s_period);

        var flush = await _writer.NextAsync();
        flush.Sequence.ShouldBe(1);
        flush.Points.Select(p => p.Step).ShouldBe(Enumerable.Range(1, 100).Select(s => (long)s));
    }

    [Fact]
    public async Task Ten_thousand_points_are_written_without_waiting_for_the_time()
    {
        await using var sink = Sink(new FakeClock());
        for (var step = 1; step <= 25_000; step++) sink.Report(Samples.Point(step));

        (await _writer.NextAsync()).Points.Count.ShouldBe(10_000);
        (await _writer.NextAsync()).Points.Count.ShouldBe(10_000);
        await sink.CompleteAsync().WaitAsync(TestLimits.Wait);
        _writer.Applied.ShouldAllBe(f => f.Points.Count <= 10_000);
        _writer.Points.Select(p => p.Step).ShouldBe(Enumerable.Range(1, 25_000).Select(s => (long)s));
    }

    [Fact]
    public async Task A_checkpoint_goes_with_exactly_the_points_before_it()
    {
        await using var sink = Sink(new FakeClock());
        sink.Report(Samples.Point(1));
        sink.Report(Samples.Point(2));
        sink.Checkpoint(Checkpoint(2));
        sink.Report(Samples.Point(3));
        await sink.CompleteAsync().WaitAsync(TestLimits.Wait);

        PointsUpToCheckpoint().ShouldBe(2);
        _writer.Points.Count.ShouldBe(3);
        _recorded.Select(c => c.Step).ShouldBe([2L]);
    }

    [Fact]
    public async Task Only_the_latest_progress_is_written()
    {
        var clock = new FakeClock();
        await using var sink = Sink(clock);
        sink.Progress(Progress(1));
        sink.Progress(Progress(2));
        clock.Advance(s_period);

        var flush = await _writer.NextAsync();
        flush.Progress!.Step.ShouldBe(2);
        flush.Points.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_step_is_written_at_once_and_the_next_with_others()
    {
        var clock = new FakeClock();
        await using var sink = Sink(clock);
        sink.Report(Samples.Point(1) with { Name = MetricNames.SystemCpu });
        sink.Progress(Progress(0));
        sink.Report(Samples.Point(1));
        sink.Progress(Progress(1));
        (await _writer.NextAsync()).Points.Count.ShouldBe(2);

        sink.Report(Samples.Point(2));
        sink.Progress(Progress(2));
        sink.Report(Samples.Point(3));
        clock.Advance(s_period);
        (await _writer.NextAsync()).Points.Select(p => p.Step).ShouldBe([2L, 3L]);
    }

    [Fact]
    public async Task Events_are_written_with_the_points()
    {
        await using var sink = Sink(new FakeClock());
        sink.Event(EventLevel.Warning, "No space left on device");
        await sink.CompleteAsync().WaitAsync(TestLimits.Wait);

        _writer.Applied.ShouldHaveSingleItem().Events.ShouldBe([(EventLevel.Warning, "No space left on device")]);
    }

    [Fact]
    public async Task A_flush_whose_answer_was_lost_is_repeated_under_its_number()
    {
        _writer.LostAnswers = 2;
        await using var sink = Sink(TimeProvider.System);
        for (var step = 1; step <= 50; step++) sink.Report(Samples.Point(step));
        await sink.CompleteAsync().WaitAsync(TestLimits.Wait);

        _writer.Points.Select(p => p.Step).ShouldBe(Enumerable.Range(1, 50).Select(s => (long)s));
        _writer.Applied.Select(f => f.Sequence).ShouldBe([1L]);
    }

    [Fact]
    public async Task While_Postgres_is_away_nothing_waits_and_nothing_is_lost()
    {
        _writer.Away = true;
        await using var sink = Sink(TimeProvider.System, new(PointsPerFlush: 100, PointsInMemory: 500, PointsAtMost: 1_000_000));
        for (var step = 1; step <= 3_000; step++) sink.Report(Samples.Point(step));
        sink.Checkpoint(Checkpoint(3_000));
        await _writer.NextFailureAsync();
        await _writer.NextFailureAsync();
        File.Exists(_directory.File("unsent.bin")).ShouldBeTrue();

        for (var step = 3_001; step <= 4_000; step++) sink.Report(Samples.Point(step));
        _writer.Away = false;
        await sink.CompleteAsync().WaitAsync(TestLimits.Wait);

        _writer.Points.ShouldBe(Enumerable.Range(1, 4_000).Select(s => Samples.Point(s)));
        _writer.Applied.Select(f => f.Sequence).ShouldBe(Enumerable.Range(1, _writer.Applied.Count).Select(s => (long)s));
        PointsUpToCheckpoint().ShouldBe(3_000);
        File.Exists(_directory.File("unsent.bin")).ShouldBeFalse();
        _said.ShouldContain(s => s.StartsWith("Postgres is away"));
        _said.ShouldContain(s => s.StartsWith("Postgres is back"));
    }

    [Fact]
    public async Task When_the_local_file_cannot_be_written_either_points_stay_in_memory()
    {
        _writer.Away = true;
        var gone = Directory.CreateDirectory(_directory.File("gone"));
        await using var sink = Sink(TimeProvider.System, new(PointsPerFlush: 10, PointsInMemory: 10, PointsAtMost: 1_000_000), Path.Combine(gone.FullName, "unsent.bin"));
        gone.Delete();
        for (var step = 1; step <= 500; step++) sink.Report(Samples.Point(step));
        await _writer.NextFailureAsync();
        await _writer.NextFailureAsync();
        _writer.Away = false;
        await sink.CompleteAsync().WaitAsync(TestLimits.Wait);

        _writer.Points.Select(p => p.Step).ShouldBe(Enumerable.Range(1, 500).Select(s => (long)s));
        _said.ShouldContain(s => s.StartsWith("Points are kept in memory"));
    }

    [Fact]
    public async Task A_newer_attempt_stops_training_and_ends_all_writing()
    {
        var clock = new FakeClock();
        await using var sink = Sink(clock);
        _writer.Refusal = new FencedException(7, 3);
        sink.Report(Samples.Point(1));
        clock.Advance(s_period);
        (await _refused.Task.WaitAsync(TestLimits.Wait)).ShouldBeOfType<FencedException>();

        _writer.Refusal = null;
        sink.Report(Samples.Point(2));
        await Should.ThrowAsync<FencedException>(() => sink.CompleteAsync().WaitAsync(TestLimits.Wait));
        _writer.Applied.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fault_that_repetition_cannot_heal_stops_training()
    {
        await using var sink = Sink(TimeProvider.System);
        _writer.Refusal = new InvalidOperationException("There is no such metric.");
        sink.Report(Samples.Point(1));

        (await _refused.Task.WaitAsync(TestLimits.Wait)).ShouldBeOfType<InvalidOperationException>();
        await Should.ThrowAsync<InvalidOperationException>(() => sink.CompleteAsync().WaitAsync(TestLimits.Wait));
    }

    private int PointsUpToCheckpoint() =>
        _writer.Applied.Index().Where(f => f.Index <= _writer.Applied.Index().Single(c => c.Item.Checkpoint is not null).Index).Sum(f => f.Item.Points.Count);

    private DatabaseRunSink Sink(TimeProvider clock, FlushLimits? limits = null, string? spool = null) => new(
        Samples.Attempt(), _writer, _ => Task.CompletedTask, _recorded.Enqueue, e => _refused.TrySetResult(e),
        spool ?? _directory.File("unsent.bin"), limits ?? FlushLimits.Default, clock, _said.Enqueue);

    private static CheckpointInfo Checkpoint(long step) => new(step, $"/data/checkpoint-{step}.safetensors", new string('a', 64), 10);

    private static RunProgress Progress(long step) => new(step, 100, step / 10.0, 10, 1000, null, 0.5, null, null);
}
