using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Tracker.Jobs.Hosting;
using Tracker.Jobs.Supervision;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests.Hosting;

/// <summary>Processes are real; what the database knows is made up.</summary>
public sealed class ChildUpkeepTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeAttempts _attempts = new();
    private readonly ActiveRuns _runs = new();
    private readonly ChildRecords _records;
    private readonly ChildUpkeep _upkeep;

    public ChildUpkeepTests()
    {
        _records = new(_directory.Path, "host");
        _upkeep = new(_attempts, new(1, "host", "instance"), _runs, _records, TimeProvider.System, NullLogger<ChildUpkeep>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _upkeep.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Where_records_and_processes_agree_nothing_happens()
    {
        var run = Begin(7, 3);
        _attempts.Held.Add(new(7, 3, null));
        await _upkeep.CompareAsync(Token);
        run.Stop.Reason.ShouldBe(StopReason.None);
        _attempts.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_attempt_that_is_over_by_the_database_is_ended_on_the_spot()
    {
        var (over, next) = (Begin(7, 3), Begin(8, 1));
        _attempts.Held.AddRange([new(7, 4, null), new(8, 1, null)]);
        await _upkeep.CompareAsync(Token);
        over.Stop.Superseded.IsCompleted.ShouldBeTrue();
        next.Stop.Reason.ShouldBe(StopReason.None);
        _attempts.Ends.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_child_that_has_just_recorded_its_success_may_exit_by_itself()
    {
        var run = Begin(7, 3);
        _attempts.Leaving.Add((7, 3));
        await _upkeep.CompareAsync(Token);
        run.Stop.Reason.ShouldBe(StopReason.None);
    }

    [Fact]
    public void A_note_that_is_being_written_is_neither_read_nor_deleted()
    {
        var file = Path.Combine(_directory.Path, "hosts", "host", "children", "7-3.new");
        File.WriteAllText(file, "12");
        _records.Read().ShouldBeEmpty();
        File.Exists(file).ShouldBeTrue();
    }

    [Fact]
    public async Task An_attempt_that_has_no_process_here_is_lost()
    {
        _attempts.Held.Add(new(7, 3, new(4711, 1)));
        await _upkeep.CompareAsync(Token);
        _attempts.Ends.ShouldBe([(7L, 3)]);
        _attempts.Calls.ShouldBe(["ended: Lost"]);
    }

    [Fact]
    public async Task A_run_that_is_just_beginning_or_just_ending_is_left_alone()
    {
        var (beginning, _) = _runs.Enter(7);
        var ending = Begin(8, 2);
        _attempts.Held.Add(new(7, 1, null));
        _attempts.BeforeHeld = () => _runs.Leave(8);
        await _upkeep.CompareAsync(Token);
        beginning.Stop.Reason.ShouldBe(StopReason.None);
        ending.Stop.Reason.ShouldBe(StopReason.None);
        _attempts.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_noted_process_without_a_supervisor_is_killed_and_told()
    {
        using var orphan = Start("train", "--run", "7", "--attempt", "3");
        _records.Add(new(7, 3, ProcessTicks.Of(orphan.Id)!.Value));
        await _upkeep.CompareAsync(Token);
        await orphan.WaitForExitAsync(Token).WaitAsync(TestLimits.Wait, Token);
        orphan.ExitCode.ShouldBe(137);
        _attempts.Calls.ShouldBe(["orphan of run 7, attempt 3"]);
        _records.Read().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_the_database_knows_of_an_ended_attempt_is_killed_at_start()
    {
        using var orphan = Start("train", "--run", "7", "--attempt", "3");
        _attempts.Ended.Add(new(7, 3, ProcessTicks.Of(orphan.Id)));
        await _upkeep.StartAsync(Token);
        await orphan.WaitForExitAsync(Token).WaitAsync(TestLimits.Wait, Token);
        await _upkeep.StopAsync(Token);
        _attempts.Calls.ShouldBe(["orphan of run 7, attempt 3"]);
    }

    [Theory]
    [InlineData("train", "--run", "7", "--attempt", "4")]
    [InlineData("train", "--run", "70", "--attempt", "3")]
    [InlineData("evaluate", "--run", "7", "--attempt", "3")]
    public async Task A_process_that_does_something_else_is_left_alone(params string[] arguments)
    {
        using var other = Start(arguments);
        _records.Add(new(7, 3, ProcessTicks.Of(other.Id)!.Value));
        await _upkeep.CompareAsync(Token);
        other.HasExited.ShouldBeFalse();
        _attempts.Calls.ShouldBeEmpty();
        _records.Read().ShouldBeEmpty();
        other.Kill();
    }

    [Fact]
    public async Task A_process_that_got_an_old_id_is_left_alone()
    {
        using var other = Start("train", "--run", "7", "--attempt", "3");
        var identity = ProcessTicks.Of(other.Id)!.Value;
        _records.Add(new(7, 3, identity with { StartTicks = identity.StartTicks - 1 }));
        await _upkeep.CompareAsync(Token);
        other.HasExited.ShouldBeFalse();
        other.Kill();
    }

    [Fact]
    public void A_note_that_was_cut_short_is_passed_over_and_deleted()
    {
        var file = Path.Combine(_directory.Path, "hosts", "host", "children", "7-3");
        File.WriteAllText(file, "12");
        _records.Read().ShouldBeEmpty();
        File.Exists(file).ShouldBeFalse();
    }

    private ActiveRun Begin(long runId, int attempt)
    {
        var (run, _) = _runs.Enter(runId);
        run.Attempt = attempt;
        return run;
    }

    /// <summary>A shell that waits for its input, with these words on its command line.</summary>
    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "read -r never", .. arguments]) { RedirectStandardInput = true, UseShellExecute = false })!;
}
