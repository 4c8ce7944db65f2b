using System.Collections.Concurrent;
using Tracker.Domain;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Tests;

/// <summary>
/// Whatever touches several runs at once (verbs on sweeps, fetching runs, recovering hosts, repairs), at the same time as whatever touches
/// one: a cycle of locks would show as a deadlock.
/// </summary>
public class StormTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private const int Workers = 6;
    private const int Deeds = 40;

    private readonly ConcurrentDictionary<long, int> _attempts = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Hosts_and_users_who_do_everything_at_once_leave_all_in_order_and_wait_for_nobody_for_ever(int seed)
    {
        long[] hosts = [await storage.RegisterHostAsync($"storm a {seed}", cpu: 3), await storage.RegisterHostAsync($"storm b {seed}", cpu: 3)];
        var sweeps = new List<long>();
        var runs = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            var (sweep, own) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 5));
            sweeps.Add(sweep);
            runs.AddRange(own);
        }
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random((100 * seed) + worker);
            for (var i = 0; i < Deeds; i++) await DoAsync(random, hosts[random.Next(2)], $"storm {"ab"[random.Next(2)]} {seed}", sweeps[random.Next(sweeps.Count)], runs[random.Next(runs.Count)]);
        })));
        foreach (var host in hosts) await storage.Hosts.StoppedAsync(host, "", Token);
        foreach (var run in runs) await EndAsync(run, new(AttemptOutcome.Drained, 143, null, null));
        (await Invariants.BrokenAsync(storage, Token)).ShouldBeEmpty();
        (await storage.Runs.ActiveAsync(Token)).ShouldBeEmpty();
    }

    private async Task DoAsync(Random random, long host, string name, long sweep, long run)
    {
        switch (random.Next(16))
        {
            case 0: await storage.Sweeps.PauseAsync(sweep, Token); break;
            case 1 or 2: await storage.Sweeps.ResumeAsync(sweep, Token); break;
            case 3: await (random.Next(2) == 0 ? storage.Sweeps.StopAsync(sweep, Token) : storage.Sweeps.CancelAsync(sweep, Token)); break;
            case 4 or 5: await storage.Sweeps.RetryAsync(sweep, (RetryFrom)random.Next(2), Token); break;
            case 6: await storage.Sweeps.ChangeAsync(sweep, null, null, (Priority)random.Next(3), Token); break;
            case 7: await storage.Runs.RetryAsync(run, Token); break;
            case 8: await storage.RegisterHostAsync(name, cpu: 3); break;
            case 9: await storage.Get<IDispatcher>().TakeBackAsync(host, Token); break;
            case 10: await storage.Get<RunReconciler>().RepairAsync(Token); break;
            case 11: await EndAsync(run, new((AttemptOutcome)random.Next(6), null, null, "storm.", (FailureKind)random.Next(8))); break;
            case 12: await FlushAsync(run); break;
            default: await TakeAsync(host); break;
        }
    }

    /// <summary>Fetches runs and begins them, as a host does.</summary>
    private async Task TakeAsync(long host)
    {
        await storage.Get<IDispatcher>().FillAsync(host, Token);
        foreach (var run in (await storage.Queue.HeldRunsAsync(Token)).Order())
        {
            if (await storage.Attempts.BeginAsync(run, host, Token) is { } started) _attempts[run] = started.Attempt;
        }
    }

    private async Task EndAsync(long run, AttemptEnd end)
    {
        if (_attempts.TryGetValue(run, out var attempt)) await storage.Attempts.EndAsync(run, attempt, end, Token);
    }

    private async Task FlushAsync(long run)
    {
        if (!_attempts.TryGetValue(run, out var attempt)) return;
        try
        {
            await storage.Writer.FlushAsync(run, attempt, new(1, [new(1, 0.1, MetricNames.TrainLoss, 1, 1)], null, null, []), Token);
        }
        catch (FencedException)
        {
            // What a process is told whose attempt is over.
        }
    }
}
