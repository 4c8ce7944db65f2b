using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class FailuresTests
{
    private static readonly RunView s_run = SampleHosts.RunOn("cpu") with { State = RunState.Failed };
    private static readonly AttemptView s_attempt = new(1, "host", "cpu", 42, SampleRuns.Now, SampleRuns.Now, AttemptOutcome.Failed, null, 11, "native crash with SIGSEGV.", 0, 0);

    [Theory]
    [InlineData(FailureKind.OutOfMemory, "12 GB asked for", "Out of memory: 12 GB asked for")]
    [InlineData(FailureKind.Killed, "SIGKILL, while its out-of-memory killer was at work.", "Killed by the operating system: SIGKILL, while its out-of-memory killer was at work.")]
    [InlineData(FailureKind.Crashed, "native crash with SIGSEGV.", "Crashed: native crash with SIGSEGV.")]
    [InlineData(FailureKind.DatabaseAway, null, "Database away.")]
    [InlineData(null, "It ended.", "Failed: It ended.")]
    [InlineData(null, null, "Failed.")]
    public void The_kind_comes_first(FailureKind? kind, string? reason, string line) =>
        (s_run with { FailureKind = kind, FailureReason = reason }).FirstLine().ShouldBe(line);

    [Fact]
    public void A_run_that_crashes_hosts_says_that_it_is_quarantined() =>
        (s_run with { FailureKind = FailureKind.HostLost, FailureReason = "3 hosts vanished in a row while they held it.", Quarantined = true }).FirstLine()
            .ShouldBe("Quarantined: 3 hosts vanished in a row while they held it.");

    [Fact]
    public void A_users_wish_is_no_failure_but_is_told() => (s_run with { State = RunState.Cancelled }).FirstLine().ShouldBe("Cancelled by a user.");

    [Theory]
    [InlineData(RunState.Queued)]
    [InlineData(RunState.Running)]
    [InlineData(RunState.Succeeded)]
    public void Other_runs_have_no_such_line(RunState state) => (s_run with { State = state, FailureKind = FailureKind.HostLost, FailureReason = "x" }).FirstLine().ShouldBeNull();

    [Fact]
    public void An_attempt_tells_its_kind_too()
    {
        (s_attempt with { Failure = FailureKind.Crashed }).FirstLine().ShouldBe("Crashed: native crash with SIGSEGV.");
        (s_attempt with { Reason = null }).FirstLine().ShouldBe("ended by signal 11");
        (s_attempt with { Outcome = AttemptOutcome.Succeeded, Signal = null, Reason = null }).FirstLine().ShouldBe("done");
        (s_attempt with { Outcome = null }).FirstLine().ShouldBe("–");
    }

    [Fact]
    public void An_attempt_marks_a_shared_device_and_late_writes() =>
        AttemptTimeline.Marks(s_attempt with { Shared = true, RefusedWrites = 3 }).ShouldBe(["shared device", "3 late writes refused"]);
}
