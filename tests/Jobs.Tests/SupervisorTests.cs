using Microsoft.Extensions.Logging.Abstractions;
using Tracker.Domain;
using Tracker.Jobs.Database;
using Tracker.Jobs.Supervision;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Storage;

namespace Tracker.Jobs.Tests;

/// <summary>Real processes: the child is a shell script.</summary>
public sealed class SupervisorTests : IDisposable
{
    private readonly FakeRunWriter _writer = new();
    private readonly FakeClock _clock = new();
    private readonly ProcessStarter _starter = new();
    private readonly StopRequest _stop = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly ChildRecords _records;

    public SupervisorTests() => _records = new(_directory.Path, "host");

    public void Dispose()
    {
        _starter.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task The_child_reads_its_order_and_its_output_becomes_the_log()
    {
        var end = await SuperviseAsync("read -r order; echo \"got $order\"; echo 'a warning' >&2; printf 'no newline'");

        end.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        _writer.Log.Select(l => (l.Level, l.Text)).ShouldBe(
            [(EventLevel.Info, "got the order"), (EventLevel.Warning, "a warning"), (EventLevel.Info, "no newline")], ignoreOrder: true);
        _writer.Log.Select(l => l.Line).Order().ShouldBe([1L, 2L, 3L]);
    }

    [Fact]
    public async Task The_environment_reaches_the_child()
    {
        await SuperviseAsync("echo threads $OMP_NUM_THREADS");
        _writer.Log.ShouldHaveSingleItem().Text.ShouldBe("threads 3");
    }

    [Fact]
    public async Task The_end_of_standard_error_is_the_reason_of_a_failure()
    {
        var end = await SuperviseAsync("for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; exit 3");

        (end.Outcome, end.Failure, end.ExitCode).ShouldBe((AttemptOutcome.Failed, FailureKind.BadData, 3));
        end.Reason.ShouldBe("line 3 | line 4 | line 5 | line 6 | line 7");
    }

    [Fact]
    public async Task A_child_that_dies_by_a_signal_has_crashed()
    {
        var end = await SuperviseAsync("kill -SEGV $$");
        (end.Outcome, end.Failure, end.Signal).ShouldBe((AttemptOutcome.Failed, FailureKind.Crashed, 11));
    }

    [Fact]
    public async Task A_child_that_is_asked_to_stop_gets_SIGTERM()
    {
        var supervision = SuperviseAsync("trap 'exit 143' TERM; echo ready; while :; do read -t 1 -r line || :; done");
        await LineAsync("ready");
        _stop.Request(StopReason.Pause);

        var end = await supervision;
        (end.Outcome, end.ExitCode, end.Signal).ShouldBe((AttemptOutcome.Paused, 143, null));
    }

    [Fact]
    public async Task A_child_that_does_not_leave_within_ten_seconds_is_killed()
    {
        var supervision = SuperviseAsync("trap 'echo no' TERM; echo ready; while :; do read -t 1 -r line || :; done");
        await LineAsync("ready");
        _stop.Request(StopReason.Drain);
        await _clock.TimerOf(TimeSpan.FromSeconds(10)).WaitAsync(TestLimits.Wait);
        supervision.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(10));

        var end = await supervision;
        (end.Outcome, end.Signal).ShouldBe((AttemptOutcome.Drained, 9));
        end.Reason.ShouldNotBeNull().ShouldEndWith("was killed.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_whose_attempt_is_over_is_killed_without_a_grace(bool afterAnotherRequest)
    {
        var supervision = SuperviseAsync("trap 'echo checkpoint' TERM; echo ready; while :; do read -t 1 -r line || :; done");
        await LineAsync("ready");
        if (afterAnotherRequest)
        {
            _stop.Request(StopReason.Drain);
            await _clock.TimerOf(TimeSpan.FromSeconds(10)).WaitAsync(TestLimits.Wait);
        }
        _stop.Request(StopReason.Superseded);

        (await supervision).Outcome.ShouldBe(AttemptOutcome.Lost);
        if (!afterAnotherRequest) _writer.Log.ShouldNotContain(l => l.Text == "checkpoint");
    }

    [Fact]
    public async Task A_child_is_noted_in_the_data_directory_while_it_lives()
    {
        var supervision = SuperviseAsync("echo $$; trap 'exit 143' TERM; while :; do read -t 1 -r line || :; done");
        var process = int.Parse((await _writer.NextLineAsync()).Text);
        _records.Read().ShouldBe([new(7, 3, ProcessTicks.Of(process)!.Value)]);
        _stop.Request(StopReason.Drain);

        await supervision;
        _records.Read().ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_weighs_more_than_a_draining_host()
    {
        _stop.Request(StopReason.Drain);
        _stop.Request(StopReason.Cancel);
        _stop.Request(StopReason.Pause);

        (await SuperviseAsync("trap 'exit 143' TERM; while :; do read -t 1 -r line || :; done; exit 143")).Outcome.ShouldBe(AttemptOutcome.Cancelled);
    }

    [Fact]
    public async Task An_executable_that_is_missing_is_a_failure_with_its_reason()
    {
        var end = await Supervisor().SuperviseAsync(Samples.Attempt(), new("/no/such/file", [], new Dictionary<string, string>(), ""), _stop);
        end.Outcome.ShouldBe(AttemptOutcome.Failed);
        end.Reason.ShouldNotBeNull().ShouldContain("/no/such/file");
    }

    [Fact]
    public async Task A_line_without_end_is_broken_and_nul_characters_are_replaced()
    {
        await SuperviseAsync("head -c 10000 /dev/zero");

        _writer.Log.Select(l => l.Text.Length).ShouldBe([4096, 4096, 1808]);
        _writer.Log[0].Text.ShouldAllBe(c => c == '\uFFFD');
    }

    [Fact]
    public async Task A_line_is_not_broken_within_a_character()
    {
        var lines = new List<string>();
        await LineReader.ReadAsync(new StringReader("x" + string.Concat(Enumerable.Repeat("😀", 2100))), lines.Add);

        lines.Select(l => l.Length).ShouldBe([4097, 104]);
    }

    [Fact]
    public async Task A_child_whose_host_has_a_fault_does_not_outlive_it()
    {
        Directory.Delete(Path.Combine(_directory.Path, "hosts"), recursive: true);
        var mark = $"{Guid.NewGuid()}";
        await Should.ThrowAsync<DirectoryNotFoundException>(SuperviseAsync($"while :; do read -t 1 -r line || :; done # {mark}"));
        await EndedAsync(mark).WaitAsync(TestLimits.Wait);
    }

    private static async Task EndedAsync(string mark)
    {
        while (Directory.EnumerateDirectories("/proc").Any(p => int.TryParse(Path.GetFileName(p), out _) && IsIt(p))) await Task.Yield();

        bool IsIt(string process)
        {
            try
            {
                return File.ReadAllText($"{process}/cmdline").Contains(mark, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Lines_beyond_the_limit_give_way_and_are_counted()
    {
        _writer.Away = true;
        await using var log = new RunLog(Samples.Attempt(), _writer, new(TimeProvider.System, _ => { }), TimeProvider.System, NullLogger.Instance, capacity: 10);
        log.Add(EventLevel.Info, "before");
        await _writer.NextFailureAsync();
        for (var i = 1; i <= 25; i++) log.Add(EventLevel.Info, $"line {i}");
        _writer.Away = false;
        await log.CompleteAsync(TestLimits.Wait);

        _writer.Log[0].Text.ShouldBe("before");
        _writer.Log[1].Text.ShouldContain("15 lines were dropped");
        _writer.Log.Skip(2).Select(l => l.Text).ShouldBe(Enumerable.Range(16, 10).Select(i => $"line {i}"));
    }

    private Task<AttemptEnd> SuperviseAsync(string script)
    {
        var command = new ChildCommand("/bin/bash", ["-c", script], new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "3" }, "the order");
        return Supervisor().SuperviseAsync(Samples.Attempt(), command, _stop).WaitAsync(TestLimits.Wait);
    }

    private Supervisor Supervisor() => new(
        _starter, _records, _writer, new DatabaseRetry(_clock, _ => { }), _clock, SupervisorOptions.Default, NullLogger<Supervisor>.Instance);

    private async Task LineAsync(string text)
    {
        LogLine line;
        do line = await _writer.NextLineAsync();
        while (line.Text != text);
    }
}
