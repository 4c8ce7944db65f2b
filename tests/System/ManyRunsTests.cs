using Tracker.System.Tests.Support;

namespace Tracker.System.Tests;

/// <summary>Many short runs on two hosts.</summary>
[Collection(SharedTracker.Name)]
public sealed class ManyRunsTests(TestTracker tracker)
{
    /// <summary>So many that a slow machine, where a process takes long to get anywhere, comes to an end all the same.</summary>
    private const int Kills = 25;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Forty_runs_come_to_what_they_come_to_undisturbed_while_hosts_and_children_are_killed()
    {
        var runs = new List<long>();
        for (var sweep = 0; sweep < 10; sweep++) runs.AddRange(await tracker.SubmitAsync($"mayhem {sweep}", epochs: 3, seeds: [0, 1, 2, 3], examples: 2048));
        var random = new Random(20261122);
        var (hosts, children) = (0, 0);
        await using var fleet = await Fleet.StartAsync(tracker, slots: 2, "mayhem-1", "mayhem-2");
        await tracker.FinishAsync(runs, s_limit, async () =>
        {
            if (hosts + children == Kills) return;
            await Task.Delay(random.Next(500, 3500));
            var (aim, one, away) = (random.Next(3), random.Next(), TimeSpan.FromMilliseconds(random.Next(3000)));
            var up = fleet.Up;
            if (up.Count == 0) return;
            var host = up[one % up.Count];
            var trainings = host.Trainings();
            if (trainings.Count == 0) return;
            if (aim > 0) trainings = [trainings[one % trainings.Count]];
            if (!await MayDieAsync(trainings)) return;
            if (aim > 0)
            {
                HostProcess.KillNow(trainings[0].Id);
                children++;
            }
            else
            {
                await fleet.KillAsync(host, away);
                hosts++;
            }
        });

        (await NotSucceededAsync(runs)).ShouldBeEmpty(fleet.Output);
        foreach (var run in runs) await tracker.ShouldBeUndisturbedAsync(run);
        await tracker.Audit.ShouldBeCleanAsync();
        hosts.ShouldBeGreaterThanOrEqualTo(2);
        children.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task Of_two_hundred_runs_on_two_hosts_each_is_executed_once()
    {
        // Most of them find that their data set is not here: their process ends by itself after a moment, so that starts and ends crowd.
        var trained = await tracker.SubmitAsync("crowd", epochs: 1, Enumerable.Range(0, 40), examples: 1024);
        var without = await tracker.SubmitAsync("crowd without data", epochs: 1, Enumerable.Range(0, 160), examples: 1024, dataset: "mnist");
        long[] all = [.. trained, .. without];
        await using var fleet = await Fleet.StartAsync(tracker, slots: 4, "crowd-1", "crowd-2");
        await tracker.FinishAsync(all, s_limit);

        (await NotSucceededAsync(trained)).ShouldBeEmpty(fleet.Output);
        (await tracker.Audit.ReadAsync($"SELECT DISTINCT coalesce(failure_kind, state) FROM runs WHERE id IN ({List(without)})")).ShouldBe(["BadData"]);
        (await tracker.Audit.ReadAsync($"SELECT count(*) || ' attempts, ' || sum(refused_writes) || ' writes refused' FROM attempts WHERE run_id IN ({List(all)})"))
            .ShouldBe(["200 attempts, 0 writes refused"]);
        (await tracker.Audit.ReadAsync($"SELECT DISTINCT h.name FROM attempts a JOIN hosts h ON h.id = a.host_id WHERE run_id IN ({List(all)}) ORDER BY 1"))
            .ShouldBe(["crowd-1", "crowd-2"]);
        await tracker.Audit.ShouldBeCleanAsync();
    }

    private Task<IReadOnlyList<string>> NotSucceededAsync(IEnumerable<long> runs) => tracker.Audit.ReadAsync(
        $"SELECT id || ': ' || state || ' ' || coalesce(failure_reason, '') FROM runs WHERE id IN ({List(runs)}) AND state <> 'Succeeded'");

    /// <summary>A run that died thrice in a row without getting further would be given up, and rightly so.</summary>
    private async Task<bool> MayDieAsync(IEnumerable<TrainingProcess> trainings) =>
        (await tracker.Audit.ReadAsync($"SELECT id::text FROM runs WHERE id IN ({List(trainings.Select(t => t.RunId))}) AND crashes + host_losses >= 2")).Count == 0;

    private static string List(IEnumerable<long> ids) => string.Join(", ", ids);
}
