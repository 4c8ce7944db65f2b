using System.Diagnostics;
using Tracker.Jobs.Hosting;
using Tracker.Jobs.Supervision;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Storage;

namespace Tracker.Jobs.Tests.Hosting;

public sealed class HostEntryTests
{
    private static readonly DateTimeOffset s_then = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly FakeHosts _hosts = new();
    private readonly FakeClock _clock = new();
    private readonly List<string> _said = [];
    private readonly HostInstance _own = HostInstance.Own();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_free_name_is_taken_at_once()
    {
        var identity = await RegisterAsync();
        (identity.Id, identity.Name, identity.Instance).ShouldBe((1, "host", _own.ToString()));
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dead_process_of_this_machine_is_replaced_at_once()
    {
        var dead = _own with { Process = await EndedProcessAsync() };
        _hosts.TakenBy = r => r.Replaces == dead.ToString() ? null : Taken(dead.ToString(), s_then);
        (await RegisterAsync()).Id.ShouldBe(1);
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_that_beats_while_one_looks_keeps_its_name()
    {
        var beats = 0;
        _hosts.TakenBy = _ => Taken("another machine's", s_then.AddSeconds(beats++));
        var registering = RegisterAsync();
        await NextTryAsync();
        (await Should.ThrowAsync<HostNameTakenException>(registering)).Message.ShouldContain("is up on machine 'gpu-2'");
        _said.ShouldHaveSingleItem().ShouldContain("Waiting up to 10 s");
    }

    [Fact]
    public async Task A_host_of_another_machine_that_does_not_beat_loses_its_name_when_it_counts_as_lost()
    {
        var tries = 0;
        _hosts.TakenBy = _ => tries++ < 3 ? Taken("another machine's", s_then) : null;
        var registering = RegisterAsync();
        for (var i = 0; i < 3; i++) await NextTryAsync();
        (await registering).Id.ShouldBe(1);
        _said.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_process_is_known_to_be_dead_only_where_its_id_means_something()
    {
        var ended = await EndedProcessAsync();
        _own.KnowsDead((_own with { Process = ended }).ToString()).ShouldBeTrue();
        _own.KnowsDead((_own with { Process = _own.Process with { StartTicks = 1 } }).ToString()).ShouldBeTrue("the id is another process's by now");
        _own.KnowsDead(_own.ToString()).ShouldBeFalse();
        _own.KnowsDead(new HostInstance("another machine", ended).ToString()).ShouldBeFalse();
        _own.KnowsDead("").ShouldBeFalse();
    }

    private Task<HostIdentity> RegisterAsync() =>
        new HostEntry(_hosts, _clock, _said.Add).RegisterAsync(new("host", "test", 1, [], []), _own, Token).WaitAsync(TestLimits.Wait, Token);

    private async Task NextTryAsync()
    {
        await _clock.TimerOf(TimeSpan.FromSeconds(1)).WaitAsync(TestLimits.Wait, Token);
        _clock.Advance(TimeSpan.FromSeconds(1));
    }

    private static HostNameTakenException Taken(string instance, DateTimeOffset heartbeat) => new("host", "gpu-2", 4711, instance, heartbeat);

    private static async Task<ProcessIdentity> EndedProcessAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "read -r never"]) { RedirectStandardInput = true, UseShellExecute = false })!;
        var identity = ProcessTicks.Of(process.Id)!.Value;
        process.StandardInput.Close();
        await process.WaitForExitAsync(Token);
        return identity;
    }
}
