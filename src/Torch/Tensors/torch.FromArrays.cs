using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>A tensor of one number.</summary>
    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copy<bool>([scalar], [], dtype, device, requires_grad);
    /// <summary>A tensor of one number.</summary>
    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) => Copy<byte>([scalar], [], null, device, requires_grad);
    /// <summary>A tensor of one number.</summary>
    public static Tensor tensor(sbyte scalar, Device? device = null, bool requires_grad = false) => Copy<sbyte>([scalar], [], null, device, requires_grad);
    /// <summary>A tensor of one number.</summary>
    public static Tensor tensor(short scalar, Device? device = null, bool requires_grad = false) => Copy<short>([scalar], [], null, device, requires_grad);
    /// <summary>A tensor of one number.</summary>
    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) => Copy<int>([scalar], [], null, device, requires_grad);
    /// <summary>A tensor of one number.</summary>
    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copy<long>([scalar], [], dtype, device, requires_grad);
    /// <summary>A tensor of one number.</summary>
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) => Copy<float>([scalar], [], null, device, requires_grad);
    /// <summary>A tensor of one number.</summary>
    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copy<double>([scalar], [], dtype, device, requires_grad);
    /// <summary>A tensor of one number.</summary>
    public static Tensor tensor(Half scalar, Device? device = null, bool requires_grad = false) => Copy<Half>([scalar], [], null, device, requires_grad);

    /// <summary>A vector with a copy of the array.</summary>
    public static Tensor tensor<T>(T[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        Copy<T>(rawArray, [rawArray.Length], dtype, device, requires_grad);
    /// <summary>A copy of the array in a shape.</summary>
    public static Tensor tensor<T>(T[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        Copy<T>(rawArray, dimensions, dtype, device, requires_grad);
    /// <summary>A vector with a copy of the list.</summary>
    public static Tensor tensor<T>(IList<T> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        Copy<T>([.. rawArray], [rawArray.Count], dtype, device, requires_grad);
    /// <summary>A copy of the list in a shape.</summary>
    public static Tensor tensor<T>(IList<T> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        Copy<T>([.. rawArray], dimensions, dtype, device, requires_grad);
    /// <summary>A copy of the list in two dimensions.</summary>
    public static Tensor tensor<T>(IList<T> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        Copy<T>([.. rawArray], [rows, columns], dtype, device, requires_grad);
    /// <summary>A copy of the list in three dimensions.</summary>
    public static Tensor tensor<T>(IList<T> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        Copy<T>([.. rawArray], [dim0, dim1, dim2], dtype, device, requires_grad);
    /// <summary>A copy of the list in four dimensions.</summary>
    public static Tensor tensor<T>(IList<T> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        Copy<T>([.. rawArray], [dim0, dim1, dim2, dim3], dtype, device, requires_grad);
    /// <summary>A copy of the memory in a shape.</summary>
    public static Tensor tensor<T>(Memory<T> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        Copy<T>(rawArray.Span, dimensions, dtype, device, requires_grad);
    /// <summary>A copy of the array, in its shape.</summary>
    public static Tensor tensor<T>(T[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        CopyArray<T>(rawArray, dtype, device, requires_grad);
    /// <summary>A copy of the array, in its shape.</summary>
    public static Tensor tensor<T>(T[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        CopyArray<T>(rawArray, dtype, device, requires_grad);
    /// <summary>A copy of the array, in its shape.</summary>
    public static Tensor tensor<T>(T[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        CopyArray<T>(rawArray, dtype, device, requires_grad);

    private static Tensor CopyArray<T>(Array array, ScalarType? dtype, Device? device, bool requiresGrad) where T : unmanaged
    {
        ReadOnlySpan<T> elements = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
        return Copy(elements, ShapeOf(array), dtype, device, requiresGrad);
    }

    private static long[] ShapeOf(Array array)
    {
        var shape = new long[array.Rank];
        for (int d = 0; d < shape.Length; d++)
            shape[d] = array.GetLongLength(d);
        return shape;
    }

    private static Tensor Copy<T>(ReadOnlySpan<T> elements, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requiresGrad) where T : unmanaged
    {
        long wanted = 1;
        foreach (long length in dimensions)
            wanted = checked(wanted * length);
        if (wanted != elements.Length)
            throw new ArgumentException($"{elements.Length} elements do not fill the shape [{string.Join(", ", dimensions.ToArray())}], which takes {wanted}.", nameof(dimensions));
        fixed (T* data = elements)
        fixed (long* size = dimensions)
            return Op.Wrap(Native.tt_copy_of(data, (int)ScalarTypeOf<T>(), size, dimensions.Length, Options(dtype, device, requiresGrad)));
    }
}
