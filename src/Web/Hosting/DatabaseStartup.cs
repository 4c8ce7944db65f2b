using System.Diagnostics;
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
        var told = false;
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
            catch (Exception e) when (TransientErrors.IsTransient(e))
            {
                if (watch.Elapsed > s_patience)
                    throw new StartupException($"{server} cannot be reached: {Reason(e)}. Tried for {s_patience.TotalSeconds:0} s. Start it, or correct {Settings.DatabaseKey}.");
                if (!told) Waiting(logger, server, Reason(e));
                told = true;
            }
            catch (PostgresException e)
            {
                throw new StartupException($"{server} cannot be used: {e.MessageText} (SQLSTATE {e.SqlState}). Check {Settings.DatabaseKey}.");
            }
            catch (NpgsqlException e)
            {
                throw new StartupException($"{server} cannot be used: {Reason(e)}. Check {Settings.DatabaseKey}.");
            }
            await Task.Delay(s_pause, cancellationToken);
        }
    }

    /// <summary>The innermost cause: what the operating system or the server said.</summary>
    private static string Reason(Exception exception) => exception.GetBaseException() is var cause && cause is PostgresException p ? p.MessageText : cause.Message;

    [LoggerMessage(1, LogLevel.Warning, "{Server} does not answer yet: {Reason}")]
    private static partial void Waiting(ILogger logger, string server, string reason);
}
