using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>A page of runs, and the id before which the next page goes on.</summary>
public sealed record RunsModel(IReadOnlyList<RunView> Runs, long? Older);
