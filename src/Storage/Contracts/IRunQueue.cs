using Npgsql;
using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>A run as the job engine needs to know it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Lane">Who may execute it: a name that hosts serve with a number of slots.</param>
/// <param name="Priority">Class of urgency.</param>
/// <param name="Position">Its place among runs of the same class and lane: the lowest starts first. Positive.</param>
public sealed record QueuedRun(long RunId, string Lane, Priority Priority, long Position);

/// <summary>
/// The job engine as those see it that put runs in. Calls join the transaction of the connection that they are given, so that no
/// run is ever recorded as handed over but unknown to the engine.
/// </summary>
public interface IRunQueue
{
    /// <summary>Puts runs in their lanes: High before Normal before Low, then by position. A run that the engine holds already is moved.</summary>
    Task EnqueueAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<QueuedRun> runs, CancellationToken cancellationToken);

    /// <summary>Takes runs out; those that are not held are passed over.</summary>
    Task RemoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<long> runIds, CancellationToken cancellationToken);

    /// <summary>The runs that the engine holds: waiting, being executed, or of a host that it has not yet given up.</summary>
    Task<IReadOnlySet<long>> HeldRunsAsync(CancellationToken cancellationToken);

    /// <summary>The runs of which the engine has any record: those that it holds, and those whose execution ended without their having been taken out.</summary>
    Task<IReadOnlySet<long>> KnownRunsAsync(CancellationToken cancellationToken);
}

/// <summary>What a job host does with a run that the engine hands it.</summary>
public interface IRunHandler
{
    /// <summary>Executes a run until it ends or <paramref name="cancellationToken"/> asks to drain. May be called more than once for a run (at least once).</summary>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Set when the host drains.</param>
    Task ExecuteAsync(long runId, CancellationToken cancellationToken);
}
