namespace Tracker.System.Tests.Support;

/// <summary>Several hosts.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private Fleet(IReadOnlyList<HostProcess> hosts) => Hosts = hosts;

    public IReadOnlyList<HostProcess> Hosts { get; }

    /// <summary>Everything that they printed.</summary>
    public string Output => string.Join("\n\n", Hosts.Select(h => $"{h.Name}:\n{h.Output}"));

    /// <summary>Starts hosts and waits until they take runs.</summary>
    public static async Task<Fleet> StartAsync(TestTracker tracker, int slots, params string[] names) =>
        new(await Task.WhenAll(names.Select(name => tracker.StartHostAsync(name, slots: slots))));

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Hosts) await host.DisposeAsync();
    }
}
