namespace Tracker.Storage.Tests.Webhooks;

/// <summary>How deliveries are taken, recorded and taken again.</summary>
public class WebhookQueueTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromDays(3);
    private readonly HookedStorage _hooked = new(storage);
    // To the microsecond, as the database keeps times.
    private readonly DateTimeOffset _now = new(DateTimeOffset.UtcNow.Ticks / 10 * 10, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delivery_is_taken_by_one_and_again_with_the_same_id_when_its_taker_died()
    {
        var hook = await CancelledRunAsync();
        var taken = (await TakeAsync(hook, _now)).ShouldHaveSingleItem();
        (taken.Try, taken.Round, taken.Kind, taken.Url).ShouldBe((1, 1, "run.cancelled", "https://example.org/hook"));
        (await TakeAsync(hook, _now)).ShouldBeEmpty();

        var again = (await TakeAsync(hook, _now + s_lease)).ShouldHaveSingleItem();
        again.Id.ShouldBe(taken.Id);
        again.Try.ShouldBe(2);

        // The first was not dead after all: what it says no longer counts, but is on record.
        await _hooked.Queue.RecordAsync(taken, Attempt(taken, error: "late"), nextAt: null, s_patience, Token);
        var delivery = (await _hooked.Webhooks.DeliveriesAsync(hook, 10, null, Token)).ShouldHaveSingleItem();
        delivery.State.ShouldBe(DeliveryState.Waiting);
        delivery.Attempts.ShouldHaveSingleItem().Error.ShouldBe("late");
        await _hooked.Queue.RecordAsync(again, Attempt(again), nextAt: null, s_patience, Token);
        (await _hooked.Webhooks.FindDeliveryAsync(hook, taken.Id, Token))!.State.ShouldBe(DeliveryState.Delivered);
    }

    [Fact]
    public async Task Those_who_take_at_once_share_what_is_due()
    {
        var hook = await CancelledRunAsync(seeds: 8);
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TakeAsync(hook, _now, each: 4)));
        var ids = taken.SelectMany(t => t).Select(d => d.Id).ToList();
        ids.Count.ShouldBe(ids.Distinct().Count());
        ids.Count.ShouldBe(8);
    }

    [Fact]
    public async Task A_delivery_that_failed_is_due_when_its_time_has_come_and_can_be_asked_for_anew_when_given_up()
    {
        var hook = await CancelledRunAsync();
        var first = (await TakeAsync(hook, _now)).Single();
        await _hooked.Queue.RecordAsync(first, Attempt(first, "no"), _now + TimeSpan.FromMinutes(5), s_patience, Token);
        (await TakeAsync(hook, _now + TimeSpan.FromMinutes(4))).ShouldBeEmpty();
        var second = (await TakeAsync(hook, _now + TimeSpan.FromMinutes(5))).Single();
        await _hooked.Queue.RecordAsync(second, Attempt(second, "still no"), nextAt: null, s_patience, Token);
        (await _hooked.Webhooks.FindDeliveryAsync(hook, first.Id, Token))!.State.ShouldBe(DeliveryState.GivenUp);
        (await TakeAsync(hook, _now + TimeSpan.FromDays(9))).ShouldBeEmpty();

        (await _hooked.Webhooks.RetryAsync(hook, first.Id, _now, Token)).ShouldBeTrue();
        var third = (await TakeAsync(hook, _now)).Single();
        (third.Id, third.Try, third.Round).ShouldBe((first.Id, 3, 1));
        (await _hooked.Webhooks.RetryAsync(hook, Guid.NewGuid(), _now, Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_hook_that_fails_for_too_long_is_paused_and_the_audit_log_says_so()
    {
        var hook = await CancelledRunAsync(seeds: 3);
        var taken = await TakeAsync(hook, _now, each: 3);
        (await _hooked.Queue.RecordAsync(taken[0], Attempt(taken[0], "no", _now), _now, s_patience, Token)).ShouldBeFalse();
        (await _hooked.Queue.RecordAsync(taken[1], Attempt(taken[1], "no", _now + s_patience), _now, s_patience, Token)).ShouldBeFalse();
        (await _hooked.Queue.RecordAsync(taken[2], Attempt(taken[2], "no", _now + s_patience + s_lease), _now, s_patience, Token)).ShouldBeTrue();

        var paused = (await _hooked.Webhooks.FindAsync(hook, null, Token)).ShouldNotBeNull();
        paused.Settings.Active.ShouldBeFalse();
        paused.PausedAt.ShouldNotBeNull();
        paused.LastError.ShouldBe("no");
        (await TakeAsync(hook, _now + TimeSpan.FromDays(30))).ShouldBeEmpty();
        (await storage.Get<IAudit>().ReadAsync(new(Action: "webhook.pause", ObjectId: hook), 10, null, Token)).ShouldHaveSingleItem();

        await _hooked.Webhooks.ChangeAsync(hook, null, s => s with { Active = true }, null, Token);
        var back = (await _hooked.Webhooks.FindAsync(hook, null, Token)).ShouldNotBeNull();
        (back.PausedAt, back.FailingSince).ShouldBe((null, null));
        (await TakeAsync(hook, _now + s_lease, each: 3)).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("role = 'viewer'")]
    [InlineData("disabled_at = now()")]
    public async Task A_hook_whose_owner_may_no_longer_have_one_waits_until_they_may(string state)
    {
        var (sweep, _) = await storage.SubmitAsync(SweepsToTest.Next());
        var owner = await _hooked.UserAsync();
        var hook = await _hooked.HookAsync([WebhookEvents.RunCancelled], sweep, owner: owner);
        await storage.Sweeps.CancelAsync(sweep, Token);
        await _hooked.ExecuteAsync($"UPDATE users SET {state} WHERE id = $1", owner);
        (await TakeAsync(hook, _now)).ShouldBeEmpty();
        await _hooked.ExecuteAsync("UPDATE users SET role = 'member', disabled_at = NULL WHERE id = $1", owner);
        (await TakeAsync(hook, _now)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_success_ends_the_failures()
    {
        var hook = await CancelledRunAsync(seeds: 2);
        var taken = await TakeAsync(hook, _now, each: 2);
        await _hooked.Queue.RecordAsync(taken[0], Attempt(taken[0], "no"), _now, s_patience, Token);
        (await _hooked.Webhooks.FindAsync(hook, null, Token))!.FailingSince.ShouldNotBeNull();
        await _hooked.Queue.RecordAsync(taken[1], Attempt(taken[1]), null, s_patience, Token);
        (await _hooked.Webhooks.FindAsync(hook, null, Token))!.FailingSince.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_old_goes_unless_somebody_waits_for_it()
    {
        var hook = await CancelledRunAsync(seeds: 2);
        var taken = await TakeAsync(hook, _now, each: 2);
        await _hooked.Queue.RecordAsync(taken[0], Attempt(taken[0]), null, s_patience, Token);
        await _hooked.Queue.ForgetAsync(_now + TimeSpan.FromDays(1), Token);
        (await _hooked.Webhooks.DeliveriesAsync(hook, 10, null, Token)).ShouldHaveSingleItem().Id.ShouldBe(taken[1].Id);
    }

    [Fact]
    public async Task Webhooks_of_others_are_not_there_for_an_owner()
    {
        var (ada, bob) = (await _hooked.UserAsync(), await _hooked.UserAsync());
        var hook = await _hooked.HookAsync([WebhookEvents.RunFailed], null, owner: ada);
        (await _hooked.Webhooks.ListAsync(bob, Token)).ShouldBeEmpty();
        (await _hooked.Webhooks.FindAsync(hook, bob, Token)).ShouldBeNull();
        (await _hooked.Webhooks.ChangeAsync(hook, bob, s => s, null, Token)).ShouldBeFalse();
        (await _hooked.Webhooks.DeleteAsync(hook, bob, Token)).ShouldBeFalse();
        (await _hooked.Webhooks.DeleteAsync(hook, ada, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_audit_log_has_neither_the_secret_nor_the_path_of_the_address()
    {
        var owner = await _hooked.UserAsync();
        var hook = await _hooked.Webhooks.AddAsync(owner, new("Hook", "https://example.org/secret-path", [WebhookEvents.RunFailed], null, null, null, true), "protected-secret", Token);
        await _hooked.Webhooks.ChangeAsync(hook, owner, s => s with { Name = "Other" }, "another-secret", Token);
        var entries = await storage.Get<IAudit>().ReadAsync(new(ObjectKind: "webhook", ObjectId: hook), 10, null, Token);
        entries.Select(e => e.Action).ShouldBe(["webhook.change", "webhook.create"]);
        var text = string.Concat(entries.Select(e => e.Before + e.After));
        text.ShouldContain("https://example.org");
        text.ShouldNotContain("secret-path");
        text.ShouldNotContain("protected-secret");
        text.ShouldNotContain("another-secret");
    }

    /// <summary>A hook for which runs that were cancelled wait.</summary>
    private async Task<long> CancelledRunAsync(int seeds = 1)
    {
        var (sweep, _) = await storage.SubmitAsync(SweepsToTest.Next(seeds: seeds));
        var hook = await _hooked.HookAsync([WebhookEvents.RunCancelled], sweep);
        await storage.Sweeps.CancelAsync(sweep, Token);
        return hook;
    }

    private async Task<IReadOnlyList<DueDelivery>> TakeAsync(long hook, DateTimeOffset now, int each = 1)
    {
        var others = (await _hooked.Webhooks.ListAsync(null, Token)).Select(h => h.Id).Where(id => id != hook).ToList();
        return await _hooked.Queue.TakeAsync(now, s_lease, others, each, 100, Token);
    }

    private DeliveryAttempt Attempt(DueDelivery delivery, string? error = null, DateTimeOffset? at = null) =>
        new(delivery.Try, at ?? _now, 12, error is null ? 204 : 500, error, null);
}
