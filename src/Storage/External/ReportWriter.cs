using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Storage.Database;
using Tracker.Storage.Search;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.External;

/// <summary>Writes what programs report of runs: a report in one transaction, and in one round trip when it holds points alone.</summary>
internal sealed class ReportWriter(
    TrackerDatabase database, [FromKeyedServices(TrackerDataSource.Stateless)] NpgsqlDataSource dataSource, MetricIds metricIds, ReportedChanges changes)
{
    private const string Log = """
        SELECT sweep_id, external, deleted, thinned
        FROM log_points(@run, @metrics, @steps, @times, @values, @earlierMetrics, @earlierSteps, @earlierTimes, @earlierValues, @accuracies::text[])
        """;

    private sealed record Heard(long SweepId, bool External, bool Deleted);

    public async Task<bool> WriteAsync(long runId, LoggedBatch batch, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        var points = await PointsAsync(runId, batch.Metrics, cancellationToken);
        if (points is null)
        {
            if (await LogAsync(dataSource.CreateCommand(Log), runId, ReportedPoints.None, cancellationToken) is not { } closed) return false;
            if (!closed.External) throw Own(runId);
            if (closed.Deleted) throw ReportedRun.Deleted(runId);
            throw new LogRefusedException($"Run {runId} was taken out of the recycle bin while this report came in. Send it again.");
        }
        Heard? heard;
        if (batch.Parameters.Count == 0 && batch.Tags.Count == 0)
        {
            heard = await LogAsync(dataSource.CreateCommand(Log), runId, points, cancellationToken);
            if (heard is { External: false }) throw Own(runId);
            if (heard is { Deleted: true }) throw ReportedRun.Deleted(runId);
        }
        else
        {
            heard = await database.TransactAsync(session => WriteAsync(session, runId, batch, points), cancellationToken);
        }
        if (heard is null) return false;
        changes.Note(runId, heard.SweepId);
        if (heard.External) IngestMetrics.Flushed(points.Count, since);
        return true;
    }

    public Task<bool> DeleteTagAsync(long runId, string key, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        if (await ReportedRun.LockAsync(session, runId) is not { } run) return false;
        run.RefuseDeleted();
        var removed = run.Attributes.Remove(key) | run.Tags.RemoveAll(tag => RunTags.Is(tag, key)) > 0;
        if (key == RunTags.Notes && run.Notes.Length > 0)
        {
            run.Notes = "";
            removed = true;
        }
        if (!removed) return false;
        await run.SaveAsync(session);
        if (run.External) await HearAsync(session, runId);
        else await session.AuditAsync(new("run.change", "run", runId, After: new { TagsRemoved = new[] { key } }));
        session.Changed(ChangeKind.Run, runId, run.SweepId);
        return true;
    }, cancellationToken);

    public Task<bool> ChangeTagAsync(long runId, string key, Func<string?, string> change, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        if (await ReportedRun.LockAsync(session, runId) is not { } run) return false;
        run.RefuseDeleted();
        var former = RunTags.Read([.. run.Tags], run.Attributes).GetValueOrDefault(key);
        run.Tag([KeyValuePair.Create(key, change(former))]);
        await run.SaveAsync(session);
        if (run.External) await HearAsync(session, runId);
        else await session.AuditAsync(new("run.change", "run", runId, After: new { Tags = new[] { key } }));
        session.Changed(ChangeKind.Run, runId, run.SweepId);
        return true;
    }, cancellationToken);

    /// <summary>Notes that a run from outside was heard of; one that was given up runs again.</summary>
    public static Task HearAsync(DbSession session, long runId) => LogAsync(Command(session), runId, ReportedPoints.None, session.CancellationToken);

    /// <summary>Parameters and tags first: when they are refused, nothing was written.</summary>
    private static async Task<Heard?> WriteAsync(DbSession session, long runId, LoggedBatch batch, ReportedPoints points)
    {
        if (await ReportedRun.LockAsync(session, runId) is not { } run) return null;
        run.RefuseDeleted();
        if (!run.External && (batch.Parameters.Count > 0 || points.Count > 0)) throw Own(runId);
        run.Log(batch.Parameters);
        run.Tag(batch.Tags);
        await run.SaveAsync(session);
        if (run.External) return await LogAsync(Command(session), runId, points, session.CancellationToken);
        await session.AuditAsync(new("run.change", "run", runId, After: new { Tags = batch.Tags.Select(t => t.Key) }));
        return new(run.SweepId, External: false, Deleted: false);
    }

    /// <summary>Nothing when names are new and the run takes no points: what names there are is not for it to say.</summary>
    private async Task<ReportedPoints?> PointsAsync(long runId, IReadOnlyList<LoggedMetric> metrics, CancellationToken cancellationToken)
    {
        if (metrics.Count == 0) return ReportedPoints.None;
        var names = metrics.Select(m => TextValues.Clean(m.Key)).ToHashSet(StringComparer.Ordinal);
        return await metricIds.LearnAsync(runId, names, cancellationToken) is { } ids ? ReportedPoints.Of(metrics, ids) : null;
    }

    private static NpgsqlCommand Command(DbSession session) => new(Log, session.Connection, session.Transaction);

    private static async Task<Heard?> LogAsync(NpgsqlCommand command, long runId, ReportedPoints points, CancellationToken cancellationToken)
    {
        await using (command)
        {
            command.AddParameters(points.Parameters(runId));
            var heard = await command.ReadAllAsync(
                r => (Heard: new Heard(r.GetInt64(0), r.GetBoolean(1), r.GetBoolean(2)), Thinned: r.GetOrDefault<string>(3)), cancellationToken);
            if (heard is [{ Thinned: { } metric }])
                throw new LogRefusedException($"The points of '{metric}' were thinned out when they became old. Only later steps than those that it has can be added.");
            return heard.Count > 0 ? heard[0].Heard : null;
        }
    }

    private static LogRefusedException Own(long runId) => new($"Run {runId} is trained by this server, which records it. Programs may give it tags, nothing else.");
}
