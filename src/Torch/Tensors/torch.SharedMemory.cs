using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>A tensor over the array's own memory, in its shape; on another device or type than the array's, a copy.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    /// <summary>A tensor over the array's own memory, in its shape; on another device or type than the array's, a copy.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false)
    {
        Tensor shared = Share(rawArray, ShapeOf(rawArray), 0);
        if ((device is null || device.type == DeviceType.CPU) && (dtype is null || dtype == shared.dtype))
            return requires_grad ? shared.requires_grad_() : shared;
        using (shared)
        {
            Tensor copy = shared.to(dtype ?? shared.dtype, device ?? CPU);
            return requires_grad ? copy.requires_grad_() : copy;
        }
    }

    /// <summary>A vector over the array's own memory, which stays in place as long as the tensor lives.</summary>
    /// <param name="rawArray">The array; writing to it changes the tensor.</param>
    /// <param name="dtype">The element type, which must be the array's.</param>
    /// <param name="count">How many elements; -1 for all from the offset on.</param>
    /// <param name="offset">The first element.</param>
    /// <param name="requires_grad">Whether operations are recorded.</param>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        long n = count < 0 ? rawArray.LongLength - offset : count;
        if (offset < 0 || n < 0 || offset + n > rawArray.LongLength)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The array has {rawArray.LongLength} elements; {offset} + {n} is beyond its end.");
        ScalarType type = ElementTypeOf(rawArray);
        if (type != dtype)
            throw new ArgumentException($"The array holds {type}, not {dtype}.", nameof(dtype));
        Tensor shared = Share(rawArray, [n], offset);
        return requires_grad ? shared.requires_grad_() : shared;
    }

    private static ScalarType ElementTypeOf(Array array) => Type.GetTypeCode(array.GetType().GetElementType()) switch
    {
        TypeCode.Boolean => ScalarType.Bool,
        TypeCode.Byte => ScalarType.Byte,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        _ => throw new ArgumentException($"{array.GetType()} has no tensor element type.", nameof(array)),
    };

    private static Tensor Share(Array array, long[] shape, long offset)
    {
        ScalarType type = ElementTypeOf(array);
        GCHandle pinned = GCHandle.Alloc(array, GCHandleType.Pinned);
        int elementSize = Buffer.ByteLength(array) / Math.Max(1, array.Length);
        nint data = pinned.AddrOfPinnedObject() + (nint)(offset * elementSize);
        fixed (long* size = shape)
        {
            nint handle = Native.tt_share(data, size, shape.Length, &Unpin, GCHandle.ToIntPtr(pinned), Options(type, null, false));
            if (handle == 0)
                pinned.Free();
            return Op.Wrap(handle);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Unpin(nint context) => GCHandle.FromIntPtr(context).Free();
}
