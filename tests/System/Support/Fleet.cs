namespace Tracker.System.Tests.Support;

/// <summary>Hosts that are killed and started again.</summary>
internal sealed class Fleet(TestTracker tracker, int slots) : IAsyncDisposable
{
    private readonly Dictionary<string, Task<HostProcess>> _hosts = [];

    /// <summary>Those that are up.</summary>
    public IReadOnlyList<HostProcess> Up => [.. _hosts.Values.Where(h => h.IsCompletedSuccessfully).Select(h => h.Result)];

    /// <summary>Everything that the present hosts printed.</summary>
    public string Output => string.Join("\n\n", Up.Select(h => $"{h.Name}:\n{h.Output}"));

    /// <summary>Starts hosts and waits until they take runs.</summary>
    public static async Task<Fleet> StartAsync(TestTracker tracker, int slots, params string[] names)
    {
        var fleet = new Fleet(tracker, slots);
        foreach (var name in names) fleet._hosts[name] = tracker.StartHostAsync(name, slots: slots);
        await Task.WhenAll(fleet._hosts.Values);
        return fleet;
    }

    /// <summary>Kills a host without warning, and starts one of its name after a while, for which nobody waits.</summary>
    public async Task KillAsync(HostProcess host, TimeSpan away)
    {
        await host.KillAsync();
        await host.DisposeAsync();
        _hosts[host.Name] = StartAgainAsync(host.Name, away);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.Values) await (await host).DisposeAsync();
    }

    private async Task<HostProcess> StartAgainAsync(string name, TimeSpan after)
    {
        await Task.Delay(after);
        return await tracker.StartHostAsync(name, slots: slots);
    }
}
