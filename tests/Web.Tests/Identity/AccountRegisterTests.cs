using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Identity;

public sealed class AccountRegisterTests
{
    private static readonly AccountState s_member = new(7, "mia", Roles.Member, "stamp", Disabled: false);
    private static readonly AccountState s_disabled = s_member with { Disabled = true };

    [Fact]
    public async Task A_read_that_a_change_overtakes_is_neither_answered_nor_kept()
    {
        var before = new TaskCompletionSource<AccountState?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reads = 0;
        var register = new AccountRegister((_, _) => ++reads == 1 ? before.Task : Task.FromResult<AccountState?>(s_disabled), TimeProvider.System);

        var asked = register.FindAsync(s_member.Id, CancellationToken.None);
        register.Forget(s_member.Id);
        before.SetResult(s_member);

        (await asked).ShouldBe(s_disabled);
        (await register.FindAsync(s_member.Id, CancellationToken.None)).ShouldBe(s_disabled);
    }

    [Fact]
    public async Task A_change_of_one_user_leaves_the_reads_of_others_alone()
    {
        var member = new TaskCompletionSource<AccountState?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reads = 0;
        var register = new AccountRegister((_, _) => ++reads == 1 ? member.Task : throw new InvalidOperationException("There is nothing to read again."), TimeProvider.System);

        var asked = register.FindAsync(s_member.Id, CancellationToken.None);
        register.Forget(s_member.Id + 1);
        member.SetResult(s_member);

        (await asked).ShouldBe(s_member);
        (await register.FindAsync(s_member.Id, CancellationToken.None)).ShouldBe(s_member);
    }

    [Fact]
    public async Task What_was_last_known_is_answered_while_the_database_is_away_but_not_after_a_change()
    {
        var clock = new SteppedClock();
        var away = false;
        var register = new AccountRegister((_, _) => away ? throw new TimeoutException() : Task.FromResult<AccountState?>(s_member), clock);
        await register.FindAsync(s_member.Id, CancellationToken.None);
        (away, clock.Now) = (true, clock.Now.AddMinutes(1));

        (await register.FindAsync(s_member.Id, CancellationToken.None)).ShouldBe(s_member);

        register.Forget(s_member.Id);
        await Should.ThrowAsync<TimeoutException>(() => register.FindAsync(s_member.Id, CancellationToken.None));
    }

    private sealed class SteppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
