using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>A page of the list of sweeps, and the id before which the next page goes on.</summary>
public sealed record SweepList(IReadOnlyList<SweepView> Sweeps, long? Older);
