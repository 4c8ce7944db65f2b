namespace Tracker.Domain.Tests;

public sealed class RunStateTests
{
    [Theory]
    [InlineData(RunState.Queued, "Starting Paused Cancelled Failed")]
    [InlineData(RunState.Starting, "Running Queued Paused Failed Cancelled")]
    [InlineData(RunState.Running, "Succeeded Failed Cancelled Paused Queued")]
    [InlineData(RunState.Paused, "Queued Cancelled")]
    [InlineData(RunState.Succeeded, "")]
    [InlineData(RunState.Failed, "Queued")]
    [InlineData(RunState.Cancelled, "Queued")]
    public void The_allowed_transitions_are_these_and_no_others(RunState from, string targets)
    {
        var allowed = targets.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<RunState>).ToHashSet();

        foreach (var to in Enum.GetValues<RunState>()) RunTransitions.IsAllowed(from, to).ShouldBe(allowed.Contains(to), $"{from} → {to}");
    }

    [Fact]
    public void Sources_and_targets_are_each_others_inverse()
    {
        foreach (var state in Enum.GetValues<RunState>())
        {
            RunTransitions.SourcesOf(state).ShouldBe(Enum.GetValues<RunState>().Where(s => RunTransitions.TargetsOf(s).Contains(state)), ignoreOrder: true);
        }
    }

    [Fact]
    public void Only_a_finished_run_is_final_and_only_one_with_a_slot_is_active()
    {
        Enum.GetValues<RunState>().Where(s => s.IsFinal()).ShouldBe([RunState.Succeeded, RunState.Failed, RunState.Cancelled]);
        Enum.GetValues<RunState>().Where(s => s.IsActive()).ShouldBe([RunState.Starting, RunState.Running]);
    }
}
