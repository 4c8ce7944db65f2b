namespace Tracker.Storage.Scheduling;

/// <summary>
/// Since when a process looks at the server without a break, by the server's clock. A server or machine that stood still makes every
/// host look silent, and whoever looks first must not take the others for dead: they get the time to be heard of again.
/// </summary>
internal sealed class ServerContact
{
    /// <summary>
    /// Looks come every two seconds. A stall that is shorter than this leaves hosts, whose heartbeats come as often, well below
    /// <see cref="HostView.LostAfter"/>.
    /// </summary>
    private static readonly TimeSpan s_break = TimeSpan.FromSeconds(5);

    private DateTimeOffset? _last;
    private DateTimeOffset _since;

    /// <summary>Notes a look.</summary>
    /// <param name="now">The server's time as of the look.</param>
    /// <returns>Whether there has been contact for long enough to take silent hosts for lost.</returns>
    public bool Note(DateTimeOffset now)
    {
        if (_last is not { } last || now < last || now - last > s_break) _since = now;
        _last = now;
        return now - _since > HostView.LostAfter;
    }
}
