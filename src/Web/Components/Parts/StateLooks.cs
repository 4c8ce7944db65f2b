namespace Tracker.Web.Components.Parts;

public static class StateLooks
{
    /// <summary>The order in bars and keys: what is done first, what is still to come last.</summary>
    public static readonly IReadOnlyList<StateLook> InOrder =
        [StateLook.Succeeded, StateLook.Running, StateLook.Starting, StateLook.Paused, StateLook.Lost, StateLook.Failed, StateLook.Cancelled, StateLook.Queued];

    public static string Name(this StateLook state) => state.ToString().ToLowerInvariant();

    public static string Css(this StateLook state) => "is-" + state.Name();
}
