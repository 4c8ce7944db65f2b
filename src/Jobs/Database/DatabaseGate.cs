using Npgsql;

namespace Tracker.Jobs.Database;

/// <summary>Waits at the start until Postgres answers.</summary>
internal static class DatabaseGate
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private const int TrySeconds = 5;

    /// <summary>Waits until a connection can be opened.</summary>
    /// <returns><see langword="null"/> when Postgres answers, else what to tell people.</returns>
    public static async Task<string?> WaitAsync(string connectionString, TimeSpan wait, TimeProvider clock, Action<string> say, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = TrySeconds };
        var server = $"{builder.Host}:{builder.Port}";
        var since = clock.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(builder.ConnectionString);
                await connection.OpenAsync(cancellationToken);
                return null;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                var reason = DatabaseFaults.Reason(e);
                var refused = e is PostgresException postgres && !DatabaseFaults.IsTemporary(postgres);
                if (refused || clock.GetElapsedTime(since) + s_pause > wait)
                    return $"Postgres at {server} cannot be used: {reason}. Start the server, or correct the environment variable {Configuration.HostSettings.DatabaseVariable} (database '{builder.Database ?? builder.Username}', user '{builder.Username}').";
                if (tries == 1) say($"Waiting up to {wait.TotalSeconds:0} s for Postgres at {server}: {reason}.");
                await Task.Delay(s_pause, clock, cancellationToken);
            }
        }
    }
}
