using System.Collections.Concurrent;
using Tracker.Domain;
using Tracker.Jobs.Child;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Storage;

namespace Tracker.Jobs.Tests;

public sealed class ChildProcessTests : IDisposable
{
    private static readonly RunResult s_result = new(
        0.9, 0.91, 0.3, 0.2, 8, 1, 1.5, 0.5, 1000, 1_462_794, new string('c', 64), new("0.1.0", "1.13.1", "cpu", 1, "host", "Linux", DateTimeOffset.UnixEpoch));

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeRunWriter _writer = new();
    private readonly FakeAttempts _attempts = new();
    private readonly ConcurrentQueue<string> _said = new();
    private readonly ConcurrentQueue<int> _exits = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_result_is_recorded_after_everything_that_was_reported()
    {
        var code = await RunAsync((_, sink, _) =>
        {
            for (var step = 1; step <= 8; step++) sink.Report(Samples.Point(step));
            return new(ExitCodes.Done, s_result);
        });

        code.ShouldBe(ExitCodes.Done);
        _attempts.Result.ShouldBe(s_result);
        _attempts.Calls.ShouldBe(["started", "succeeded"]);
        _writer.Points.Count.ShouldBe(8);
    }

    [Fact]
    public async Task Training_has_a_thread_of_its_own_which_the_kernel_hands_no_signals_to()
    {
        var child = new ChildProcess(_attempts, _writer, new ScriptedTrainer((_, _, _) =>
        {
            _said.Enqueue($"{Thread.CurrentThread.IsThreadPoolThread} {Environment.CurrentManagedThreadId}");
            return new(ExitCodes.Done, s_result);
        }), TimeProvider.System, _said.Enqueue, _exits.Enqueue);
        var caller = Environment.CurrentManagedThreadId;
        (await child.RunAsync(new(Samples.Attempt(), _directory.Path, TimeSpan.FromSeconds(15)), "cpu", 1, CancellationToken.None).WaitAsync(TestLimits.Wait, CancellationToken.None)).ShouldBe(ExitCodes.Done);

        var thread = _said.ShouldHaveSingleItem().Split(' ');
        thread[0].ShouldBe("False");
        thread[1].ShouldNotBe($"{caller}");
    }

    [Fact]
    public async Task A_failure_is_told_and_its_points_are_recorded()
    {
        var code = await RunAsync((_, sink, _) =>
        {
            sink.Report(Samples.Point(1));
            return new(ExitCodes.Diverged, Message: "The loss is NaN at step 2.");
        });

        code.ShouldBe(ExitCodes.Diverged);
        _said.ShouldContain("The loss is NaN at step 2.");
        _writer.Points.ShouldHaveSingleItem();
        _attempts.Calls.ShouldBe(["started"]);
    }

    [Fact]
    public async Task A_missing_checkpoint_is_discarded_and_the_run_starts_from_scratch()
    {
        TrainingOrder? trained = null;
        await RunAsync((order, _, _) =>
        {
            trained = order;
            return new(ExitCodes.Done, s_result);
        }, new CheckpointInfo(20, "/gone/checkpoint-20.safetensors", new string('0', 64), 1));

        trained.ShouldNotBeNull().Checkpoint.ShouldBeNull();
        _attempts.Calls.Count.ShouldBe(3);
        _attempts.Calls.First().ShouldStartWith("discarded: The checkpoint of step 20 is not on this host");
    }

    [Fact]
    public async Task A_checkpoint_that_training_refuses_is_discarded_and_the_run_starts_from_scratch()
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_directory.Path, "runs", "7")).FullName, "checkpoint-20.safetensors");
        await File.WriteAllTextAsync(path, "of another version");
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(path)));
        var starts = new List<long?>();
        var code = await RunAsync((order, sink, _) =>
        {
            starts.Add(order.Checkpoint?.Step);
            if (order.Checkpoint is not null) return new(ExitCodes.BadData, Message: "Format 1 is not known.", CheckpointRefused: true);
            sink.Report(Samples.Point(1));
            return new(ExitCodes.Done, s_result);
        }, new CheckpointInfo(20, path, sha256, new FileInfo(path).Length));

        code.ShouldBe(ExitCodes.Done);
        starts.ShouldBe([20L, null]);
        _attempts.Calls.ShouldContain("discarded: Format 1 is not known.");
        _writer.Points.ShouldHaveSingleItem();
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_newer_attempt_ends_the_process_on_the_spot()
    {
        _writer.Refusal = new FencedException(7, 3);
        var code = await RunAsync((_, sink, stop) =>
        {
            sink.Report(Samples.Point(1));
            stop.WaitHandle.WaitOne(TestLimits.Wait).ShouldBeTrue();
            return new(ExitCodes.Stopped);
        });

        code.ShouldBe(ExitCodes.Fenced);
        _exits.ShouldBe([ExitCodes.Fenced]);
        _writer.Applied.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_SIGTERM_a_database_that_is_away_is_waited_for_only_as_long_as_the_host_waits()
    {
        var clock = new FakeClock();
        _writer.Away = true;
        using var terminated = new CancellationTokenSource();
        var run = RunAsync((_, sink, stop) =>
        {
            sink.Report(Samples.Point(1));
            terminated.Cancel();
            stop.IsCancellationRequested.ShouldBeTrue();
            return new(ExitCodes.Stopped);
        }, clock: clock, stop: terminated.Token);
        await clock.TimerOf(ChildProcess.StopLimit).WaitAsync(TestLimits.Wait);
        run.IsCompleted.ShouldBeFalse();
        clock.Advance(ChildProcess.StopLimit);

        (await run.WaitAsync(TestLimits.Wait)).ShouldBe(ExitCodes.DatabaseAway);
        _said.ShouldContain(s => s.StartsWith("Postgres did not take the last points in time"));
    }

    [Fact]
    public void An_order_survives_its_way_through_the_pipe()
    {
        var order = new ChildOrder(Samples.Attempt(new(20, "/a path/ä.safetensors", "beef", 5)), "/data dir", TimeSpan.FromSeconds(0.5), MayDownload: true);
        var read = ChildOrder.Parse(order.ToLine());

        order.ToLine().ShouldNotContain("\n");
        (read.Started.RunId, read.Started.Attempt, read.Started.Checkpoint).ShouldBe((order.Started.RunId, order.Started.Attempt, order.Started.Checkpoint));
        read.Started.Spec.ToJson().ShouldBe(order.Started.Spec.ToJson());
        (read.DataDirectory, read.CheckpointInterval, read.MayDownload).ShouldBe((order.DataDirectory, order.CheckpointInterval, true));
    }

    private Task<int> RunAsync(
        Func<TrainingOrder, IRunSink, CancellationToken, TrainingEnd> train, CheckpointInfo? checkpoint = null, TimeProvider? clock = null, CancellationToken stop = default)
    {
        var child = new ChildProcess(_attempts, _writer, new ScriptedTrainer(train), clock ?? TimeProvider.System, _said.Enqueue, _exits.Enqueue);
        return Task.Run(() => child.RunAsync(new(Samples.Attempt(checkpoint), _directory.Path, TimeSpan.FromSeconds(15)), "cpu", 1, stop), CancellationToken.None).WaitAsync(TestLimits.Wait, CancellationToken.None);
    }

    private sealed class ScriptedTrainer(Func<TrainingOrder, IRunSink, CancellationToken, TrainingEnd> train) : ITrainer
    {
        public TrainingEnd Train(TrainingOrder order, IRunSink sink, CancellationToken stop) => train(order, sink, stop);
    }
}
