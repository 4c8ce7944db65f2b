using FsCheck;
using FsCheck.Fluent;

namespace Tracker.Domain.Tests;

internal static class Properties
{
    internal static void Check<T>(Gen<T> values, Action<T> property) =>
        Prop.ForAll(values.ToArbitrary(), property).QuickCheckThrowOnFailure();

    /// <summary>Whether the reader would take the sweep: generated ones may hold values that fit no run.</summary>
    internal static bool IsReadable(SweepSpec sweep)
    {
        try
        {
            SpecReader.ReadSweep(sweep.ToJson());
            return true;
        }
        catch (SpecificationException)
        {
            return false;
        }
    }
}
