using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>
/// Registers a host. A name that was heard of a moment ago may be that of a process that has died since: of this machine that is
/// known at once, of another one it shows when no heartbeat follows.
/// </summary>
internal sealed class HostEntry(IHosts hosts, TimeProvider clock, Action<string> say)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Registers the host, after a wait if its name may be free soon.</summary>
    /// <exception cref="HostNameTakenException">A living process has the name.</exception>
    public async Task<HostIdentity> RegisterAsync(HostRegistration registration, HostInstance own, CancellationToken cancellationToken)
    {
        registration = registration with { Instance = own.ToString() };
        HostNameTakenException? first = null;
        while (true)
        {
            try
            {
                return new(await hosts.RegisterAsync(registration, cancellationToken), registration.Name, registration.Instance);
            }
            catch (HostNameTakenException taken) when (own.KnowsDead(taken.Instance) && registration.Replaces != taken.Instance)
            {
                registration = registration with { Replaces = taken.Instance };
                continue;
            }
            catch (HostNameTakenException taken) when (first is null || taken.HeartbeatAt == first.HeartbeatAt)
            {
                if (first is null) say($"{taken.Message} Waiting up to {HostView.LostAfter.TotalSeconds:0} s to see whether it lives.");
                first = taken;
            }
            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }
}
