using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>A tensor whose elements are not set, in the shape of another one.</summary>
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.Wrap(Native.tt_empty_like(input.Handle, Options(dtype, device, requires_grad)), input);
    /// <summary>Zeros in the shape of another tensor.</summary>
    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.Wrap(Native.tt_zeros_like(input.Handle, Options(dtype, device, requires_grad)), input);
    /// <summary>Ones in the shape of another tensor.</summary>
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.Wrap(Native.tt_ones_like(input.Handle, Options(dtype, device, requires_grad)), input);
    /// <summary>One value in the shape of another tensor.</summary>
    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.Wrap(Native.tt_full_like(input.Handle, value.Value, Options(dtype, device, requires_grad)), input);
    /// <summary>A tensor whose elements are not set, with strides.</summary>
    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        fixed (long* s = size, d = strides)
            return Op.Wrap(Native.tt_empty_strided(s, size.Length, d, Options(dtype, device, requires_grad)));
    }
    /// <summary>Numbers at equal distances. Whole arguments give Int64, others Float32.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.Wrap(Native.tt_arange(start.Value, stop.Value, step.Value, Options(dtype ?? RangeType(start, stop, step), device, requires_grad)));
    /// <summary>Numbers at distance 1.</summary>
    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => arange(start, stop, 1, dtype, device, requires_grad);
    /// <summary>The numbers from 0 up to, not including, <paramref name="stop"/>.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => arange(0, stop, 1, dtype, device, requires_grad);

    private static ScalarType RangeType(params ReadOnlySpan<Scalar> numbers)
    {
        foreach (Scalar number in numbers)
        {
            if (number.Value.Kind == 1)
                return ScalarType.Float32;
        }
        return ScalarType.Int64;
    }

    /// <summary>Numbers at equal distances, both ends included.</summary>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.Wrap(Native.tt_linspace(start, end, steps, Options(dtype, device, requires_grad)));
    /// <summary>Ones on the diagonal, zeros elsewhere.</summary>
    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.Wrap(Native.tt_eye(rows, columns < 0 ? rows : columns, Options(dtype, device, requires_grad)));
}
