using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Tracker.Web.Live;

/// <summary>
/// Whether somebody can see the pages of a circuit: its browser is connected and the tab is on screen. While nobody can, pages follow
/// nothing; that also keeps them from calling scripts of a browser that is away, which would end the circuit after a minute.
/// </summary>
public sealed class PageAttention : CircuitHandler
{
    private bool _connected = true;
    private bool _shown = true;

    /// <summary>Raised when <see cref="Watched"/> turns, on whichever thread turned it.</summary>
    public event EventHandler? Turned;

    public bool Watched => _connected && _shown;

    /// <summary>The tab came to the front, or went out of sight.</summary>
    public void Shown(bool shown) => Turn(() => _shown = shown);

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Turn(() => _connected = true);
        return Task.CompletedTask;
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Turn(() => _connected = false);
        return Task.CompletedTask;
    }

    private void Turn(Action change)
    {
        var before = Watched;
        change();
        if (Watched != before)
            Turned?.Invoke(this, EventArgs.Empty);
    }
}
