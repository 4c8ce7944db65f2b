namespace Tracker.Domain.Tests;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy s_policy = new(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), MaxHostLosses: 2);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void A_crash_or_kill_is_tried_again_after_a_wait_that_doubles_up_to_a_limit(int crashes, int seconds)
    {
        s_policy.After(FailureKind.Crashed, crashes).ShouldBe(new RetryDecision(true, TimeSpan.FromSeconds(seconds)));
        s_policy.After(FailureKind.Killed, crashes).ShouldBe(new RetryDecision(true, TimeSpan.FromSeconds(seconds)));
    }

    [Theory]
    [InlineData(FailureKind.Crashed)]
    [InlineData(FailureKind.Killed)]
    public void A_crash_or_kill_beyond_the_limit_fails_the_run(FailureKind kind) => s_policy.After(kind, 4).ShouldBe(new RetryDecision(false));

    [Fact]
    public void A_lost_host_costs_nothing_until_the_run_is_suspected()
    {
        s_policy.After(FailureKind.HostLost, 1).ShouldBe(new RetryDecision(true, TimeSpan.Zero));
        s_policy.After(FailureKind.HostLost, 2).ShouldBe(new RetryDecision(false, TimeSpan.Zero, Quarantine: true));
    }

    [Fact]
    public void A_database_that_is_away_costs_nothing_however_often() =>
        s_policy.After(FailureKind.DatabaseAway, 100).ShouldBe(new RetryDecision(true, TimeSpan.Zero));

    [Theory]
    [InlineData(FailureKind.BadSpecification)]
    [InlineData(FailureKind.BadData)]
    [InlineData(FailureKind.OutOfMemory)]
    [InlineData(FailureKind.Diverged)]
    public void What_would_only_happen_again_is_not_tried_again(FailureKind kind) => s_policy.After(kind, 0).ShouldBe(new RetryDecision(false));

    [Fact]
    public void Every_kind_of_failure_has_a_title_of_its_own()
    {
        var titles = Enum.GetValues<FailureKind>().Select(k => k.Title()).ToList();
        titles.ShouldAllBe(t => t.Length > 0 && char.IsUpper(t[0]) && !t.EndsWith('.'));
        titles.Distinct().Count().ShouldBe(titles.Count);
    }

    [Fact]
    public void The_first_line_about_a_failure_is_its_title_and_the_reason()
    {
        FailureKind.OutOfMemory.FirstLine("the batch needs 90 GB").ShouldBe("Out of memory: the batch needs 90 GB");
        FailureKind.Diverged.FirstLine(null).ShouldBe("Diverged.");
    }
}
