using System.Diagnostics;
using Npgsql;
using Tracker.Migrations;
using Tracker.Storage;
using Tracker.System.Tests.Support;

namespace Tracker.System.Tests;

/// <summary>Hosts as processes: who may start, under which name, and how they end.</summary>
[Collection(SharedTracker.Name)]
public sealed class HostTests(TestTracker tracker)
{
    [Fact]
    public async Task A_name_that_a_living_host_has_is_refused_on_another_data_directory_too()
    {
        await using var first = await tracker.StartHostAsync("name-taken");
        await using var second = HostProcess.Start(tracker.ConnectionString, Elsewhere("name-taken"), "name-taken", "--cpu-slots", "1");

        (await second.ExitAsync()).ShouldBe(1, second.Output);
        second.Output.ShouldContain("A job host named 'name-taken' is up on machine");
        second.Output.ShouldNotContain("   at ");
        (await first.TerminateAsync()).ShouldBe(0, first.Output);
    }

    [Fact]
    public async Task A_host_that_was_killed_is_started_again_at_once()
    {
        await using var first = await tracker.StartHostAsync("killed-once");
        await first.KillAsync();
        var clock = Stopwatch.StartNew();
        await using var second = await tracker.StartHostAsync("killed-once", Elsewhere("killed-once"));

        clock.Elapsed.ShouldBeLessThan(HostView.LostAfter);
        second.Output.ShouldNotContain("Waiting");
        (await second.TerminateAsync()).ShouldBe(0, second.Output);
    }

    [Fact]
    public async Task A_frozen_host_whose_name_was_taken_over_ends_and_says_so()
    {
        await using var frozen = await tracker.StartHostAsync("replaced");
        frozen.Freeze();
        await using var next = await tracker.StartHostAsync("replaced", Elsewhere("replaced"));
        frozen.Thaw();

        (await frozen.ExitAsync()).ShouldBe(1, frozen.Output);
        frozen.Output.ShouldContain("its name was taken over by process");
        var view = (await tracker.Hosts.ListAsync(CancellationToken.None)).Single(h => h.Name == "replaced");
        view.State.ShouldBe(HostState.Up);
        (await next.TerminateAsync()).ShouldBe(0, next.Output);
    }

    [Fact]
    public async Task A_second_request_to_end_changes_nothing()
    {
        var runId = await tracker.SubmitAsync("ends twice", 20);
        await using var host = await tracker.StartHostAsync("ends-twice");
        await tracker.WaitAsync(runId, "the run trains", r => r.Progress?.Step > 5, host);
        host.Terminate();
        host.Interrupt();
        host.Terminate();

        (await host.ExitAsync()).ShouldBe(0, host.Output);
        var run = await tracker.RunAsync(runId);
        run.State.ShouldBe(Domain.RunState.Queued, host.Output);
        run.Checkpoint.ShouldNotBeNull();
        await tracker.Runs.CancelAsync(runId, CancellationToken.None);
    }

    [Theory]
    [InlineData(false, "has no schema")]
    [InlineData(true, "has schema 9999_future, newer than this build")]
    public async Task A_host_of_another_schema_version_does_not_start_and_says_what_to_do(bool newer, string expected)
    {
        var database = await CreateDatabaseAsync(newer);
        await using var host = HostProcess.Start(database, Elsewhere("schema"), "schema", "--cpu-slots", "1", "--cuda-slots", "0", "--wait", "1");

        (await host.ExitAsync()).ShouldBe(1, host.Output);
        var line = host.Output.Split('\n')[^1];
        line.ShouldContain(expected);
        line.ShouldContain(Schema.Latest);
        line.ShouldContain("Start the");
        if (!newer) host.Output.ShouldContain("Waiting up to 1 s");
    }

    private string Elsewhere(string folder) => Directory.CreateDirectory(Path.Combine(tracker.DataDirectory, "elsewhere", folder)).FullName;

    private async Task<string> CreateDatabaseAsync(bool newer)
    {
        var name = newer ? "schema_newer" : "schema_none";
        var connectionString = new NpgsqlConnectionStringBuilder(tracker.ConnectionString) { Database = name, Pooling = false }.ConnectionString;
        await ExecuteAsync(new NpgsqlConnectionStringBuilder(tracker.ConnectionString) { Pooling = false }.ConnectionString, $"CREATE DATABASE {name}");
        if (!newer) return connectionString;
        await TrackerMigrator.MigrateAsync(connectionString, CancellationToken.None);
        await ExecuteAsync(connectionString, $"""INSERT INTO {Schema.HistoryTable} ("MigrationId", "ProductVersion") VALUES ('9999_future', '99')""");
        return connectionString;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
