using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Tracker.System.Tests.Support;

/// <summary>What must hold in the database whatever happened to hosts, children, network and server.</summary>
internal sealed class Audit(string connectionString)
{
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(20);

    private static readonly (string Fault, string Query)[] s_always =
    [
        ("two attempts of a run at once",
         """
         SELECT a.run_id || ': ' || a.attempt || ' and ' || b.attempt FROM attempts a JOIN attempts b ON b.run_id = a.run_id AND b.attempt > a.attempt
         WHERE b.started_at < coalesce(a.ended_at, 'infinity')
         """),
        ("a host given for a run that needs none, or none for one that needs it",
         "SELECT id || ': ' || state FROM runs WHERE (assigned OR state IN ('Starting', 'Running')) AND (host_id IS NULL OR device_name IS NULL OR state NOT IN ('Queued', 'Starting', 'Running'))"),
        ("an attempt number that no attempt has", "SELECT id || ': ' || attempt FROM runs WHERE attempt <> coalesce((SELECT max(attempt) FROM attempts WHERE run_id = runs.id), 0)"),
    ];

    private static readonly (string Fault, string Query)[] s_atRest =
    [
        ("an open attempt of a run that is not active",
         "SELECT a.run_id || ': ' || a.attempt FROM attempts a JOIN runs r ON r.id = a.run_id WHERE a.ended_at IS NULL AND (r.state NOT IN ('Starting', 'Running') OR r.attempt <> a.attempt)"),
        ("a wish that nobody will carry out", "SELECT id || ': ' || wish FROM runs WHERE wish <> 'None' AND state NOT IN ('Starting', 'Running')"),
        ("a run in the job engine that has no device", "SELECT job_name FROM qrtz_job_details WHERE job_name NOT IN (SELECT id::text FROM runs WHERE assigned)"),
        ("an execution in the job engine of such a run", "SELECT job_name FROM qrtz_fired_triggers WHERE coalesce(job_name, '') NOT IN (SELECT id::text FROM runs WHERE assigned)"),
    ];

    /// <summary>Asserts that nothing is wrong, and, within the seconds that hosts may take to tidy up, that nothing is left over.</summary>
    public async Task ShouldBeCleanAsync()
    {
        var since = Stopwatch.StartNew();
        (await FaultsAsync(s_always)).ShouldBeEmpty();
        while (true)
        {
            var left = await FaultsAsync(s_atRest);
            if (left.Count == 0) return;
            if (since.Elapsed > s_settling) left.ShouldBeEmpty();
            await Task.Delay(Limits.Pace);
        }
    }

    /// <summary>How many writes of a run's attempts were refused because the attempt was over.</summary>
    public async Task<int> RefusedWritesAsync(long runId) =>
        int.Parse((await ReadAsync($"SELECT sum(refused_writes)::text FROM attempts WHERE run_id = {runId}")).Single(), CultureInfo.InvariantCulture);

    /// <summary>The first column of what a query finds.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(string query)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(IEnumerable<(string Fault, string Query)> checks)
    {
        var faults = new List<string>();
        foreach (var (fault, query) in checks) faults.AddRange((await ReadAsync(query)).Select(r => $"{fault}: {r}"));
        return faults;
    }
}
