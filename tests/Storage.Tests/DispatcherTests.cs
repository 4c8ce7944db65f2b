using Tracker.Domain;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Tests;

/// <summary>Whose run goes where, and how long the others are expected to take.</summary>
public sealed class DispatcherTests : Dispatching
{
    [Fact]
    public async Task A_host_gets_as_many_runs_as_it_has_slots_and_the_next_when_one_ends()
    {
        var (_, runs) = await SubmitAsync(seeds: 4);
        var host = await Storage.RegisterHostAsync("host", cpu: 2);
        (await FillAsync(host)).ShouldBe(runs.Take(2));
        (await FillAsync(host)).ShouldBeEmpty();
        (await Storage.Queue.HeldRunsAsync(Token)).ShouldBe(runs.Take(2), ignoreOrder: true);

        await TrainAsync(runs[0], host);
        (await FillAsync(host)).ShouldBe([runs[2]]);
    }

    [Fact]
    public async Task Higher_classes_go_first_and_a_changed_priority_counts_at_once()
    {
        var (_, low) = await SubmitAsync(""", "priority": "low" """);
        var (sweep, normal) = await SubmitAsync();
        var (_, high) = await SubmitAsync(""", "priority": "high" """);
        var (_, other) = await SubmitAsync();
        await Storage.Sweeps.ChangeAsync(sweep, null, null, Priority.Low, Token);
        var host = await Storage.RegisterHostAsync("host", cpu: 1);
        var order = new List<long>();
        while (await FillAsync(host) is [var next])
        {
            order.Add(next);
            await TrainAsync(next, host);
        }
        order.ShouldBe([.. high, .. other, .. low, .. normal]);
    }

    [Fact]
    public async Task A_sweep_gets_no_more_than_its_limit_on_all_hosts_together()
    {
        var (_, runs) = await SubmitAsync(""", "maxParallel": 3 """, seeds: 6);
        var one = await Storage.RegisterHostAsync("one", cpu: 2);
        var two = await Storage.RegisterHostAsync("two", cpu: 4);
        await Task.WhenAll(Dispatcher.FillAsync(one, Token), Dispatcher.FillAsync(two, Token));
        (await Storage.Queue.HeldRunsAsync(Token)).Count.ShouldBe(3);
        await TrainAsync(runs[0], await HostOfAsync(runs[0]));
        await Task.WhenAll(Dispatcher.FillAsync(one, Token), Dispatcher.FillAsync(two, Token));
        (await Storage.Queue.HeldRunsAsync(Token)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_longest_runs_of_a_sweep_go_first()
    {
        Method[] methods = [.. new[] { "lb", "lb+ra", "sb" }.Select(m => Method.TryParse(m, out var method, out _) ? method : throw new FormatException(m))];
        var (_, runs) = await Storage.SubmitAsync(SweepsToTest.Next() with { LargeBatch = [640], Methods = methods });
        var lengths = new Dictionary<long, long>();
        foreach (var run in runs) lengths[run] = RunPlan.For((await Storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Spec).Epochs;
        var host = await Storage.RegisterHostAsync("host", cpu: 1);
        (await FillAsync(host)).ShouldBe([lengths.MaxBy(l => l.Value).Key]);
    }

    [Fact]
    public async Task Users_share_by_what_they_have_used_lately()
    {
        var (ann, ben) = (await UserAsync("ann"), await UserAsync("ben"));
        var first = await SubmitAsync(ann, seeds: 3);
        var second = await SubmitAsync(ben, seeds: 3);
        await ExecuteAsync($"INSERT INTO device_usage (owner_id, seconds, as_of) VALUES ({ann}, 1000000, now()), ({ben}, 10, now())");
        var host = await Storage.RegisterHostAsync("host", cpu: 2);
        (await FillAsync(host)).ShouldBe(second.Take(2));

        // Twenty days halve a number twenty times: what remains is less than what ben's two runs are expected to take.
        await ExecuteAsync($"UPDATE device_usage SET as_of = now() - interval '20 days' WHERE owner_id = {ann}");
        var other = await Storage.RegisterHostAsync("other", cpu: 1);
        (await FillAsync(other)).ShouldBe([first[0]]);
    }

    [Fact]
    public async Task The_time_of_an_attempt_is_charged_to_its_owner_for_its_part_of_the_device()
    {
        var ann = await UserAsync("ann");
        var runs = await SubmitAsync(ann, seeds: 1);
        var host = await Storage.RegisterHostAsync("host", cpu: 4);
        await FillAsync(host);
        var attempt = (await Storage.Attempts.BeginAsync(runs[0], host, Token)).ShouldNotBeNull();
        await ExecuteAsync($"UPDATE attempts SET started_at = now() - interval '100 seconds' WHERE run_id = {runs[0]}");
        await Storage.Attempts.EndAsync(runs[0], attempt.Attempt, new(AttemptOutcome.Drained, 143, null, null), Token);
        (await ScalarAsync<double>($"SELECT seconds FROM device_usage WHERE owner_id = {ann}")).ShouldBe(25, 1);
    }

    [Fact]
    public async Task Runs_go_only_where_their_labels_memory_and_device_are()
    {
        var (_, labelled) = await SubmitAsync(""", "labels": ["big"] """);
        var (_, large) = await SubmitAsync(""", "deviceMemoryGb": 8 """);
        var (_, cuda) = await SubmitAsync(""", "device": "cuda" """);
        var plain = await Storage.RegisterHostAsync("plain", cpu: 4);
        (await FillAsync(plain)).ShouldBeEmpty();

        var big = await Storage.Hosts.RegisterAsync(
            new("big", "test", 2, [new(DeviceClass.Cpu, "cpu", "Large", 16_000_000_000, 8, 4), new(DeviceClass.Cuda, "cuda:0", "GPU", 0, 0, 1)], ["big"]), Token);
        (await FillAsync(big)).Order().ShouldBe([.. labelled, .. large, .. cuda]);
        (await Storage.Runs.FindAsync(cuda[0], Token)).ShouldNotBeNull().Device.ShouldBe("cuda:0");
    }

    [Fact]
    public async Task A_timing_run_waits_for_an_empty_device_and_then_has_it_alone()
    {
        var host = await Storage.RegisterHostAsync("host", cpu: 2);
        var (_, before) = await SubmitAsync();
        await FillAsync(host);
        var (_, timing) = await SubmitAsync(""", "timing": true, "priority": "high" """);
        var (_, after) = await SubmitAsync();
        (await FillAsync(host)).ShouldBeEmpty();

        await TrainAsync(before[0], host);
        (await FillAsync(host)).ShouldBe(timing);
        await TrainAsync(timing[0], host);
        (await FillAsync(host)).ShouldBe(after);
        (await Storage.Runs.FindAsync(timing[0], Token)).ShouldNotBeNull().Shared.ShouldBeFalse();
    }

    [Fact]
    public async Task Runs_that_were_on_one_device_together_are_marked_and_do_not_stand_for_a_timing_run()
    {
        var host = await Storage.RegisterHostAsync("host", cpu: 2);
        var sweep = SweepsToTest.Next(seeds: 2);
        var (_, runs) = await Storage.SubmitAsync(sweep);
        await FillAsync(host);
        foreach (var run in runs) await Storage.Attempts.BeginAsync(run, host, Token);
        foreach (var run in runs)
        {
            await EndAsync(run);
            (await Storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Shared.ShouldBeTrue();
            (await Storage.Runs.AttemptsAsync(run, Token)).Single().Shared.ShouldBeTrue();
        }
        (await Storage.Sweeps.PlanAsync(sweep, null, Token)).ReusedRuns.Count.ShouldBe(2);
        (await Storage.Sweeps.PlanAsync(sweep with { Placement = new() { Timing = true } }, null, Token)).ReusedRuns.ShouldBeEmpty();
    }

    [Fact]
    public async Task Hosts_of_one_machine_have_its_devices_in_common()
    {
        var (one, two) = (await OnMachineAsync("one"), await OnMachineAsync("two"));
        var (_, runs) = await SubmitAsync(seeds: 2);
        await FillAsync(one);
        await Storage.Attempts.BeginAsync(runs[0], one, Token);
        var (_, timing) = await SubmitAsync(""", "timing": true, "priority": "high" """);
        (await FillAsync(two)).ShouldBeEmpty();
        await ExecuteAsync($"UPDATE runs SET priority = 'Low' WHERE id = {timing[0]}");
        (await FillAsync(two)).ShouldBe([runs[1]]);
        await Storage.Attempts.BeginAsync(runs[1], two, Token);
        foreach (var run in runs) (await Storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Shared.ShouldBeTrue();
    }

    [Fact]
    public async Task Hosts_of_machines_of_the_same_name_have_nothing_in_common()
    {
        var (one, two) = (await OnMachineAsync("one", "first"), await OnMachineAsync("two", "second"));
        var (_, runs) = await SubmitAsync(seeds: 2);
        foreach (var host in new[] { one, two }) await Storage.Attempts.BeginAsync((await FillAsync(host)).ShouldHaveSingleItem(), host, Token);
        foreach (var run in runs) (await Storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Shared.ShouldBeFalse();
    }

    private Task<long> OnMachineAsync(string name, string machine = "workstation") => Storage.Hosts.RegisterAsync(
        new(name, "test", 1, [new(DeviceClass.Cpu, "cpu", "A processor", 0, 8, 1)], []) { Machine = "localhost", MachineId = machine, Instance = name }, Token);

    [Fact]
    public async Task Finished_runs_make_the_expected_seconds_of_waiting_ones_and_keep_a_memory_of_fifty()
    {
        var (_, runs) = await SubmitAsync(seeds: 3);
        var host = await Storage.RegisterHostAsync("host", cpu: 1);
        await FillAsync(host);
        await TrainAsync(runs[0], host);
        await Storage.Get<RunRates>().RefreshAsync(Token);
        // One epoch over 1280 images in 10 + 2 seconds; the plan has two.
        (await ScalarAsync<double>($"SELECT expected_seconds FROM runs WHERE id = {runs[2]}")).ShouldBe(24, 0.01);

        await ExecuteAsync("UPDATE run_rates SET runs = 50, square_log = 0.5");
        // What a program outside says of its end keeps nothing from being noticed.
        var outside = await External.ReportFixtures.NewRunAsync(Storage);
        await Storage.Get<ILoggedRuns>().ChangeAsync(outside, new(RunState.Succeeded, new DateTimeOffset(9999, 12, 30, 0, 0, 0, TimeSpan.Zero), null), Token);
        await Storage.Get<RunRates>().RefreshAsync(Token);
        await FillAsync(host);
        await TrainAsync(runs[1], host);
        await ExecuteAsync($"UPDATE runs SET expected_seconds = 99 WHERE id = {runs[2]}");
        await Storage.Get<RunRates>().RefreshAsync(Token);
        (await ScalarAsync<double>($"SELECT expected_seconds FROM runs WHERE id = {runs[2]}")).ShouldBe(24, 0.01);
        (await ScalarAsync<int>("SELECT runs FROM run_rates")).ShouldBe(50);
        (await ScalarAsync<double>("SELECT mean_log FROM run_rates")).ShouldBe(Math.Log(1280 / 12.0), 1e-9);
        (await ScalarAsync<double>("SELECT square_log FROM run_rates")).ShouldBe(0.5 * 49 / 50, 1e-9);
    }
}
