namespace Tracker.Storage.Tests;

/// <summary>What tests of the dispatcher share: a database of its own for each test, since a host fetches whatever waits.</summary>
public abstract class Dispatching : IAsyncLifetime
{
    private protected StorageFixture Storage { get; } = new();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected IDispatcher Dispatcher => Storage.Get<IDispatcher>();

    public ValueTask InitializeAsync() => Storage.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<IReadOnlyList<long>> FillAsync(long host)
    {
        var before = await Storage.Queue.HeldRunsAsync(Token);
        var count = await Dispatcher.FillAsync(host, Token);
        IReadOnlyList<long> fetched = [.. (await Storage.Queue.HeldRunsAsync(Token)).Except(before).Order()];
        fetched.Count.ShouldBe(count);
        return fetched;
    }

    private protected Task<(long SweepId, IReadOnlyList<long> RunIds)> SubmitAsync(string extra = "", int seeds = 1) => Storage.SubmitAsync(SweepsToTest.Next(extra, seeds));

    private protected async Task<IReadOnlyList<long>> SubmitAsync(long owner, int seeds)
    {
        var id = await Storage.Sweeps.SubmitAsync(SweepsToTest.Next(seeds: seeds), owner, Token);
        return [.. (await Storage.Runs.OfSweepAsync(id, Token)).Select(r => r.Id)];
    }

    /// <summary>Trains a run that has been given to the host.</summary>
    private protected async Task TrainAsync(long run, long host)
    {
        (await Storage.Attempts.BeginAsync(run, host, Token)).ShouldNotBeNull();
        await EndAsync(run);
    }

    /// <summary>Ends the first attempt of a run with a result.</summary>
    private protected async Task EndAsync(long run)
    {
        await Storage.Attempts.ChildStartedAsync(run, 1, new(1, 1), Token);
        await Storage.Attempts.SucceedAsync(run, 1, Results.With(0.5), Token);
        await Storage.Attempts.EndAsync(run, 1, new(AttemptOutcome.Succeeded, 0, null, null), Token);
    }

    private protected Task<long> HostOfAsync(long run) => ScalarAsync<long>($"SELECT host_id FROM runs WHERE id = {run}");

    private protected Task<long> UserAsync(string name) => ScalarAsync<long>($"INSERT INTO users (user_name, normalized_user_name) VALUES ('{name}', upper('{name}')) RETURNING id");

    /// <summary>As if the host had not been heard of for a minute; silence counts only from the server's own start.</summary>
    private protected async Task SilenceAsync(long host)
    {
        await ExecuteAsync($"UPDATE hosts SET heartbeat_at = now() - interval '1 minute' WHERE id = {host}");
        while (await ScalarAsync<bool>($"SELECT pg_postmaster_start_time() > now() - interval '{HostView.LostAfter.TotalSeconds} seconds'")) await Task.Delay(100, Token);
    }

    private protected async Task ExecuteAsync(string sql)
    {
        await using var command = Storage.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private protected async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Storage.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Token)).ShouldNotBeNull();
    }
}
