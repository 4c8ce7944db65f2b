using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Domain;
using Tracker.Storage.Model;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Tests;

/// <summary>A host's name belongs to one living process at a time.</summary>
public class HostRegisterTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_name_of_a_host_that_is_heard_of_is_refused_to_another_process()
    {
        var id = await RegisterAsync("taken", "first");
        var refusal = await Should.ThrowAsync<HostNameTakenException>(RegisterAsync("taken", "second"));
        refusal.Message.ShouldContain("'taken' is up on machine 'machine of first', process 42");
        refusal.Message.ShouldContain("--name");
        refusal.Instance.ShouldBe("first");
        (await storage.Hosts.HeartbeatAsync(id, "first", Token)).Drain.ShouldBeFalse();
    }

    [Fact]
    public async Task The_name_is_free_once_its_host_is_silent_for_too_long()
    {
        var id = await RegisterAsync("silent", "first");
        await SilenceAsync(id, HostView.LostAfter + TimeSpan.FromSeconds(1));
        (await RegisterAsync("silent", "second")).ShouldBe(id);
    }

    [Fact]
    public async Task The_name_is_free_once_its_host_has_ended()
    {
        var id = await RegisterAsync("ended", "first");
        await storage.Hosts.StoppedAsync(id, "first", Token);
        (await RegisterAsync("ended", "second")).ShouldBe(id);
    }

    [Fact]
    public async Task A_process_that_is_known_to_be_dead_is_replaced_at_once()
    {
        var id = await RegisterAsync("crashed", "first");
        (await RegisterAsync("crashed", "second", replaces: "first")).ShouldBe(id);
        await Should.ThrowAsync<HostNameTakenException>(RegisterAsync("crashed", "third", replaces: "first"));
    }

    [Fact]
    public async Task A_host_whose_name_was_taken_over_is_told_so_and_its_end_changes_nothing()
    {
        var id = await RegisterAsync("frozen", "first");
        await SilenceAsync(id, HostView.LostAfter + TimeSpan.FromSeconds(1));
        await RegisterAsync("frozen", "second");
        var replaced = await Should.ThrowAsync<HostReplacedException>(storage.Hosts.HeartbeatAsync(id, "first", Token));
        replaced.Message.ShouldContain("'frozen'");
        replaced.Message.ShouldContain("machine of second");
        await storage.Hosts.StoppedAsync(id, "first", Token);
        (await StateAsync(id)).ShouldBe(HostState.Up);
    }

    [Fact]
    public async Task A_process_whose_name_was_taken_over_begins_nothing_and_sees_no_attempts_of_the_other()
    {
        await using var thawed = storage.Services().AddRunQueueClient().BuildServiceProvider();
        var id = await RegisterAsync(thawed.GetRequiredService<IHosts>(), "thawed", "first");
        var attempts = thawed.GetRequiredService<IAttempts>();
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        await storage.AssignAsync(runs[0], id);
        var before = (await attempts.BeginAsync(runs[0], id, Token)).ShouldNotBeNull();
        (await attempts.HeldAsync(id, Token)).ShouldBe([new(runs[0], before.Attempt, null)]);

        await SilenceAsync(id, HostView.LostAfter + TimeSpan.FromSeconds(1));
        await RegisterAsync("thawed", "second");
        await storage.AssignAsync(runs[0], id);
        await storage.AssignAsync(runs[1], id);
        (await attempts.BeginAsync(runs[0], id, Token)).ShouldBeNull();
        var after = (await storage.Attempts.BeginAsync(runs[1], id, Token)).ShouldNotBeNull();
        (await attempts.HeldAsync(id, Token)).ShouldBeEmpty();
        (await attempts.BeginAsync(runs[1], id, Token)).ShouldBeNull();
        (await storage.Attempts.HeldAsync(id, Token)).ShouldBe([new(runs[1], after.Attempt, null)]);
    }

    [Fact]
    public async Task Of_processes_that_start_together_under_a_new_name_one_gets_it()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 5).Select(async i =>
        {
            try
            {
                await RegisterAsync("together", $"process {i}");
                return true;
            }
            catch (HostNameTakenException)
            {
                return false;
            }
        }));
        starts.Count(s => s).ShouldBe(1);
    }

    [Fact]
    public async Task A_heartbeat_tells_for_how_long_there_was_none()
    {
        var id = await RegisterAsync("away", "only");
        await SilenceAsync(id, TimeSpan.FromMinutes(3));
        (await storage.Hosts.HeartbeatAsync(id, "only", Token)).Silence.ShouldBeInRange(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(4));
        (await storage.Hosts.HeartbeatAsync(id, "only", Token)).Silence.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_host_that_was_removed_while_it_was_silent_is_listed_again_when_it_is_heard_of()
    {
        var id = await RegisterAsync("removed", "only");
        await SilenceAsync(id, HostView.LostAfter + TimeSpan.FromSeconds(1));
        (await storage.Hosts.RemoveAsync(id, Token)).ShouldBeTrue();
        (await storage.Hosts.ListAsync(Token)).ShouldNotContain(h => h.Id == id);
        await storage.Hosts.HeartbeatAsync(id, "only", Token);
        (await StateAsync(id)).ShouldBe(HostState.Up);
    }

    [Fact]
    public async Task A_run_whose_host_is_silent_says_so_by_the_clock_of_the_server()
    {
        var id = await RegisterAsync("punctual", "only");
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.StartAsync(runs[0], id);
        (await StateAsync(id)).ShouldBe(HostState.Up);
        (await storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().HostLost.ShouldBeFalse();
        await SilenceAsync(id, HostView.LostAfter + TimeSpan.FromSeconds(1));
        (await StateAsync(id)).ShouldBe(HostState.Lost);
        (await storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().HostLost.ShouldBeTrue();
        await storage.Attempts.EndAsync(runs[0], 1, new(AttemptOutcome.Lost, null, null, "The host vanished."), Token);
        (await storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().HostLost.ShouldBeFalse();
        await using var context = await storage.Get<IDbContextFactory<TrackerDbContext>>().CreateDbContextAsync(Token);
        context.Set<RunRow>().ForView().ToQueryString().ShouldContain("greatest(h.heartbeat_at, pg_postmaster_start_time()) < now() -", Case.Insensitive);
    }

    [Fact]
    public async Task The_attempts_of_a_host_are_told_with_their_processes_while_they_go_on_and_after()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        var host = await RegisterAsync("holds", "only");
        var first = await storage.StartAsync(runs[0], host);
        var second = (await storage.BeginAsync(runs[1], host)).ShouldNotBeNull();
        (await storage.Attempts.HeldAsync(host, Token)).ShouldBe(
            [new(runs[0], first.Attempt, new(4711, 1)), new(runs[1], second.Attempt, null)], ignoreOrder: true);
        (await storage.Attempts.EndedAsync(host, Token)).ShouldBeEmpty();
        foreach (var attempt in (StartedAttempt[])[first, second])
            await storage.Attempts.EndAsync(attempt.RunId, attempt.Attempt, new(AttemptOutcome.Drained, 143, null, null), Token);
        (await storage.Attempts.HeldAsync(host, Token)).ShouldBeEmpty();
        (await storage.Attempts.EndedAsync(host, Token)).ShouldBe([new(runs[0], first.Attempt, new(4711, 1))]);
    }

    [Fact]
    public async Task A_heartbeat_does_not_wait_for_attempts_that_are_just_being_recorded()
    {
        var id = await RegisterAsync("recording", "only");
        await using var connection = await storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var refer = new Npgsql.NpgsqlCommand("SELECT FROM hosts WHERE id = $1 FOR KEY SHARE", connection, transaction) { Parameters = { new() { Value = id } } };
        await refer.ExecuteNonQueryAsync(Token);
        (await storage.Hosts.HeartbeatAsync(id, "only", Token).WaitAsync(TimeSpan.FromSeconds(10), Token)).Drain.ShouldBeFalse();
    }

    [Fact]
    public async Task A_host_drains_until_it_is_resumed_also_when_it_is_started_again()
    {
        var id = await RegisterAsync("drained", "first");
        await storage.Hosts.SetDrainAsync(id, drain: true, Token);
        await storage.Hosts.StoppedAsync(id, "first", Token);
        await RegisterAsync("drained", "second");
        (await StateAsync(id)).ShouldBe(HostState.Draining);
        (await storage.Hosts.HeartbeatAsync(id, "second", Token)).Drain.ShouldBeTrue();
        await storage.Hosts.SetDrainAsync(id, drain: false, Token);
        (await StateAsync(id)).ShouldBe(HostState.Up);
    }

    [Fact]
    public async Task An_orphan_is_an_event_of_its_run()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.Attempts.NoteOrphanAsync(runs[0], 3, "It was ended.", Token);
        await storage.Attempts.NoteOrphanAsync(777_777, 3, "Of a run that was deleted.", Token);
        var recorded = (await storage.Runs.EventsAsync(runs[0], 1, Token)).Single();
        (recorded.Attempt, recorded.Level, recorded.Message).ShouldBe((3, EventLevel.Warning, "It was ended."));
    }

    private Task<long> RegisterAsync(string name, string instance, string? replaces = null) => RegisterAsync(storage.Hosts, name, instance, replaces);

    private static Task<long> RegisterAsync(IHosts hosts, string name, string instance, string? replaces = null) => hosts.RegisterAsync(
        new(name, "test", 42, [new(DeviceClass.Cpu, "cpu", "A processor", 1 << 30, 8, 2)], []) { Machine = $"machine of {instance}", Instance = instance, Replaces = replaces }, Token);

    /// <summary>Makes the last heartbeat an old one; the server counts as started before.</summary>
    private async Task SilenceAsync(long hostId, TimeSpan silence)
    {
        await using (var started = storage.DataSource.CreateCommand("SELECT pg_postmaster_start_time() < now() - interval '10 seconds'"))
        {
            while (await started.ExecuteScalarAsync(Token) is false) await Task.Delay(200, Token);
        }
        await using var command = storage.DataSource.CreateCommand("UPDATE hosts SET heartbeat_at = now() - $2 WHERE id = $1");
        command.Parameters.Add(new() { Value = hostId });
        command.Parameters.Add(new() { Value = silence });
        (await command.ExecuteNonQueryAsync(Token)).ShouldBe(1);
    }

    private async Task<HostState> StateAsync(long id) => (await storage.Hosts.ListAsync(Token)).Single(h => h.Id == id).State;
}
