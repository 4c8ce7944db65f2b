namespace Tracker.Web.Components.Parts;

/// <summary>The states that the pages can draw; each has a glyph, a word and a colour.</summary>
public enum StateLook
{
    Queued,
    Starting,
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Paused,

    /// <summary>Not a state of its own: back in the queue because its host went away, or a host without a heartbeat.</summary>
    Lost,
}
