using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>A number as it crosses to libtorch: kind 0 whole, 1 floating point (bits of a double), 2 boolean, -1 absent.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Number(long kind, long bits)
{
    internal readonly long Kind = kind;
    internal readonly long Bits = bits;

    internal static Number None => new(-1, 0);
    internal static Number Of(long value) => new(0, value);
    internal static Number Of(double value) => new(1, BitConverter.DoubleToInt64Bits(value));
    internal static Number Of(bool value) => new(2, value ? 1 : 0);

    internal double ToDouble() => Kind == 1 ? BitConverter.Int64BitsToDouble(Bits) : Bits;
    internal long ToInt64() => Kind == 1 ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;
}

/// <summary>Element type, device and gradient wish for a new tensor; -1 stands for libtorch's default.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TensorOptions(int dtype, int deviceType, int deviceIndex, int requiresGrad)
{
    internal readonly int Dtype = dtype;
    internal readonly int DeviceType = deviceType;
    internal readonly int DeviceIndex = deviceIndex;
    internal readonly int RequiresGrad = requiresGrad;
}

/// <summary>One index of <c>a[...]</c>: kind 0 number, 1 slice, 2 tensor, 3 ellipsis, 4 new axis, 5 boolean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IndexPart
{
    internal long Kind;
    internal long Start;
    internal long Stop;
    internal long Step;
    internal nint Tensor;
}
