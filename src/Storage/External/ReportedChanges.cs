using Microsoft.Extensions.Logging;
using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.External;

/// <summary>
/// Tells of runs that were reported on, gathered over a fraction of a second and apart from the transactions that write the points:
/// Postgres lets transactions that notify commit one after the other, each with a write to disk of its own.
/// </summary>
internal sealed partial class ReportedChanges(NpgsqlDataSource dataSource, ILogger<ReportedChanges> logger) : IAsyncDisposable
{
    /// <summary>Pages gather changes for as long themselves.</summary>
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private HashSet<Change> _gathered = [];
    private Task _telling = Task.CompletedTask;

    /// <summary>Notes that a run of a sweep has changed.</summary>
    public void Note(long runId, long sweepId)
    {
        lock (_gate)
        {
            if (_end.IsCancellationRequested || !_gathered.Add(new(ChangeKind.Run, runId, sweepId)) || _gathered.Count > 1) return;
            _telling = TellAsync(_telling);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task telling;
        lock (_gate)
        {
            telling = _telling;
            _end.Cancel();
        }
        await telling;
        _end.Dispose();
    }

    private async Task TellAsync(Task former)
    {
        await former;
        await Task.Delay(s_gather, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        HashSet<Change> changes;
        lock (_gate) (changes, _gathered) = (_gathered, []);
        try
        {
            await using var command = dataSource.CreateCommand("SELECT pg_notify(@channel, payload) FROM unnest(@payloads) AS payload");
            command.AddParameters([("channel", ChangeCoding.Channel), ("payloads", ChangeCoding.Write(changes).ToArray())]);
            await command.ExecuteNonQueryAsync(_end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The process ends, and its pages with it.
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or ObjectDisposedException)
        {
            LogUntold(logger, changes.Count, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Pages were not told that {Count} runs were reported on; they show it with the next report.")]
    private static partial void LogUntold(ILogger logger, int count, Exception exception);
}
