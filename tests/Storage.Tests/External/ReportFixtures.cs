using System.Globalization;

namespace Tracker.Storage.Tests.External;

/// <summary>What programs outside do, in short.</summary>
internal static class ReportFixtures
{
    public const long Start = 1_795_333_508_751;

    private static readonly Dictionary<string, string> s_none = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<long> NewExperimentAsync(this StorageFixture storage, string? name = null) =>
        storage.Get<IExperiments>().CreateAsync(name ?? Guid.NewGuid().ToString(), s_none, Token);

    public static async Task<long> NewRunAsync(this StorageFixture storage, long? experiment = null, string name = "A run") =>
        (await storage.Get<ILoggedRuns>().CreateAsync(
            new(experiment ?? await storage.NewExperimentAsync(), name, DateTimeOffset.FromUnixTimeMilliseconds(Start), s_none), Token)).ShouldNotBeNull();

    /// <summary>A run from outside in a sweep of ours, as databases have them from when that was not refused yet.</summary>
    public static async Task<long> NewRunInSweepAsync(this StorageFixture storage, long sweep)
    {
        var run = await storage.NewRunAsync();
        await using var command = storage.DataSource.CreateCommand(
            $"UPDATE runs SET sweep_id = {sweep} WHERE id = {run}; UPDATE sweep_runs SET sweep_id = {sweep}, ordinal = 1000 WHERE run_id = {run}");
        await command.ExecuteNonQueryAsync(Token);
        return run;
    }

    public static Task<bool> LogAsync(this StorageFixture storage, long run, params LoggedMetric[] metrics) =>
        storage.Get<ILoggedRuns>().LogAsync(run, new(metrics, [], []), Token);

    public static Task<bool> LogAsync(this StorageFixture storage, long run, params (string Key, string Value)[] parameters) =>
        storage.Get<ILoggedRuns>().LogAsync(run, new([], [.. parameters.Select(p => KeyValuePair.Create(p.Key, p.Value))], []), Token);

    public static Task<bool> TagAsync(this StorageFixture storage, long run, string key, string value) =>
        storage.Get<ILoggedRuns>().LogAsync(run, new([], [], [KeyValuePair.Create(key, value)]), Token);

    public static async Task<LoggedRun> FindLoggedAsync(this StorageFixture storage, long run) => (await storage.Get<ILoggedRuns>().FindAsync(run, Token)).ShouldNotBeNull();

    /// <summary>All points of a metric, read in parts.</summary>
    public static async Task<List<LoggedMetric>> HistoryAsync(this StorageFixture storage, long run, string key, int part = 1000)
    {
        var all = new List<LoggedMetric>();
        HistoryPlace? next = null;
        do
        {
            var history = (await storage.Get<ILoggedRuns>().HistoryAsync(run, key, next, part, Token)).ShouldNotBeNull();
            all.AddRange(history.Points);
            next = history.Next;
        }
        while (next is not null);
        return all;
    }

    /// <summary>A point at a step, as late after the start.</summary>
    public static LoggedMetric At(string key, long step, double value) => new(key, value, Start + step, step);

    public static async Task<long> CountAsync(this StorageFixture storage, string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Token), CultureInfo.InvariantCulture);
    }
}
