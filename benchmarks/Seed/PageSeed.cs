using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Migrations;
using Tracker.Storage;

namespace Tracker.Benchmarks.Seed;

/// <summary>
/// Fills a database without sweeps with very many runs, as if people had trained for months: what pages and queries are measured on. Sweeps are
/// submitted as users submit them; what became of their runs is copied in.
/// </summary>
internal sealed class PageSeed(string database, int runs, long points)
{
    private const int LongRuns = 100;
    private const int LongPoints = 100_000;
    private const int Days = 120;
    private static readonly string[] s_owners = ["elena", "itay", "daniel", "priya", "marco", "yuki"];

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public async Task RunAsync()
    {
        await TrackerMigrator.MigrateAsync(database, CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { CommandTimeout = 0 }.ConnectionString);
        await using var services = new ServiceCollection().AddLogging().AddTrackerStorage(database).AddRunQueueClient().BuildServiceProvider();
        var rows = new SeedRows(source);
        await RequireEmptyAsync(rows);
        var owners = await rows.AddUsersAsync(s_owners);
        var hosts = await rows.AddHostsAsync();
        Say($"{owners.Count} users, {hosts.Count} hosts");
        var seeded = await SubmitAsync(services, rows, owners);
        Say($"{seeded.Count:N0} runs submitted");
        await new SeedOutcomes(source, hosts).WriteAsync(seeded);
        Say("Their states, attempts, events and logs written");
        var (longRuns, longPoints) = Long();
        var written = await new SeedPoints(source, longRuns == 0 ? 0 : longPoints).WriteAsync(seeded, points);
        Say($"{written:N0} points written");
        await rows.SummariseAsync();
        Say("Latest values, buckets and rates made, tables analysed");
    }

    private static async Task RequireEmptyAsync(SeedRows rows)
    {
        if (await rows.CountAsync("sweeps WHERE NOT external") > 0 || await rows.CountAsync("runs") > 0) throw new InvalidOperationException("The database has sweeps or runs already. Seed one without.");
        if (await rows.CountAsync("users") == 0)
            throw new InvalidOperationException("The database has no admin. Start the web process on it once, which makes one, and seed it then.");
    }

    /// <summary>How many runs have very many points, and how many: a fifth of all points at most.</summary>
    private (int Runs, int Points) Long()
    {
        var count = Math.Min(LongRuns, runs / 6) / 4 * 4;
        return (count, count == 0 ? 0 : (int)Math.Min(LongPoints, points / 5 / count));
    }

    private async Task<List<(SeedRun Run, SeedFate Fate)>> SubmitAsync(ServiceProvider services, SeedRows rows, IReadOnlyList<long> owners)
    {
        var (sweeps, all, now) = (services.GetRequiredService<ISweeps>(), services.GetRequiredService<IRuns>(), DateTimeOffset.UtcNow);
        var (longRuns, longPoints) = Long();
        var planned = SeedSweeps.Of(runs, longRuns, longPoints).ToList();
        var seeded = new List<(SeedRun, SeedFate)>();
        foreach (var (i, sweep) in planned.Index())
        {
            var id = await sweeps.SubmitAsync(sweep.Spec, owners[i % owners.Count], CancellationToken.None);
            // The last sweep is of this hour, the one before of yesterday.
            var submitted = i == planned.Count - 1 ? now.AddHours(-1) : now.AddDays((double)-Days * (planned.Count - 1 - i) / planned.Count);
            await rows.DateAsync(id, submitted, i % 9 == 0 ? "Rates from the last group meeting; the adapted regime is the one to beat." : "");
            var own = await all.OfSweepAsync(id, CancellationToken.None);
            seeded.AddRange(own.Select((view, ordinal) => (new SeedRun(view.Id, view.Spec, sweep.Fate, submitted, ordinal, now), sweep.Fate)));
        }
        return seeded;
    }

    private void Say(string what) => Console.WriteLine($"{_clock.Elapsed.TotalSeconds,6:0.0} s  {what}");
}
