using System.Runtime.InteropServices;

namespace Tracker.Training;

/// <summary>
/// Has libtorch compute on a GPU by algorithms that give the same bits every time, without trying out which are fastest; operations
/// that have none warn and go on. TorchSharp has no such setting. On the CPU every algorithm that is used here is deterministic.
/// </summary>
internal static partial class Determinism
{
    /// <summary>Whether it can be asked for.</summary>
    public static bool IsAvailable => Shim.IsPresent;

    /// <summary>Whether it is asked for. It belongs to the process; set it before the first computation on a GPU.</summary>
    /// <exception cref="InvalidOperationException">It cannot be asked for.</exception>
    public static bool IsOn
    {
        get => IsAvailable && tt_is_deterministic() != 0;
        set
        {
            if (!IsAvailable) throw new InvalidOperationException("This tensor library cannot be told to be deterministic.");
            Shim.Check(tt_set_deterministic(value ? 1 : 0));
        }
    }

    [LibraryImport(Shim.Library)] private static partial int tt_set_deterministic(int on);
    [LibraryImport(Shim.Library)] private static partial int tt_is_deterministic();
}
