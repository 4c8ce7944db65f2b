using System.Globalization;
using System.Net;
using Npgsql;
using Tracker.Tests.Postgres;
using Tracker.Web.Hosting;
using Tracker.Web.Tests.Hosting;

namespace Tracker.Web.Tests.Api;

/// <summary>Large files from the real web process, over a real connection.</summary>
public sealed class ExportStreamTests(ExportStreamTests.Server server) : IClassFixture<ExportStreamTests.Server>
{
    private const string Path = "/api/v1/metrics.csv";
    private const string Copies = "FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state = 'active' AND datname = current_database()";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_comes_whole()
    {
        using var response = await server.Client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Token);
        var rows = 0;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        while (await reader.ReadLineAsync(Token) is not null) rows++;
        rows.ShouldBe(1 + Server.Points);
    }

    [Fact]
    public async Task A_file_that_the_database_breaks_off_is_no_complete_answer()
    {
        using var response = await server.Client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.CountAsync($"SELECT count(pg_terminate_backend(pid)) {Copies}")).ShouldBe(1);
        await Should.ThrowAsync<HttpIOException>(async () => await (await response.Content.ReadAsStreamAsync(Token)).CopyToAsync(Stream.Null, Token));
        await NoneIsReadAsync();
    }

    [Fact]
    public async Task Who_leaves_ends_the_copying()
    {
        using (await server.Client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Token)) (await server.CountAsync($"SELECT count(*) {Copies}")).ShouldBe(1);
        await NoneIsReadAsync();
    }

    [Fact]
    public async Task A_third_file_at_a_time_is_refused_until_one_is_read()
    {
        using var first = await server.Client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Token);
        using (await server.Client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Token))
        {
            using var third = await server.Client.GetAsync("/api/v1/runs.csv", Token);
            third.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
            await third.ProblemAsync(HttpStatusCode.TooManyRequests);
        }
        first.Dispose();
        await NoneIsReadAsync();
        (await server.Client.GetAsync("/api/v1/runs.csv", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Waits until no file is being written; a semaphore is given back a moment later than the connection.</summary>
    private async Task NoneIsReadAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TrackerApp.Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            using var answer = await server.Client.GetAsync("/api/v1/runs.jsonl?filter=id%20%3D%200", limit.Token);
            if (answer.StatusCode == HttpStatusCode.OK && await server.CountAsync($"SELECT count(*) {Copies}") == 0) return;
            await pace.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>The web process on a database with one long series.</summary>
    public sealed class Server : IAsyncLifetime
    {
        /// <summary>More than what sockets hold.</summary>
        public const int Points = 600_000;

        private readonly TestDatabase _database = new();
        private readonly string _data = Directory.CreateTempSubdirectory("tracker-export-").FullName;
        private NpgsqlDataSource? _source;
        private WebProcess? _process;

        internal HttpClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await _database.InitializeAsync();
            _source = NpgsqlDataSource.Create(_database.ConnectionString);
            _process = await WebProcess.StartAsync(new()
            {
                [Settings.DatabaseKey] = _database.ConnectionString, [Settings.DataKey] = _data, [Settings.AdminPasswordKey] = TrackerApp.Password,
                [Settings.AdminTokenKey] = TrackerApp.AdminToken,
            });
            Client = new() { BaseAddress = _process.Address, Timeout = TrackerApp.Patience, DefaultRequestHeaders = { Authorization = new("Bearer", TrackerApp.AdminToken) } };
            var sweep = await Client.PostJsonAsync("/api/v1/sweeps", Experiments.Sweep("Long"), HttpStatusCode.Created);
            await using var fill = _source.CreateCommand($"""
                INSERT INTO metric_names (name) VALUES ('train/loss') ON CONFLICT DO NOTHING;
                INSERT INTO metric_points SELECT r.id, n.id, s, s / 469.0, 20 * s, 1.0 / s FROM runs r, metric_names n, generate_series(1, {Points}) AS s
                WHERE r.sweep_id = {sweep.Id()} AND n.name = 'train/loss';
                SELECT summarise_series(NULL)
                """);
            await fill.ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync()
        {
            Client?.Dispose();
            if (_process is not null) await _process.DisposeAsync();
            if (_source is not null) await _source.DisposeAsync();
            await _database.DisposeAsync();
            Directory.Delete(_data, recursive: true);
        }

        internal async Task<long> CountAsync(string sql)
        {
            await using var command = _source!.CreateCommand(sql);
            return Convert.ToInt64(await command.ExecuteScalarAsync(Token), CultureInfo.InvariantCulture);
        }
    }
}
