using Tracker.Web.Views.Grid;

namespace Tracker.Web.Views;

/// <summary>The list of runs, and what is wrong with the filter or the order that was asked for since.</summary>
/// <param name="List">The runs; empty before the first filter that is understood.</param>
/// <param name="Asked">What was asked for: that which is listed, unless it could not be understood.</param>
/// <param name="Fault">Why it could not.</param>
public sealed record RunsModel(RunListing? List, GridQuery Asked, FilterFault? Fault);

/// <summary>Something in a filter or an order that cannot be understood.</summary>
/// <param name="Message">What, and what was expected.</param>
/// <param name="Position">Where it begins; before the start when it is in the order.</param>
/// <param name="Length">How long it is; 0 when something is missing there.</param>
public sealed record FilterFault(string Message, int Position, int Length);
