using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Jobs.Database;
using Tracker.Jobs.Supervision;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>
/// Compares the processes of this host with what is recorded of its attempts: at start, once a minute, and when the host had not been
/// heard of for so long that others may have taken its runs. An attempt without a process is lost; a process without an attempt is killed.
/// </summary>
internal sealed partial class ChildUpkeep(
    IAttempts attempts, HostIdentity host, ActiveRuns runs, ChildRecords records, TimeProvider clock, ILogger<ChildUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);
    private readonly LoopFaults _faults = new(logger, "training processes are compared with the records");
    private readonly Channel<bool> _look = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Has the processes looked at; returns at once.</summary>
    public void Look() => _look.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = clock.CreateTimer(_ => Look(), state: null, TimeSpan.Zero, s_period);
        var first = true;
        while (true)
        {
            await _look.Reader.ReadAsync(stoppingToken);
            try
            {
                if (first) await EndFormerAsync(stoppingToken);
                first = false;
                await CompareAsync(stoppingToken);
                _faults.Passed();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever made this look necessary still does.
                _faults.Tell(e, DatabaseFaults.IsTemporary(e));
                await Task.Delay(s_retry, clock, stoppingToken);
                Look();
            }
        }
    }

    /// <summary>Repairs every disagreement between processes and records.</summary>
    internal async Task CompareAsync(CancellationToken cancellationToken)
    {
        // Read before the database is asked: whatever began later cannot be missing there. What ended since is recorded as ended, and nothing happens to it.
        var begun = runs.Begun();
        var held = await attempts.HeldAsync(host.Id, cancellationToken);
        foreach (var (runId, attempt, run) in begun.Where(b => !held.Any(h => (h.RunId, h.Attempt) == (b.RunId, b.Attempt)) && runs.Contains(b.RunId, b.Attempt)))
        {
            if (await attempts.IsLeavingAsync(runId, attempt, cancellationToken)) continue;
            LogOver(runId, attempt);
            run.Stop.Request(StopReason.Superseded);
        }
        // A run enters the list here before its attempt begins there, so one that is recorded and not in the list has no process.
        foreach (var lost in held.Where(h => !runs.Contains(h.RunId)))
        {
            LogLost(lost.RunId, lost.Attempt);
            await attempts.EndAsync(
                lost.RunId, lost.Attempt, new(AttemptOutcome.Lost, ExitCode: null, Signal: null, $"Host '{host.Name}' has no process for it."), cancellationToken);
        }
        foreach (var child in records.Read().Where(c => !runs.Contains(c.RunId))) await EndOrphanAsync(child, cancellationToken);
    }

    /// <summary>What a former process of this host left running, by its own notes and by the database's.</summary>
    private async Task EndFormerAsync(CancellationToken cancellationToken)
    {
        foreach (var ended in await attempts.EndedAsync(host.Id, cancellationToken))
            await EndOrphanAsync(new(ended.RunId, ended.Attempt, ended.Process.GetValueOrDefault()), cancellationToken);
    }

    private async Task EndOrphanAsync(ChildRecord child, CancellationToken cancellationToken)
    {
        if (Orphans.End(child))
        {
            LogOrphan(child.RunId, child.Attempt, child.Process.Id);
            await attempts.NoteOrphanAsync(
                child.RunId, child.Attempt, $"A training process of attempt {child.Attempt} (process {child.Process.Id} of host '{host.Name}') was found alive without a supervisor, and was killed.",
                cancellationToken);
        }
        records.Remove(child.RunId, child.Attempt);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId}, attempt {Attempt} is over by the database; its training process is killed.")]
    private partial void LogOver(long runId, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId}, attempt {Attempt} is recorded as going on here, but has no process; it is lost.")]
    private partial void LogLost(long runId, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId}, attempt {Attempt}: training process {ProcessId} had no supervisor and was killed.")]
    private partial void LogOrphan(long runId, int attempt, int processId);
}
