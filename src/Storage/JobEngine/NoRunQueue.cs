using Npgsql;

namespace Tracker.Storage.JobEngine;

/// <summary>Stands where a process has no job engine: a training process writes its run but queues nothing.</summary>
internal sealed class NoRunQueue : IRunQueue
{
    public Task EnqueueAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<QueuedRun> runs, CancellationToken cancellationToken) => throw Missing();

    public Task RemoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<long> runIds, CancellationToken cancellationToken) => throw Missing();

    public Task<IReadOnlySet<long>> HeldRunsAsync(CancellationToken cancellationToken) => throw Missing();

    public Task<IReadOnlySet<long>> KnownRunsAsync(CancellationToken cancellationToken) => throw Missing();

    private static InvalidOperationException Missing() => new("This process has no job engine. Register one with AddRunQueueClient or AddRunQueueHost.");
}
