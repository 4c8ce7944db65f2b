using System.Diagnostics;
using Npgsql;

namespace Tracker.Benchmarks;

/// <summary>Postgres' own client, as the measure of what the server can do.</summary>
/// <param name="database">The connection string.</param>
internal sealed class Psql(string database)
{
    /// <summary>Runs a command such as <c>\copy</c> to its end.</summary>
    public async Task<TimeSpan> RunAsync(string command)
    {
        var connection = new NpgsqlConnectionStringBuilder(database);
        var start = new ProcessStartInfo("psql", ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", command]) { RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in new[]
        {
            ("PGHOST", connection.Host), ("PGPORT", $"{connection.Port}"), ("PGDATABASE", connection.Database), ("PGUSER", connection.Username), ("PGPASSWORD", connection.Password),
        }) start.Environment[name] = value;
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("psql did not start.");
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? clock.Elapsed : throw new InvalidOperationException($"psql ended with {process.ExitCode}: {errors}");
    }
}
