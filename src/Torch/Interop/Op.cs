using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// Turns results of native calls into tensors or exceptions. The trailing tensors are the call's arguments: passing them here
/// keeps them from being finalized while libtorch works on their handles.
/// </summary>
internal static unsafe class Op
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor Wrap(nint handle, object? a = null, object? b = null, object? c = null, object? d = null, object? e = null)
    {
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        GC.KeepAlive(d);
        GC.KeepAlive(e);
        return handle != 0 ? new Tensor(handle) : throw LastError();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Check(int code, object? a = null, object? b = null, object? c = null, object? d = null)
    {
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        GC.KeepAlive(d);
        if (code != 0)
            throw LastError();
    }

    /// <summary>Checks the code of an in-place call on <paramref name="self"/> and returns that same tensor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor InPlace(Tensor self, int code, object? b = null, object? c = null, object? d = null)
    {
        Check(code, self, b, c, d);
        return self;
    }

    /// <summary>The handle of an optional tensor; 0 for none.</summary>
    internal static nint Handle(Tensor? tensor) => tensor is null ? 0 : tensor.Handle;

    internal static int Flag(bool value) => value ? 1 : 0;

    internal static int Type(ScalarType? dtype) => dtype is { } type ? (int)type : -1;

    internal static ExternalException LastError() =>
        new(Marshal.PtrToStringUTF8(Native.tt_take_error()) ?? "libtorch failed without a message");

    internal static Tensor[] WrapArray(int code, nint* handles, long count, object? keep = null)
    {
        Check(code, keep);
        var result = new Tensor[count];
        for (long i = 0; i < count; i++)
            result[i] = new Tensor(handles[i]);
        Native.tt_free_array(handles);
        return result;
    }

    internal static (Tensor, Tensor) WrapPair(int code, nint first, nint second, object? keep = null)
    {
        Check(code, keep);
        return (new Tensor(first), new Tensor(second));
    }

    internal static nint[] Handles(IList<Tensor> tensors)
    {
        var handles = new nint[tensors.Count];
        for (int i = 0; i < handles.Length; i++)
            handles[i] = tensors[i].Handle;
        return handles;
    }
}
