using Tracker.Domain;
using Tracker.Storage.Runs;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Tests;

/// <summary>On a database of its own for each test, since a host fetches whatever waits.</summary>
public sealed class DispatcherTests : IAsyncLifetime
{
    private readonly StorageFixture _storage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDispatcher Dispatcher => _storage.Get<IDispatcher>();

    public ValueTask InitializeAsync() => _storage.InitializeAsync();

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task A_host_gets_as_many_runs_as_it_has_slots_and_the_next_when_one_ends()
    {
        var (_, runs) = await SubmitAsync(seeds: 4);
        var host = await _storage.RegisterHostAsync("host", cpu: 2);
        (await FillAsync(host)).ShouldBe(runs.Take(2));
        (await FillAsync(host)).ShouldBeEmpty();
        (await _storage.Queue.HeldRunsAsync(Token)).ShouldBe(runs.Take(2), ignoreOrder: true);

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
        await _storage.Sweeps.ChangeAsync(sweep, null, null, Priority.Low, Token);
        var host = await _storage.RegisterHostAsync("host", cpu: 1);
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
        var one = await _storage.RegisterHostAsync("one", cpu: 2);
        var two = await _storage.RegisterHostAsync("two", cpu: 4);
        await Task.WhenAll(Dispatcher.FillAsync(one, Token), Dispatcher.FillAsync(two, Token));
        (await _storage.Queue.HeldRunsAsync(Token)).Count.ShouldBe(3);
        await TrainAsync(runs[0], await HostOfAsync(runs[0]));
        await Task.WhenAll(Dispatcher.FillAsync(one, Token), Dispatcher.FillAsync(two, Token));
        (await _storage.Queue.HeldRunsAsync(Token)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_longest_runs_of_a_sweep_go_first()
    {
        Method[] methods = [.. new[] { "lb", "lb+ra", "sb" }.Select(m => Method.TryParse(m, out var method, out _) ? method : throw new FormatException(m))];
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next() with { LargeBatch = [640], Methods = methods });
        var lengths = new Dictionary<long, long>();
        foreach (var run in runs) lengths[run] = RunPlan.For((await _storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Spec).Epochs;
        var host = await _storage.RegisterHostAsync("host", cpu: 1);
        (await FillAsync(host)).ShouldBe([lengths.MaxBy(l => l.Value).Key]);
    }

    [Fact]
    public async Task Users_share_by_what_they_have_used_lately()
    {
        var (ann, ben) = (await UserAsync("ann"), await UserAsync("ben"));
        var first = await SubmitAsync(ann, seeds: 3);
        var second = await SubmitAsync(ben, seeds: 3);
        await ExecuteAsync($"INSERT INTO device_usage (owner_id, seconds, as_of) VALUES ({ann}, 1000000, now()), ({ben}, 10, now())");
        var host = await _storage.RegisterHostAsync("host", cpu: 2);
        (await FillAsync(host)).ShouldBe(second.Take(2));

        // Twenty days halve a number twenty times: what remains is less than what ben's two runs are expected to take.
        await ExecuteAsync($"UPDATE device_usage SET as_of = now() - interval '20 days' WHERE owner_id = {ann}");
        var other = await _storage.RegisterHostAsync("other", cpu: 1);
        (await FillAsync(other)).ShouldBe([first[0]]);
    }

    [Fact]
    public async Task The_time_of_an_attempt_is_charged_to_its_owner_for_its_part_of_the_device()
    {
        var ann = await UserAsync("ann");
        var runs = await SubmitAsync(ann, seeds: 1);
        var host = await _storage.RegisterHostAsync("host", cpu: 4);
        await FillAsync(host);
        var attempt = (await _storage.Attempts.BeginAsync(runs[0], host, Token)).ShouldNotBeNull();
        await ExecuteAsync($"UPDATE attempts SET started_at = now() - interval '100 seconds' WHERE run_id = {runs[0]}");
        await _storage.Attempts.EndAsync(runs[0], attempt.Attempt, new(AttemptOutcome.Drained, 143, null, null), Token);
        (await ScalarAsync<double>($"SELECT seconds FROM device_usage WHERE owner_id = {ann}")).ShouldBe(25, 1);
    }

    [Fact]
    public async Task Runs_go_only_where_their_labels_memory_and_device_are()
    {
        var (_, labelled) = await SubmitAsync(""", "labels": ["big"] """);
        var (_, large) = await SubmitAsync(""", "deviceMemoryGb": 8 """);
        var (_, cuda) = await SubmitAsync(""", "device": "cuda" """);
        var plain = await _storage.RegisterHostAsync("plain", cpu: 4);
        (await FillAsync(plain)).ShouldBeEmpty();

        var big = await _storage.Hosts.RegisterAsync(
            new("big", "test", 2, [new(DeviceClass.Cpu, "cpu", "Large", 16_000_000_000, 8, 4), new(DeviceClass.Cuda, "cuda:0", "GPU", 0, 0, 1)], ["big"]), Token);
        (await FillAsync(big)).Order().ShouldBe([.. labelled, .. large, .. cuda]);
        (await _storage.Runs.FindAsync(cuda[0], Token)).ShouldNotBeNull().Device.ShouldBe("cuda:0");
    }

    [Fact]
    public async Task A_timing_run_waits_for_an_empty_device_and_then_has_it_alone()
    {
        var host = await _storage.RegisterHostAsync("host", cpu: 2);
        var (_, before) = await SubmitAsync();
        await FillAsync(host);
        var (_, timing) = await SubmitAsync(""", "timing": true, "priority": "high" """);
        var (_, after) = await SubmitAsync();
        (await FillAsync(host)).ShouldBeEmpty();

        await TrainAsync(before[0], host);
        (await FillAsync(host)).ShouldBe(timing);
        await TrainAsync(timing[0], host);
        (await FillAsync(host)).ShouldBe(after);
        (await _storage.Runs.FindAsync(timing[0], Token)).ShouldNotBeNull().Shared.ShouldBeFalse();
    }

    [Fact]
    public async Task Runs_that_were_on_one_device_together_are_marked_and_do_not_stand_for_a_timing_run()
    {
        var host = await _storage.RegisterHostAsync("host", cpu: 2);
        var sweep = SweepsToTest.Next(seeds: 2);
        var (_, runs) = await _storage.SubmitAsync(sweep);
        await FillAsync(host);
        foreach (var run in runs) await _storage.Attempts.BeginAsync(run, host, Token);
        foreach (var run in runs)
        {
            await EndAsync(run);
            (await _storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Shared.ShouldBeTrue();
            (await _storage.Runs.AttemptsAsync(run, Token)).Single().Shared.ShouldBeTrue();
        }
        (await _storage.Sweeps.PlanAsync(sweep, null, Token)).ReusedRuns.Count.ShouldBe(2);
        (await _storage.Sweeps.PlanAsync(sweep with { Placement = new() { Timing = true } }, null, Token)).ReusedRuns.ShouldBeEmpty();
    }

    [Fact]
    public async Task Hosts_of_one_machine_have_its_devices_in_common()
    {
        var (one, two) = (await OnMachineAsync("one"), await OnMachineAsync("two"));
        var (_, runs) = await SubmitAsync(seeds: 2);
        await FillAsync(one);
        await _storage.Attempts.BeginAsync(runs[0], one, Token);
        var (_, timing) = await SubmitAsync(""", "timing": true, "priority": "high" """);
        (await FillAsync(two)).ShouldBeEmpty();
        await ExecuteAsync($"UPDATE runs SET priority = 'Low' WHERE id = {timing[0]}");
        (await FillAsync(two)).ShouldBe([runs[1]]);
        await _storage.Attempts.BeginAsync(runs[1], two, Token);
        foreach (var run in runs) (await _storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Shared.ShouldBeTrue();
    }

    [Fact]
    public async Task Hosts_of_machines_of_the_same_name_have_nothing_in_common()
    {
        var (one, two) = (await OnMachineAsync("one", "first"), await OnMachineAsync("two", "second"));
        var (_, runs) = await SubmitAsync(seeds: 2);
        foreach (var host in new[] { one, two }) await _storage.Attempts.BeginAsync((await FillAsync(host)).ShouldHaveSingleItem(), host, Token);
        foreach (var run in runs) (await _storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Shared.ShouldBeFalse();
    }

    private Task<long> OnMachineAsync(string name, string machine = "workstation") => _storage.Hosts.RegisterAsync(
        new(name, "test", 1, [new(DeviceClass.Cpu, "cpu", "A processor", 0, 8, 1)], []) { Machine = "localhost", MachineId = machine, Instance = name }, Token);

    [Fact]
    public async Task Nobody_but_the_host_that_was_given_a_run_begins_it()
    {
        var (_, runs) = await SubmitAsync();
        var mine = await _storage.RegisterHostAsync("mine", cpu: 1);
        var other = await _storage.RegisterHostAsync("other", cpu: 1);
        (await _storage.Attempts.BeginAsync(runs[0], mine, Token)).ShouldBeNull();
        await FillAsync(mine);
        (await _storage.Attempts.BeginAsync(runs[0], other, Token)).ShouldBeNull();
        var attempt = (await _storage.Attempts.BeginAsync(runs[0], mine, Token)).ShouldNotBeNull();
        attempt.Device.ShouldBe("cpu");
        (await _storage.Attempts.BeginAsync(runs[0], other, Token)).ShouldBeNull();
        (await _storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().Attempt.ShouldBe(attempt.Attempt);
    }

    [Fact]
    public async Task A_host_returns_what_it_did_not_begin_but_not_what_another_has_been_given_since()
    {
        var (_, runs) = await SubmitAsync();
        await _storage.RegisterHostAsync("former", cpu: 1);
        await FillAsync(await _storage.RegisterHostAsync("present", cpu: 1));
        var back = _storage.Get<RunReturn>();
        await back.ReturnAsync(runs[0], "former", TimeSpan.Zero, Token);
        (await _storage.Queue.HeldRunsAsync(Token)).ShouldBe(runs);
        (await ScalarAsync<bool>($"SELECT assigned FROM runs WHERE id = {runs[0]}")).ShouldBeTrue();
        await back.ReturnAsync(runs[0], "present", TimeSpan.Zero, Token);
        (await _storage.Queue.HeldRunsAsync(Token)).ShouldBeEmpty();
        (await ScalarAsync<bool>($"SELECT assigned FROM runs WHERE id = {runs[0]}")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_silent_host_holds_waits_again_and_is_fetched_by_another()
    {
        var (_, runs) = await SubmitAsync(seeds: 2);
        var silent = await _storage.RegisterHostAsync("silent", cpu: 2);
        await FillAsync(silent);
        var attempt = (await _storage.Attempts.BeginAsync(runs[0], silent, Token)).ShouldNotBeNull();
        var other = await _storage.RegisterHostAsync("other", cpu: 2);
        (await Dispatcher.RecoverAsync(_ => true, Token)).ShouldBe(0);

        await SilenceAsync(silent);
        (await _storage.Hosts.ListAsync(Token)).Single(h => h.Id == silent).State.ShouldBe(HostState.Lost);
        (await Dispatcher.RecoverAsync(_ => true, Token)).ShouldBe(2);
        (await Dispatcher.RecoverAsync(_ => true, Token)).ShouldBe(0);
        (await FillAsync(other)).ShouldBe(runs);
        var lost = (await _storage.Runs.AttemptsAsync(runs[0], Token)).Single();
        (lost.Attempt, lost.Outcome, lost.Failure).ShouldBe((attempt.Attempt, AttemptOutcome.Lost, FailureKind.HostLost));
        lost.Reason.ShouldNotBeNull().ShouldContain("'silent'");
        (await _storage.Runs.AttemptsAsync(runs[1], Token)).ShouldBeEmpty();
        (await FillAsync(silent)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_has_not_long_been_in_contact_with_the_server_takes_nobody_for_lost()
    {
        var (_, runs) = await SubmitAsync();
        var host = await _storage.RegisterHostAsync("host", cpu: 1);
        await FillAsync(host);
        (await _storage.Attempts.BeginAsync(runs[0], host, Token)).ShouldNotBeNull();
        await SilenceAsync(host);
        DateTimeOffset? told = null;
        (await Dispatcher.RecoverAsync(now => { told = now; return false; }, Token)).ShouldBe(0);
        told.ShouldNotBeNull();
        (await _storage.StateAsync(runs[0])).ShouldBe(RunState.Starting);
        (await Dispatcher.RecoverAsync(_ => true, Token)).ShouldBe(1);
    }

    [Fact]
    public async Task A_training_process_that_is_frozen_while_it_sends_points_does_not_keep_its_run()
    {
        var (_, runs) = await SubmitAsync();
        var host = await _storage.RegisterHostAsync("host", cpu: 1);
        await FillAsync(host);
        (await _storage.Attempts.BeginAsync(runs[0], host, Token)).ShouldNotBeNull();
        await SilenceAsync(host);
        await using var frozen = await _storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await frozen.BeginTransactionAsync(Token);
        await HoldAsync(transaction, runs[0]);
        await using var points = await frozen.BeginBinaryImportAsync("COPY metric_points FROM STDIN (FORMAT binary)", Token);
        (await Dispatcher.RecoverAsync(_ => true, Token).WaitAsync(TimeSpan.FromSeconds(20), Token)).ShouldBe(1);
        (await _storage.StateAsync(runs[0])).ShouldBe(RunState.Queued);
        (await Should.ThrowAsync<Exception>(async () => await points.CompleteAsync(Token))).ShouldNotBeOfType<OperationCanceledException>();
    }

    [Fact]
    public async Task A_host_waits_only_for_a_moment_for_a_run_that_is_kept_locked_on_its_device()
    {
        var (_, runs) = await SubmitAsync(seeds: 2);
        var host = await _storage.RegisterHostAsync("host", cpu: 2);
        await _storage.AssignAsync(runs[0], host);
        await using (var connection = await _storage.DataSource.OpenConnectionAsync(Token))
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await HoldAsync(transaction, runs[0]);
            var given = await Should.ThrowAsync<Npgsql.PostgresException>(Dispatcher.FillAsync(host, Token).WaitAsync(TimeSpan.FromSeconds(20), Token));
            given.SqlState.ShouldBe("55P03");
            TransientErrors.IsTransient(given).ShouldBeTrue();
        }
        (await Dispatcher.FillAsync(host, Token)).ShouldBe(1);
    }

    private static async Task HoldAsync(Npgsql.NpgsqlTransaction transaction, long run)
    {
        await using var hold = new Npgsql.NpgsqlCommand($"SELECT FROM runs WHERE id = {run} FOR NO KEY UPDATE", transaction.Connection, transaction);
        await hold.ExecuteNonQueryAsync(Token);
    }

    [Fact]
    public async Task A_host_that_is_heard_of_again_while_it_is_taken_for_lost_keeps_what_it_holds()
    {
        var (_, runs) = await SubmitAsync(seeds: 2);
        var host = await _storage.RegisterHostAsync("host", cpu: 2);
        await FillAsync(host);
        (await _storage.Attempts.BeginAsync(runs[0], host, Token)).ShouldNotBeNull();
        await SilenceAsync(host);
        // Between the look and the recovery, which then finds it alive.
        (await Dispatcher.RecoverAsync(_ => { _storage.Hosts.HeartbeatAsync(host, "", Token).Wait(Token); return true; }, Token)).ShouldBe(0);
        (await _storage.StateAsync(runs[0])).ShouldBe(RunState.Starting);
        (await ScalarAsync<bool>($"SELECT assigned FROM runs WHERE id = {runs[1]}")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_host_that_starts_again_gives_back_what_its_former_process_held()
    {
        var (_, runs) = await SubmitAsync(seeds: 2);
        var host = await _storage.RegisterHostAsync("host", cpu: 2);
        await FillAsync(host);
        await _storage.Attempts.BeginAsync(runs[0], host, Token);
        (await _storage.RegisterHostAsync("host", cpu: 1)).ShouldBe(host);
        (await _storage.Queue.HeldRunsAsync(Token)).ShouldBeEmpty();
        (await FillAsync(host)).ShouldBe([runs[0]]);
    }

    [Fact]
    public async Task A_draining_host_fetches_nothing_and_what_it_has_not_begun_is_taken_back()
    {
        var (_, runs) = await SubmitAsync(seeds: 3);
        var host = await _storage.RegisterHostAsync("host", cpu: 2);
        await FillAsync(host);
        await _storage.Attempts.BeginAsync(runs[0], host, Token);
        await _storage.Hosts.SetDrainAsync(host, drain: true, Token);
        (await Dispatcher.TakeBackAsync(host, Token)).ShouldBe(1);
        (await FillAsync(host)).ShouldBeEmpty();
        await _storage.Hosts.SetDrainAsync(host, drain: false, Token);
        (await FillAsync(host)).ShouldBe([runs[1]]);
    }

    [Fact]
    public async Task A_host_is_removed_only_when_it_is_silent_and_holds_nothing()
    {
        var (_, runs) = await SubmitAsync();
        var host = await _storage.RegisterHostAsync("host", cpu: 1);
        await FillAsync(host);
        (await Should.ThrowAsync<InvalidOperationException>(_storage.Hosts.RemoveAsync(host, Token))).Message.ShouldContain("is up");
        await SilenceAsync(host);
        (await Should.ThrowAsync<InvalidOperationException>(_storage.Hosts.RemoveAsync(host, Token))).Message.ShouldContain("holds 1 run,");
        await Dispatcher.RecoverAsync(_ => true, Token);
        (await _storage.Hosts.RemoveAsync(host, Token)).ShouldBeTrue();
        (await _storage.Hosts.RemoveAsync(host, Token)).ShouldBeFalse();
        (await _storage.Hosts.ListAsync(Token)).ShouldBeEmpty();
        (await _storage.RegisterHostAsync("host", cpu: 1)).ShouldBe(host);
        (await FillAsync(host)).ShouldBe(runs);
    }

    [Fact]
    public async Task Finished_runs_make_the_expected_seconds_of_waiting_ones_and_keep_a_memory_of_fifty()
    {
        var (_, runs) = await SubmitAsync(seeds: 3);
        var host = await _storage.RegisterHostAsync("host", cpu: 1);
        await FillAsync(host);
        await TrainAsync(runs[0], host);
        await _storage.Get<RunRates>().RefreshAsync(Token);
        // One epoch over 1280 images in 10 + 2 seconds; the plan has two.
        (await ScalarAsync<double>($"SELECT expected_seconds FROM runs WHERE id = {runs[2]}")).ShouldBe(24, 0.01);

        await ExecuteAsync("UPDATE run_rates SET runs = 50, square_log = 0.5");
        // What a program outside says of its end keeps nothing from being noticed.
        var outside = await External.ReportFixtures.NewRunAsync(_storage);
        await _storage.Get<ILoggedRuns>().ChangeAsync(outside, new(RunState.Succeeded, new DateTimeOffset(9999, 12, 30, 0, 0, 0, TimeSpan.Zero), null), Token);
        await _storage.Get<RunRates>().RefreshAsync(Token);
        await FillAsync(host);
        await TrainAsync(runs[1], host);
        await ExecuteAsync($"UPDATE runs SET expected_seconds = 99 WHERE id = {runs[2]}");
        await _storage.Get<RunRates>().RefreshAsync(Token);
        (await ScalarAsync<double>($"SELECT expected_seconds FROM runs WHERE id = {runs[2]}")).ShouldBe(24, 0.01);
        (await ScalarAsync<int>("SELECT runs FROM run_rates")).ShouldBe(50);
        (await ScalarAsync<double>("SELECT mean_log FROM run_rates")).ShouldBe(Math.Log(1280 / 12.0), 1e-9);
        (await ScalarAsync<double>("SELECT square_log FROM run_rates")).ShouldBe(0.5 * 49 / 50, 1e-9);
    }

    private async Task<IReadOnlyList<long>> FillAsync(long host)
    {
        var before = await _storage.Queue.HeldRunsAsync(Token);
        var count = await Dispatcher.FillAsync(host, Token);
        IReadOnlyList<long> fetched = [.. (await _storage.Queue.HeldRunsAsync(Token)).Except(before).Order()];
        fetched.Count.ShouldBe(count);
        return fetched;
    }

    private Task<(long SweepId, IReadOnlyList<long> RunIds)> SubmitAsync(string extra = "", int seeds = 1) => _storage.SubmitAsync(SweepsToTest.Next(extra, seeds));

    private async Task<IReadOnlyList<long>> SubmitAsync(long owner, int seeds)
    {
        var id = await _storage.Sweeps.SubmitAsync(SweepsToTest.Next(seeds: seeds), owner, Token);
        return [.. (await _storage.Runs.OfSweepAsync(id, Token)).Select(r => r.Id)];
    }

    /// <summary>Trains a run that has been given to the host.</summary>
    private async Task TrainAsync(long run, long host)
    {
        (await _storage.Attempts.BeginAsync(run, host, Token)).ShouldNotBeNull();
        await EndAsync(run);
    }

    /// <summary>Ends the first attempt of a run with a result.</summary>
    private async Task EndAsync(long run)
    {
        await _storage.Attempts.ChildStartedAsync(run, 1, new(1, 1), Token);
        await _storage.Attempts.SucceedAsync(run, 1, Results.With(0.5), Token);
        await _storage.Attempts.EndAsync(run, 1, new(AttemptOutcome.Succeeded, 0, null, null), Token);
    }

    private Task<long> HostOfAsync(long run) => ScalarAsync<long>($"SELECT host_id FROM runs WHERE id = {run}");

    private Task<long> UserAsync(string name) => ScalarAsync<long>($"INSERT INTO users (user_name, normalized_user_name) VALUES ('{name}', upper('{name}')) RETURNING id");

    /// <summary>As if the host had not been heard of for a minute; silence counts only from the server's own start.</summary>
    private async Task SilenceAsync(long host)
    {
        await ExecuteAsync($"UPDATE hosts SET heartbeat_at = now() - interval '1 minute' WHERE id = {host}");
        while (await ScalarAsync<bool>($"SELECT pg_postmaster_start_time() > now() - interval '{HostView.LostAfter.TotalSeconds} seconds'")) await Task.Delay(100, Token);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _storage.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _storage.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Token)).ShouldNotBeNull();
    }
}
