using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>The newest sweeps that match, and the id before which others follow.</summary>
/// <param name="Sweeps">The sweeps.</param>
/// <param name="Older">The oldest of them when there are more.</param>
/// <param name="Owners">Who has submitted sweeps.</param>
public sealed record SweepList(IReadOnlyList<SweepView> Sweeps, long? Older, IReadOnlyList<string> Owners);
