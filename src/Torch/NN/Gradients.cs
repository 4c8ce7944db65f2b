using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

/// <summary>Work on the gradients of many parameters in one native call.</summary>
internal static unsafe class Gradients
{
    internal static void Clear(IEnumerable<Parameter> parameters, bool setToNone)
    {
        Parameter[] all = [.. parameters];
        fixed (nint* handles = Op.Handles(all))
            Op.Check(Native.tt_zero_grads(handles, all.Length, Op.Flag(setToNone)), all);
    }
}
