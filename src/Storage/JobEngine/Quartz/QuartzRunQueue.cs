using System.Globalization;
using Npgsql;
using Quartz;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.JobEngine.QuartzAdapter;

/// <summary>
/// Runs as Quartz jobs: one durable job, named by the run's id, and one trigger each. Durable, because the trigger of a run that
/// is being executed may be gone when its host dies, and recovery needs the job.
/// </summary>
internal sealed class QuartzRunQueue(QuartzScheduler scheduler, NpgsqlDataSource dataSource) : IRunQueue
{
    private const string Group = "runs";

    /// <summary>
    /// Quartz fires by start time first and looks at priorities only among equal times, so the place in the queue is written into
    /// the start time: a past decade per class of urgency, within it a millisecond per position, which lasts for 3·10^11 runs.
    /// </summary>
    private static readonly DateTimeOffset s_high = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_normal = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_low = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task EnqueueAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<QueuedRun> runs, CancellationToken cancellationToken)
    {
        var quartz = await scheduler.GetAsync(cancellationToken);
        var jobs = runs.ToDictionary(Job, IReadOnlyCollection<ITrigger> (run) => [Trigger(run)]);
        using (quartz.EnlistTransaction(transaction))
        {
            await quartz.DeleteJobs([.. runs.Select(r => KeyOf(r.RunId))], cancellationToken);
            await quartz.ScheduleJobs(jobs, ScheduleJobOptions.Replacing, cancellationToken);
        }
    }

    public async Task RemoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<long> runIds, CancellationToken cancellationToken)
    {
        var quartz = await scheduler.GetAsync(cancellationToken);
        using (quartz.EnlistTransaction(transaction))
        {
            await quartz.DeleteJobs([.. runIds.Select(KeyOf)], cancellationToken);
        }
    }

    public Task<IReadOnlySet<long>> HeldRunsAsync(CancellationToken cancellationToken) => ReadRunsAsync(
        """
        SELECT job_name FROM qrtz_triggers
        WHERE sched_name = @scheduler AND job_group = @group AND trigger_state NOT IN ('COMPLETE', 'ERROR')
        UNION
        SELECT job_name FROM qrtz_fired_triggers
        WHERE sched_name = @scheduler AND job_group = @group
        """,
        cancellationToken);

    public Task<IReadOnlySet<long>> KnownRunsAsync(CancellationToken cancellationToken) => ReadRunsAsync(
        """
        SELECT job_name FROM qrtz_job_details
        WHERE sched_name = @scheduler AND job_group = @group
        UNION
        SELECT job_name FROM qrtz_fired_triggers
        WHERE sched_name = @scheduler AND job_group = @group
        """,
        cancellationToken);

    private async Task<IReadOnlySet<long>> ReadRunsAsync(string jobNames, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(jobNames);
        command.AddParameters([("scheduler", QuartzSetup.SchedulerName), ("group", Group)]);
        return (await command.ReadAllAsync(r => RunIdOf(r.GetString(0)), cancellationToken)).ToHashSet();
    }

    public static long RunIdOf(string jobName) => long.Parse(jobName, CultureInfo.InvariantCulture);

    private static string NameOf(long runId) => runId.ToString(CultureInfo.InvariantCulture);

    private static JobKey KeyOf(long runId) => new(NameOf(runId), Group);

    private static IJobDetail Job(QueuedRun run) => JobBuilder.Create<RunJob>()
        .WithIdentity(KeyOf(run.RunId))
        .StoreDurably()
        .RequestRecovery()
        .Build();

    /// <summary>
    /// Each with a name of its own: a host that was frozen while its run went to another ends its execution late, and Quartz then deletes
    /// the trigger of that name with all that is recorded of it, which must not be the other host's.
    /// </summary>
    private static ITrigger Trigger(QueuedRun run) => TriggerBuilder.Create()
        .WithIdentity($"{NameOf(run.RunId)}-{Guid.NewGuid():N}", Group)
        .ForJob(KeyOf(run.RunId))
        .WithExecutionGroup(run.Lane)
        .StartAt(StartOf(run))
        .WithSimpleSchedule(schedule => schedule.WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires))
        .Build();

    private static DateTimeOffset StartOf(QueuedRun run) => run.Priority switch
    {
        Priority.High => s_high,
        Priority.Low => s_low,
        _ => s_normal,
    } + TimeSpan.FromMilliseconds(run.Position);
}
