using Microsoft.Extensions.Hosting;

namespace Tracker.Jobs.Hosting;

/// <summary>Leaves it to others when to end.</summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
