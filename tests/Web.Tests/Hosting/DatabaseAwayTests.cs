using System.Net;
using Npgsql;
using Tracker.Tests.Postgres;

namespace Tracker.Web.Tests.Hosting;

public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task A_database_that_goes_away_and_comes_back_is_told_and_forgiven()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        var data = Directory.CreateTempSubdirectory("tracker-away-").FullName;
        await using (var app = TrackerApp.Start(await DatabaseAsync(cluster), data))
        {
            using var client = TrackerApp.Client(app, TrackerApp.AdminToken);
            (await client.GetJsonAsync("/api/v1/sweeps")).Items().ShouldBeEmpty();

            await cluster.StopAsync();
            using var away = await client.GetAsync("/api/v1/sweeps");
            away.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
            (await away.ProblemAsync(HttpStatusCode.ServiceUnavailable)).Text("type").ShouldBe("urn:tracker:problem:database-away");
            (await client.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await client.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

            await cluster.RestartAsync();
            (await client.GetJsonAsync("/api/v1/sweeps")).Items().ShouldBeEmpty();
        }
        Directory.Delete(data, recursive: true);
    }

    private static async Task<string> DatabaseAsync(PostgresCluster cluster)
    {
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand("CREATE DATABASE tracker");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = "tracker" }.ConnectionString;
    }
}
