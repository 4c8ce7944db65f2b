using Microsoft.Extensions.DependencyInjection;
using Tracker.Storage.JobEngine.QuartzAdapter;

namespace Tracker.Storage.Tests.Engine;

/// <summary>Quartz keeps the engine's contract.</summary>
public sealed class QuartzRunQueueTests(StorageFixture storage) : RunQueueContract(storage, new QuartzUnderTest()), IClassFixture<StorageFixture>
{
    [Fact]
    public async Task What_has_left_the_engine_leaves_no_rows_behind()
    {
        var (lane, run) = (NextLane(), NextRun());
        var dead = await StartAsync("left-dead", lane, hold: true);
        await using (dead)
        {
            await EnqueueAsync([new(run, lane, Domain.Priority.Normal, 1)]);
            await dead.Engine.NudgeAsync(Token);
            await dead.TakeAsync(1);
            await dead.VanishAsync();
        }
        await RemoveAsync(run);
        await using var command = Storage.DataSource.CreateCommand(
            $"SELECT (SELECT count(*) FROM qrtz_job_details WHERE job_name = '{run}') + (SELECT count(*) FROM qrtz_triggers WHERE job_name = '{run}') + (SELECT count(*) FROM qrtz_fired_triggers WHERE job_name = '{run}')");
        (await command.ExecuteScalarAsync(Token)).ShouldBe(0L);
    }

    /// <inheritdoc />
    protected override async Task<bool> GivenUpAsync(long runId)
    {
        await using var command = Storage.DataSource.CreateCommand($"SELECT count(*) FROM qrtz_triggers WHERE job_name = '{runId}' AND trigger_state = 'WAITING'");
        return await command.ExecuteScalarAsync(Token) is > 0L;
    }

    private sealed class QuartzUnderTest : EngineUnderTest
    {
        public override IServiceCollection AddClient(IServiceCollection services) => services.AddRunQueueClient();

        public override IServiceCollection AddNode<THandler>(IServiceCollection services, string name, IReadOnlyDictionary<string, int> lanes) =>
            services.AddRunQueueHost<THandler>(name, lanes);

        public override async Task AbandonAsync(IServiceProvider node) =>
            await (await node.GetRequiredService<QuartzScheduler>().GetAsync(default)).Shutdown(waitForJobsToComplete: false);
    }
}
