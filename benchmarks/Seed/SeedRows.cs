using System.Text.Json;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Benchmarks.Seed;

/// <summary>The rows of the seed that are few: users, hosts, dates; and what is made of the many.</summary>
internal sealed class SeedRows(NpgsqlDataSource source)
{
    /// <summary>As the product writes values into jsonb columns.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    public async Task<long> CountAsync(string rows)
    {
        await using var command = source.CreateCommand($"SELECT count(*) FROM {rows}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>People who cannot sign in, and those that are there already.</summary>
    public async Task<IReadOnlyList<long>> AddUsersAsync(string[] names)
    {
        await using (var add = source.CreateCommand(
            """
            INSERT INTO users (user_name, normalized_user_name, security_stamp, concurrency_stamp, lockout_enabled)
            SELECT n, upper(n), gen_random_uuid()::text, gen_random_uuid()::text, true FROM unnest($1) AS n ON CONFLICT DO NOTHING
            """))
        {
            add.Parameters.Add(new() { Value = names });
            await add.ExecuteNonQueryAsync();
        }
        return await IdsAsync("SELECT id FROM users ORDER BY id");
    }

    /// <summary>Hosts that stay present, since they were heard of in the future, and one that is lost.</summary>
    public async Task<IReadOnlyList<long>> AddHostsAsync()
    {
        var hosts = Enumerable.Range(1, 6).Select(i => (Name: $"gpu-{i}", Cuda: 4, Slots: 2, Labels: (string[])(i <= 3 ? ["h100", "fast-disk"] : ["a100"]), Heard: 365.0))
            .Concat([("desk-7", 0, 0, [], 365.0), ("old-node", 1, 1, [], -3.0)]);
        foreach (var host in hosts)
        {
            List<HostDevice> devices =
            [
                .. Enumerable.Range(0, host.Cuda).Select(d => new HostDevice(
                    DeviceClass.Cuda, $"cuda:{d}", host.Labels.Contains("h100") ? "NVIDIA H100" : "NVIDIA A100", host.Labels.Contains("h100") ? 85_000_000_000 : 42_000_000_000, 0, host.Slots)),
                new(DeviceClass.Cpu, "cpu", "AMD EPYC 9354", 256_000_000_000, 32, host.Cuda == 0 ? 4 : 2),
            ];
            await using var command = source.CreateCommand(
                """
                INSERT INTO hosts (name, version, process_id, devices, labels, started_at, heartbeat_at, machine, machine_id, instance)
                VALUES ($1, '1.0.0', 4242, $2::jsonb, $3, now() - interval '9 days', now() + make_interval(secs => $4), $1, $1, $1)
                """);
            foreach (var value in (object[])[host.Name, JsonSerializer.Serialize(devices, Json), host.Labels, 86_400 * host.Heard]) command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync();
        }
        return await IdsAsync("SELECT id FROM hosts WHERE name LIKE 'gpu-%' ORDER BY id");
    }

    /// <summary>When a sweep was submitted, and what its owner says of it.</summary>
    public async Task DateAsync(long sweep, DateTimeOffset submitted, string notes)
    {
        await using var command = source.CreateCommand("WITH s AS (UPDATE sweeps SET created_at = $2, notes = $3 WHERE id = $1) UPDATE runs SET created_at = $2, state_since = $2 WHERE sweep_id = $1");
        foreach (var value in (object[])[sweep, submitted, notes]) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What the product keeps of points and finished runs, by its own functions where it has them.</summary>
    public async Task SummariseAsync()
    {
        await using var connection = await source.OpenConnectionAsync();
        foreach (var sql in (string[])
        [
            "SET work_mem = '256MB'; SET maintenance_work_mem = '256MB'; SET synchronous_commit = off", "ANALYZE metric_points", "SELECT summarise_series(NULL)",
            """
            INSERT INTO run_rates (network, dataset, device_class, device_model, batch, runs, mean_log, square_log, peak_memory)
            SELECT network, dataset, device_class, model, batch, least(count(*), 50), avg(ln(rate)), coalesce(var_pop(ln(rate)) * least(count(*), 50), 0), NULL
            FROM (
              SELECT r.network, r.dataset, r.device_class, r.batch, run_rate(r) AS rate, e->>'model' AS model
              FROM runs r JOIN attempts a ON a.run_id = r.id AND a.attempt = r.attempt JOIN hosts h ON h.id = a.host_id
              CROSS JOIN jsonb_array_elements(h.devices) AS e WHERE r.state = 'Succeeded' AND e->>'name' = a.device
            ) measured WHERE rate > 0 GROUP BY network, dataset, device_class, model, batch
            """,
            """
            INSERT INTO device_usage (owner_id, seconds, as_of)
            SELECT owner_id, sum(extract(epoch FROM finished_at - started_at) * power(0.5, extract(epoch FROM now() - finished_at) / 86400)), now()
            FROM runs WHERE owner_id IS NOT NULL AND finished_at IS NOT NULL AND started_at IS NOT NULL GROUP BY owner_id
            """,
            "ANALYZE",
        ])
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync();
        }
    }

    private async Task<IReadOnlyList<long>> IdsAsync(string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<long>();
        while (await reader.ReadAsync()) ids.Add(reader.GetInt64(0));
        return ids;
    }
}
