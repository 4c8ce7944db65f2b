namespace Tracker.Domain.Tests;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy s_policy = new(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void A_crash_is_tried_again_after_a_wait_that_doubles_up_to_a_limit(int crashes, int seconds) =>
        s_policy.After(FailureKind.Crashed, crashes).ShouldBe(new RetryDecision(true, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_crash_beyond_the_limit_fails_the_run() => s_policy.After(FailureKind.Crashed, 4).Retry.ShouldBeFalse();

    [Fact]
    public void A_lost_host_is_tried_again_at_once_however_often() =>
        s_policy.After(FailureKind.HostLost, 100).ShouldBe(new RetryDecision(true, TimeSpan.Zero));

    [Theory]
    [InlineData(FailureKind.BadSpecification)]
    [InlineData(FailureKind.BadData)]
    [InlineData(FailureKind.OutOfMemory)]
    [InlineData(FailureKind.Diverged)]
    public void What_would_only_happen_again_is_not_tried_again(FailureKind kind) => s_policy.After(kind, 0).Retry.ShouldBeFalse();
}
