using Tracker.Domain;

namespace Tracker.Storage.Tests;

public class SweepTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sweep_reuses_what_has_finished_and_trains_only_the_rest()
    {
        var sweep = SweepsToTest.Next(seeds: 3);
        var (first, runs) = await storage.SubmitAsync(sweep with { Seeds = [0, 1] });
        var host = await storage.RegisterHostAsync("host");
        await storage.SucceedAsync(runs[0], host, 0.875);

        var plan = await storage.Sweeps.PlanAsync(sweep, null, Token);
        plan.ReusedRuns.Single().ShouldBe(new ReusedRun(SweepExpander.Expand(sweep).Runs[0], runs[0], first, "Test", 0.875));
        plan.NewRuns.Select(r => r.Spec.Seed).ShouldBe([1, 2]);

        var (second, added) = await storage.SubmitAsync(sweep);
        added.Count.ShouldBe(2);
        var shown = await storage.Runs.OfSweepAsync(second, Token);
        shown.Select(r => (r.Spec.Seed, r.Reused)).ShouldBe([(0, true), (1, false), (2, false)]);
        var view = (await storage.Sweeps.FindAsync(second, Token)).ShouldNotBeNull();
        (view.Reused, view.Counts.Succeeded, view.Counts.Queued).ShouldBe((1, 1, 2));
        (await storage.Runs.ListAsync(new(SweepId: second), 10, null, Token)).Count.ShouldBe(3);
        (await storage.Runs.ListAsync(new(SweepId: second, State: RunState.Queued, Seed: 2), 10, null, Token)).Single().Id.ShouldBe(added[1]);
    }

    [Fact]
    public async Task Sweeps_that_are_submitted_while_the_runs_they_would_show_are_deleted_show_them_or_train_them_again()
    {
        var sweep = SweepsToTest.Next(seeds: 3);
        var host = await storage.RegisterHostAsync("host");
        for (var round = 0; round < 5; round++)
        {
            var (first, runs) = await storage.SubmitAsync(sweep);
            foreach (var run in runs) await storage.SucceedAsync(run, host, 0.5);
            var submissions = Enumerable.Range(0, 3).Select(_ => Task.Run(() => storage.Sweeps.SubmitAsync(sweep, null, Token))).ToList();
            await Task.WhenAll([.. submissions, Task.Run(() => storage.Sweeps.DeleteAsync(first, Token))]);
            foreach (var submitted in submissions)
            {
                (await storage.Runs.OfSweepAsync(await submitted, Token)).Select(r => r.Spec.Seed).ShouldBe([0, 1, 2]);
                await storage.Sweeps.CancelAsync(await submitted, Token);
            }
            foreach (var submitted in submissions) await storage.Sweeps.DeleteAsync(await submitted, Token);
        }
    }

    [Fact]
    public async Task A_sweep_that_asks_to_train_again_reuses_nothing()
    {
        var sweep = SweepsToTest.Next();
        var (_, runs) = await storage.SubmitAsync(sweep);
        await storage.SucceedAsync(runs[0], await storage.RegisterHostAsync("host"), 0.5);
        (await storage.SubmitAsync(sweep with { Rerun = true })).RunIds.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_sweep_and_a_run_read_back_as_they_were_submitted()
    {
        var sweep = SweepsToTest.Next(""", "largeBatch": [256], "ghostBatch": [64, 128], "priority": "low" """) with
        {
            Methods = [Method.SmallBatchOnly, Method.TableColumns[4], new(LargeBatch: true, Noise: true)],
        };
        var (id, _) = await storage.SubmitAsync(sweep);
        var view = (await storage.Sweeps.FindAsync(id, Token)).ShouldNotBeNull();
        view.Spec.ToJson().ShouldBe(sweep.ToJson());
        var shown = await storage.Runs.OfSweepAsync(id, Token);
        shown.Select(r => r.Spec).ShouldBe(SweepExpander.Expand(sweep).Runs);
        shown.Select(r => r.Fingerprint).ShouldBe(SweepExpander.Expand(sweep).Runs.Select(r => r.Fingerprint()));
    }

    [Fact]
    public async Task A_deleted_sweep_leaves_the_runs_that_others_show_to_them()
    {
        var sweep = SweepsToTest.Next(seeds: 2);
        var (first, runs) = await storage.SubmitAsync(sweep);
        var host = await storage.RegisterHostAsync("host");
        await storage.SucceedAsync(runs[0], host, 0.5);
        var (second, _) = await storage.SubmitAsync(sweep with { Seeds = [0] });
        var attempt = await storage.StartAsync(runs[1], host);
        (await Should.ThrowAsync<InvalidOperationException>(storage.Sweeps.DeleteAsync(first, Token))).Message.ShouldContain("1 run of sweep");
        await storage.Runs.CancelAsync(runs[1], Token);
        await storage.Attempts.EndAsync(runs[1], attempt.Attempt, new(AttemptOutcome.Cancelled, 143, null, null), Token);
        (await storage.Sweeps.DeleteAsync(first, Token)).ShouldBeTrue();
        (await storage.Sweeps.FindAsync(first, Token)).ShouldBeNull();
        (await storage.Runs.FindAsync(runs[1], Token)).ShouldBeNull();
        (await storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().SweepId.ShouldBe(second);
    }

    [Fact]
    public async Task A_changed_sweep_keeps_what_was_not_named()
    {
        var (id, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.Sweeps.ChangeAsync(id, "New name", null, null, Token);
        var view = (await storage.Sweeps.ChangeAsync(id, null, "why", Priority.High, Token)).ShouldNotBeNull();
        (view.Name, view.Notes, view.Priority).ShouldBe(("New name", "why", Priority.High));
        (await storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().Priority.ShouldBe(Priority.High);
        (await storage.Sweeps.ChangeAsync(987_654, "x", null, null, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Sweeps_are_listed_newest_first_page_by_page()
    {
        for (var i = 0; i < 3; i++) await storage.SubmitAsync(SweepsToTest.Next());
        var page = await storage.Sweeps.ListAsync(2, null, Token);
        page[0].Id.ShouldBeGreaterThan(page[1].Id);
        (await storage.Sweeps.ListAsync(1, page[1].Id, Token)).Single().Id.ShouldBeLessThan(page[1].Id);
    }

    [Fact]
    public async Task Progress_counts_weight_updates_and_the_time_left_follows_from_the_rate()
    {
        var (id, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        var host = await storage.RegisterHostAsync("host");
        await storage.SucceedAsync(runs[0], host, 0.5);
        var attempt = await storage.StartAsync(runs[1], host);
        await storage.Writer.FlushAsync(runs[1], attempt.Attempt, new(1, [], new(10, 20, 1, 2, 3000, 1, null, null, null), null, []), Token);
        var view = (await storage.Sweeps.FindAsync(id, Token)).ShouldNotBeNull();
        view.Progress.ShouldBe(0.75);
        // Ten steps of 128 samples at the mean of 1000 (finished) and 3000 (running) samples per second.
        view.EtaSeconds.ShouldNotBeNull().ShouldBe(1280 / 2000.0, 1e-9);
        view.FinishedAt.ShouldBeNull();
        await storage.Attempts.SucceedAsync(runs[1], attempt.Attempt, Results.With(0.5), Token);
        (await storage.Sweeps.FindAsync(id, Token)).ShouldNotBeNull().FinishedAt.ShouldNotBeNull();
    }
}

/// <summary>What depends on which hosts live, on a database of its own.</summary>
public class PlanTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_device_becomes_a_gpu_only_while_a_live_host_has_one_and_estimates_come_from_the_device_that_trains()
    {
        (await storage.Sweeps.PlanAsync(SweepsToTest.Next(), null, Token)).EstimatedSeconds.ShouldBeNull();
        var (_, before) = await storage.SubmitAsync(SweepsToTest.Next());
        (await storage.Runs.FindAsync(before[0], Token)).ShouldNotBeNull().DeviceClass.ShouldBe(DeviceClass.Cpu);

        var cpu = await storage.RegisterHostAsync("cpu", cpu: 2);
        await storage.SucceedAsync(before[0], cpu, 0.5);
        // One epoch over 1280 images in 10 + 2 seconds: two epochs take 24 s, four runs on two slots 48 s.
        var plan = await storage.Sweeps.PlanAsync(SweepsToTest.Next(seeds: 4), null, Token);
        plan.NewRuns[0].EstimatedSeconds.ShouldNotBeNull().ShouldBe(24, 1e-6);
        plan.EstimatedSeconds.ShouldNotBeNull().ShouldBe(48, 1e-6);
        plan.EstimateBasis.ShouldBe("Measured on 1 run of F1 on cpu at batch 128.");
        (await storage.Sweeps.PlanAsync(SweepsToTest.Next(""", "maxParallel": 1 """, seeds: 4), null, Token)).EstimatedSeconds.ShouldNotBeNull().ShouldBe(96, 1e-6);

        var gpu = await storage.RegisterHostAsync("gpu", cpu: 1, cuda: 1);
        var (_, after) = await storage.SubmitAsync(SweepsToTest.Next());
        (await storage.Runs.FindAsync(after[0], Token)).ShouldNotBeNull().DeviceClass.ShouldBe(DeviceClass.Cuda);
        (await storage.Sweeps.PlanAsync(SweepsToTest.Next(), null, Token)).EstimatedSeconds.ShouldBeNull();
        await storage.Hosts.StoppedAsync(gpu, "", Token);
        var (_, last) = await storage.SubmitAsync(SweepsToTest.Next());
        (await storage.Runs.FindAsync(last[0], Token)).ShouldNotBeNull().DeviceClass.ShouldBe(DeviceClass.Cpu);
    }
}
