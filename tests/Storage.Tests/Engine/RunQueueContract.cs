using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Domain;

namespace Tracker.Storage.Tests.Engine;

/// <summary>
/// What the product relies on in a job engine, whichever it is: a subclass names the engine, and every test here is to hold for it. Each
/// test has lanes and runs of its own, since nodes take every run of their lanes.
/// </summary>
public abstract class RunQueueContract : IAsyncLifetime
{
    /// <summary>A node that comes back under its name need not wait until it is found to be dead, which takes longer than this.</summary>
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(5);

    /// <summary>From the nudge to the handler, in the median.</summary>
    private static readonly TimeSpan s_nudged = TimeSpan.FromMilliseconds(200);

    private static long s_lane;
    private static long s_run = 1_000_000;
    private readonly EngineUnderTest _engine;
    private ServiceProvider? _client;

    /// <param name="storage">A database.</param>
    /// <param name="engine">The engine.</param>
    protected RunQueueContract(StorageFixture storage, EngineUnderTest engine) => (Storage, _engine) = (storage, engine);

    /// <summary>The database.</summary>
    protected StorageFixture Storage { get; }

    /// <summary>Ends a test that is told to stop.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private IRunQueue Queue => _client!.GetRequiredService<IRunQueue>();

    /// <inheritdoc />
    public ValueTask InitializeAsync()
    {
        _client = _engine.AddClient(Storage.Services()).BuildServiceProvider();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Runs_of_a_lane_start_by_priority_and_then_by_position()
    {
        var lane = NextLane();
        var runs = NextRuns(6);
        await EnqueueAsync([new(runs[5], lane, Priority.Low, 1), new(runs[3], lane, Priority.Normal, 5), new(runs[1], lane, Priority.High, 9)]);
        await EnqueueAsync([new(runs[4], lane, Priority.Normal, 6), new(runs[2], lane, Priority.Normal, 4), new(runs[0], lane, Priority.High, 3)]);
        await using var node = await StartAsync("orders", lane);
        (await node.TakeAsync(6)).ShouldBe(runs);
    }

    [Fact]
    public async Task A_node_takes_runs_only_from_the_lanes_that_it_serves()
    {
        var (mine, other) = (NextLane(), NextLane());
        var runs = NextRuns(3);
        await EnqueueAsync([new(runs[0], other, Priority.High, 1), new(runs[1], mine, Priority.Normal, 2), new(runs[2], mine, Priority.Low, 3)]);
        await using var node = await StartAsync("serves-one", mine);
        (await node.TakeAsync(2)).ShouldBe([runs[1], runs[2]]);
        (await Queue.HeldRunsAsync(Token)).ShouldContain(runs[0]);
        await using var second = await StartAsync("serves-other", other);
        (await second.TakeAsync(1)).ShouldBe([runs[0]]);
        node.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_takes_no_more_runs_from_a_lane_than_it_has_slots_there()
    {
        var (wide, narrow) = (NextLane(), NextLane());
        var runs = NextRuns(5);
        await EnqueueAsync([.. runs[..3].Select((run, i) => new QueuedRun(run, wide, Priority.Normal, i + 1))]);
        await EnqueueAsync([.. runs[3..].Select((run, i) => new QueuedRun(run, narrow, Priority.Normal, i + 10))]);
        await using var node = await EngineNode.StartAsync(_engine, Storage, "slots", new Dictionary<string, int> { [wide] = 2, [narrow] = 1 }, hold: true);
        (await node.TakeAsync(3)).ShouldBe([runs[0], runs[1], runs[3]], ignoreOrder: true);
        node.Executing.ShouldBe(3);
        node.Release(runs[3]);
        (await node.TakeAsync(1)).ShouldBe([runs[4]]);
        node.Release(runs[1]);
        (await node.TakeAsync(1)).ShouldBe([runs[2]]);
    }

    [Fact]
    public async Task Nodes_that_share_a_lane_hand_out_each_run_once()
    {
        var lane = NextLane();
        var runs = NextRuns(30);
        await EnqueueAsync([.. runs.Select(run => new QueuedRun(run, lane, Priority.Normal, run))]);
        var one = await StartAsync("shares-1", lane, slots: 2);
        var two = await StartAsync("shares-2", lane, slots: 2);
        await UntilAsync(async () => !(await Queue.HeldRunsAsync(Token)).Overlaps(runs));
        await one.StopAsync();
        await two.StopAsync();
        one.Rest().Concat(two.Rest()).ShouldBe(runs, ignoreOrder: true);
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [Fact]
    public async Task A_nudge_makes_a_run_start_at_once()
    {
        var lane = NextLane();
        await using var node = await StartAsync("nudged", lane);
        var times = new List<TimeSpan>();
        foreach (var run in NextRuns(9))
        {
            await EnqueueAsync([new(run, lane, Priority.Normal, run)]);
            var since = Stopwatch.GetTimestamp();
            await node.Engine.NudgeAsync(Token);
            (await node.TakeAsync(1)).ShouldBe([run]);
            times.Add(Stopwatch.GetElapsedTime(since));
        }
        times.Sort();
        times[times.Count / 2].ShouldBeLessThan(s_nudged, string.Join(", ", times.Select(t => $"{t.TotalMilliseconds:0} ms")));
    }

    [Fact]
    public async Task A_run_of_a_node_that_dies_is_handed_to_another_of_its_lane()
    {
        var lane = NextLane();
        var run = NextRun();
        await EnqueueAsync([new(run, lane, Priority.Normal, 1)]);
        await using var dead = await StartAsync("dies", lane, hold: true);
        await dead.TakeAsync(1);
        await dead.VanishAsync();
        (await Queue.HeldRunsAsync(Token)).ShouldContain(run);
        await using var other = await StartAsync("takes-over", lane);
        (await other.TakeAsync(1)).ShouldBe([run]);
    }

    [Fact]
    public async Task An_execution_that_ends_late_takes_nothing_from_the_one_that_followed_it()
    {
        var (former, next) = (NextLane(), NextLane());
        var run = NextRun();
        await EnqueueAsync([new(run, former, Priority.Normal, 1)]);
        await using var late = await StartAsync("ends-late", former, hold: true);
        await late.TakeAsync(1);
        await RemoveAsync(run);
        await EnqueueAsync([new(run, next, Priority.Normal, 1)]);
        await using var other = await StartAsync("follows", next, hold: true);
        await other.TakeAsync(1);
        late.Release(run);
        await late.StopAsync();
        (await Queue.HeldRunsAsync(Token)).ShouldContain(run);
    }

    [Fact]
    public async Task A_node_that_comes_back_under_its_name_gets_its_runs_again_at_once()
    {
        var lane = NextLane();
        var runs = NextRuns(2);
        await EnqueueAsync([new(runs[0], lane, Priority.Normal, 1), new(runs[1], lane, Priority.Normal, 2)]);
        await using var dead = await StartAsync("comes-back", lane, hold: true);
        await dead.TakeAsync(1);
        await dead.VanishAsync();
        var since = Stopwatch.GetTimestamp();
        await using var again = await StartAsync("comes-back", lane);
        (await again.TakeAsync(2)).ShouldBe(runs, ignoreOrder: true);
        Stopwatch.GetElapsedTime(since).ShouldBeLessThan(s_atOnce);
    }

    [Fact]
    public async Task A_run_that_is_removed_is_not_handed_out()
    {
        var lane = NextLane();
        var runs = NextRuns(3);
        await EnqueueAsync([.. runs.Select(run => new QueuedRun(run, lane, Priority.Normal, run))]);
        await RemoveAsync(runs[0], runs[1], NextRun());
        (await Queue.HeldRunsAsync(Token)).Intersect(runs).ShouldBe([runs[2]]);
        await using var node = await StartAsync("removed", lane);
        (await node.TakeAsync(1)).ShouldBe([runs[2]]);
    }

    [Fact]
    public async Task A_run_that_is_removed_while_its_node_executes_it_is_not_recovered_when_that_node_dies()
    {
        var lane = NextLane();
        var runs = NextRuns(2);
        await EnqueueAsync([new(runs[0], lane, Priority.Normal, 1), new(runs[1], lane, Priority.Normal, 2)]);
        await using var dead = await StartAsync("removed-dies", lane, hold: true, slots: 2);
        await dead.TakeAsync(2);
        await RemoveAsync(runs[0]);
        (await Queue.HeldRunsAsync(Token)).Intersect(runs).ShouldBe([runs[1]]);
        await dead.VanishAsync();
        await using var other = await StartAsync("removed-takes-over", lane);
        (await other.TakeAsync(1)).ShouldBe([runs[1]]);
        (await Queue.HeldRunsAsync(Token)).ShouldNotContain(runs[0]);
    }

    [Fact]
    public async Task A_run_that_is_removed_after_its_dead_node_was_given_up_is_forgotten()
    {
        var (lost, lane) = (NextLane(), NextLane());
        var (run, marker) = (NextRun(), NextRun());
        await EnqueueAsync([new(run, lost, Priority.Normal, 1)]);
        await using var dead = await StartAsync("given-up", lost, hold: true);
        await dead.TakeAsync(1);
        await dead.VanishAsync();
        await EnqueueAsync([new(marker, lane, Priority.Normal, 1)]);
        await using var other = await StartAsync("gives-up", lane);
        await other.TakeAsync(1);
        await UntilAsync(() => GivenUpAsync(run));
        (await Queue.HeldRunsAsync(Token)).ShouldContain(run);
        await RemoveAsync(run);
        (await Queue.HeldRunsAsync(Token)).ShouldNotContain(run);
        await EnqueueAsync([new(marker, lost, Priority.Normal, 1)]);
        await using var late = await StartAsync("given-up", lost);
        (await late.TakeAsync(1)).ShouldBe([marker]);
        late.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_is_enqueued_again_moves_to_its_new_place()
    {
        var (lane, other) = (NextLane(), NextLane());
        var runs = NextRuns(3);
        await EnqueueAsync([.. runs.Select(run => new QueuedRun(run, lane, Priority.Normal, run))]);
        await EnqueueAsync([new(runs[2], lane, Priority.High, runs[2]), new(runs[0], other, Priority.Normal, 1)]);
        await using var node = await StartAsync("moved", lane);
        (await node.TakeAsync(2)).ShouldBe([runs[2], runs[1]]);
        await using var second = await StartAsync("moved-other", other);
        (await second.TakeAsync(1)).ShouldBe([runs[0]]);
        node.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_is_enqueued_again_while_its_handler_returns_is_handed_out_once_more()
    {
        var lane = NextLane();
        var run = NextRun();
        await EnqueueAsync([new(run, lane, Priority.Normal, 1)]);
        await using var node = await StartAsync("again", lane, hold: true, slots: 2);
        await node.TakeAsync(1);
        await RemoveAsync(run);
        await EnqueueAsync([new(run, lane, Priority.Normal, 1)]);
        node.Release(run);
        await node.Engine.NudgeAsync(Token);
        (await node.TakeAsync(1)).ShouldBe([run]);
        node.Release(run);
        await UntilAsync(async () => !(await Queue.HeldRunsAsync(Token)).Contains(run));
        node.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_moves_from_a_dead_node_to_another_lane_is_handed_out_there_alone()
    {
        var (lost, lane) = (NextLane(), NextLane());
        var (run, marker) = (NextRun(), NextRun());
        await EnqueueAsync([new(run, lost, Priority.Normal, 1)]);
        await using var dead = await StartAsync("moved-from", lost, hold: true);
        await dead.TakeAsync(1);
        await dead.VanishAsync();
        await EnqueueAsync([new(run, lane, Priority.Normal, 1), new(marker, lost, Priority.Low, 9)]);
        await using var other = await StartAsync("moved-to", lane);
        (await other.TakeAsync(1)).ShouldBe([run]);
        await using var back = await StartAsync("moved-from", lost);
        (await back.TakeAsync(1)).ShouldBe([marker]);
        other.Rest().Concat(back.Rest()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_rolled_back_never_happened()
    {
        var lane = NextLane();
        var runs = NextRuns(3);
        await EnqueueAsync([new(runs[0], lane, Priority.Normal, 1), new(runs[1], lane, Priority.Normal, 2)]);
        await using (var connection = await Storage.DataSource.OpenConnectionAsync(Token))
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await Queue.EnqueueAsync(connection, transaction, [new(runs[2], lane, Priority.High, 1), new(runs[1], lane, Priority.High, 1)], Token);
            await Queue.RemoveAsync(connection, transaction, [runs[0]], Token);
            await transaction.RollbackAsync(Token);
        }
        (await Queue.HeldRunsAsync(Token)).Intersect(runs).ShouldBe(runs[..2], ignoreOrder: true);
        await using var node = await StartAsync("rolled-back", lane);
        (await node.TakeAsync(2)).ShouldBe(runs[..2]);
    }

    [Fact]
    public async Task What_is_enqueued_is_not_handed_out_before_it_is_committed()
    {
        var lane = NextLane();
        var runs = NextRuns(2);
        await using var node = await StartAsync("commits", lane);
        await using var connection = await Storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await Queue.EnqueueAsync(connection, transaction, [new(runs[0], lane, Priority.Normal, 1)], Token);
        (await Queue.HeldRunsAsync(Token)).ShouldNotContain(runs[0]);
        node.Rest().ShouldBeEmpty();
        await transaction.CommitAsync(Token);
        await node.Engine.NudgeAsync(Token);
        (await node.TakeAsync(1)).ShouldBe([runs[0]]);
    }

    [Fact]
    public async Task A_drained_node_lets_its_runs_go_and_hands_out_nothing_until_it_resumes()
    {
        var lane = NextLane();
        var runs = NextRuns(3);
        await EnqueueAsync([new(runs[0], lane, Priority.Normal, 1), new(runs[1], lane, Priority.Normal, 2)]);
        await using var node = await StartAsync("drains", lane, hold: true);
        (await node.TakeAsync(1)).ShouldBe([runs[0]]);
        await node.Engine.DrainAsync(Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
        node.Executing.ShouldBe(0);
        await EnqueueAsync([new(runs[2], lane, Priority.High, 1)]);
        await node.Engine.NudgeAsync(Token);
        node.Rest().ShouldBeEmpty();
        await node.Engine.ResumeAsync(Token);
        (await node.TakeAsync(1)).ShouldBe([runs[2]]);
    }

    [Fact]
    public async Task A_stopped_node_leaves_what_waits_to_others()
    {
        var lane = NextLane();
        var runs = NextRuns(2);
        await EnqueueAsync([new(runs[0], lane, Priority.Normal, 1), new(runs[1], lane, Priority.Normal, 2)]);
        await using (var node = await StartAsync("stops", lane, hold: true))
        {
            await node.TakeAsync(1);
            await node.StopAsync();
            node.Executing.ShouldBe(0);
        }
        (await Queue.HeldRunsAsync(Token)).Intersect(runs).ShouldBe([runs[1]]);
        await using var other = await StartAsync("goes-on", lane);
        (await other.TakeAsync(1)).ShouldBe([runs[1]]);
    }

    [Fact]
    public async Task A_run_is_held_while_it_waits_and_while_it_is_executed()
    {
        var lane = NextLane();
        var run = NextRun();
        await EnqueueAsync([new(run, lane, Priority.Normal, 1)]);
        (await Queue.HeldRunsAsync(Token)).ShouldContain(run);
        await using var node = await StartAsync("holds", lane, hold: true);
        await node.TakeAsync(1);
        (await Queue.HeldRunsAsync(Token)).ShouldContain(run);
        node.Release(run);
        await UntilAsync(async () => !(await Queue.HeldRunsAsync(Token)).Contains(run));
    }

    [Fact]
    public async Task A_run_whose_handler_fails_before_it_begins_waits_again_for_any_host()
    {
        var (_, runs) = await Storage.SubmitAsync(SweepsToTest.Next());
        var hostId = await Storage.RegisterHostAsync("fails");
        await Storage.AssignAsync(runs[0], hostId);
        await using var node = await StartAsync("fails", $"lane of host {hostId}", failures: 1);
        (await node.TakeAsync(1)).ShouldBe(runs);
        await UntilAsync(async () => (await Storage.Runs.FindAsync(runs[0], Token))?.NotBefore is not null);
        await UntilAsync(async () => !(await Queue.HeldRunsAsync(Token)).Contains(runs[0]));
        (await Storage.StateAsync(runs[0])).ShouldBe(RunState.Queued);
    }

    /// <summary>A lane that no other test uses.</summary>
    protected static string NextLane() => $"lane {Interlocked.Increment(ref s_lane)}";

    /// <summary>A run that no other test uses, and that is in no other table.</summary>
    protected static long NextRun() => Interlocked.Increment(ref s_run);

    /// <summary>Starts a node that serves one lane.</summary>
    private protected Task<EngineNode> StartAsync(string name, string lane, bool hold = false, int slots = 1, int failures = 0) =>
        EngineNode.StartAsync(_engine, Storage, name, new Dictionary<string, int> { [lane] = slots }, hold, failures);

    /// <summary>Enqueues runs in a transaction of their own.</summary>
    protected Task EnqueueAsync(IReadOnlyList<QueuedRun> runs) => TransactAsync((connection, transaction) => Queue.EnqueueAsync(connection, transaction, runs, Token));

    /// <summary>Removes runs in a transaction of their own.</summary>
    protected Task RemoveAsync(params long[] runs) => TransactAsync((connection, transaction) => Queue.RemoveAsync(connection, transaction, runs, Token));

    /// <summary>Whether the engine has noticed that the node that executed the run is dead, and has the run wait again.</summary>
    protected abstract Task<bool> GivenUpAsync(long runId);

    /// <summary>Waits until something holds; fails after a minute.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromMinutes(1));
            await Task.Delay(20, Token);
        }
    }

    private static long[] NextRuns(int count) => [.. Enumerable.Range(0, count).Select(_ => NextRun())];

    private async Task TransactAsync(Func<NpgsqlConnection, NpgsqlTransaction, Task> work)
    {
        await using var connection = await Storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await work(connection, transaction);
        await transaction.CommitAsync(Token);
    }
}
