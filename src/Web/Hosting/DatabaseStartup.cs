using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;
using Tracker.Migrations;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Hosting;

/// <summary>Brings the database up to date before the first request.</summary>
public static partial class DatabaseStartup
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Applies migrations and creates the first admin; waits for a server that is still starting.</summary>
    /// <exception cref="StartupException">The database cannot be used.</exception>
    public static async Task PrepareDatabaseAsync(this WebApplication app, Settings settings)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        await MigrateAsync(settings, app.Logger, stopping);
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FirstAdmin>().EnsureAsync(stopping);
    }

    private static async Task MigrateAsync(Settings settings, ILogger logger, CancellationToken cancellationToken)
    {
        var target = new NpgsqlConnectionStringBuilder(settings.Database);
        var server = $"Postgres at {target.Host}:{target.Port}, database '{target.Database}'";
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                await TrackerMigrator.MigrateAsync(settings.Database, cancellationToken);
                return;
            }
            catch (SchemaException e)
            {
                throw new StartupException(e.Message);
            }
            catch (PostgresException e) when (!e.IsTransient)
            {
                throw new StartupException($"{server} cannot be used: {e.MessageText} (SQLSTATE {e.SqlState}). Check {Settings.DatabaseKey}.");
            }
            catch (Exception e) when (Reason(e) is { } reason)
            {
                if (watch.Elapsed > s_patience)
                    throw new StartupException($"{server} cannot be reached: {reason}. Tried for {s_patience.TotalSeconds:0} s. Start it, or correct {Settings.DatabaseKey}.");
                Waiting(logger, server, reason);
            }
            await Task.Delay(s_pause, cancellationToken);
        }
    }

    /// <summary>Why the server does not answer, when it is worth waiting for; otherwise <see langword="null"/>.</summary>
    private static string? Reason(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is SocketException or PostgresException or TimeoutException) return e is PostgresException p ? p.MessageText : e.Message;
        }
        return exception is NpgsqlException ? exception.Message : null;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Server} does not answer yet: {Reason}")]
    private static partial void Waiting(ILogger logger, string server, string reason);
}
