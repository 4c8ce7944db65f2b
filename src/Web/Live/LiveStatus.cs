namespace Tracker.Web.Live;

/// <summary>Whether the database's notifications arrive.</summary>
public sealed class LiveStatus(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private bool? _listening;

    /// <summary>Raised when <see cref="Listening"/> turns; handlers are quick and do not throw.</summary>
    public event EventHandler? Turned;

    public bool Listening => _listening ?? false;

    /// <summary>Since when it is as it is.</summary>
    public DateTimeOffset Since { get; private set; } = clock.GetUtcNow();

    internal bool Found() => Turn(true);

    internal bool Lost() => Turn(false);

    private bool Turn(bool listening)
    {
        lock (_gate)
        {
            if (_listening == listening)
                return false;
            _listening = listening;
            Since = clock.GetUtcNow();
        }
        Turned?.Invoke(this, EventArgs.Empty);
        return true;
    }
}
