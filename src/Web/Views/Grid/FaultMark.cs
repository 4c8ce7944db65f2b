namespace Tracker.Web.Views.Grid;

/// <summary>A filter around the place where it is at fault.</summary>
/// <param name="Before">What stands before it.</param>
/// <param name="Fault">What is at fault; empty when something is missing there.</param>
/// <param name="After">What stands behind it.</param>
public sealed record FaultMark(string Before, string Fault, string After)
{
    /// <summary>Splits the filter; nothing where the fault is not in it, as one of the order.</summary>
    public static FaultMark? In(string filter, FilterFault fault)
    {
        if (fault.Position < 0 || filter.Length == 0 || fault.Position > filter.Length)
            return null;
        var end = Math.Clamp(fault.Position + fault.Length, fault.Position, filter.Length);
        return new(filter[..fault.Position], filter[fault.Position..end], filter[end..]);
    }
}
