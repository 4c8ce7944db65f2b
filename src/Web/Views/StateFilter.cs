using Tracker.Web.Components.Parts;

namespace Tracker.Web.Views;

/// <summary>States to which a list is restricted, as an address says them: failed,queued. None means all.</summary>
public static class StateFilter
{
    public static IReadOnlySet<StateLook> Read(string? text) =>
        (text ?? "").Split(',').Select(name => Enum.TryParse<StateLook>(name, ignoreCase: true, out var state) && Enum.IsDefined(state) ? (StateLook?)state : null).OfType<StateLook>().ToHashSet();

    public static string? Write(IEnumerable<StateLook> states) =>
        states.Order().Select(state => state.Name()).ToArray() is { Length: > 0 } names ? string.Join(',', names) : null;

    public static IEnumerable<StateLook> Toggle(IReadOnlySet<StateLook> states, StateLook state) => states.Contains(state) ? states.Where(other => other != state) : states.Append(state);
}
