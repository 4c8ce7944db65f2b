using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number of any element type, made implicitly from the language's numbers.</summary>
public sealed class Scalar : IDisposable
{
    internal Scalar(Number value, ScalarType type)
    {
        Value = value;
        Type = type;
    }

    internal Number Value { get; }

    /// <summary>The element type that the number came from.</summary>
    public ScalarType Type { get; }

    /// <summary>From an unsigned byte.</summary>
    public static implicit operator Scalar(byte value) => new(Number.Of((long)value), ScalarType.Byte);
    /// <summary>From a signed byte.</summary>
    public static implicit operator Scalar(sbyte value) => new(Number.Of((long)value), ScalarType.Int8);
    /// <summary>From a 16-bit number.</summary>
    public static implicit operator Scalar(short value) => new(Number.Of((long)value), ScalarType.Int16);
    /// <summary>From a 32-bit number.</summary>
    public static implicit operator Scalar(int value) => new(Number.Of((long)value), ScalarType.Int32);
    /// <summary>From a 64-bit number.</summary>
    public static implicit operator Scalar(long value) => new(Number.Of(value), ScalarType.Int64);
    /// <summary>From a half precision number.</summary>
    public static implicit operator Scalar(Half value) => new(Number.Of((double)value), ScalarType.Float16);
    /// <summary>From a single precision number.</summary>
    public static implicit operator Scalar(float value) => new(Number.Of((double)value), ScalarType.Float32);
    /// <summary>From a double precision number.</summary>
    public static implicit operator Scalar(double value) => new(Number.Of(value), ScalarType.Float64);
    /// <summary>From a truth value.</summary>
    public static implicit operator Scalar(bool value) => new(Number.Of(value), ScalarType.Bool);

    /// <summary>Does nothing: a scalar holds no native memory here. It exists for source compatibility.</summary>
    public void Dispose()
    {
    }
}

/// <summary>Conversions of <see cref="Scalar"/> to the language's numbers.</summary>
public static class ScalarExtensionMethods
{
    /// <summary>As single precision.</summary>
    public static float ToSingle(this Scalar value) => (float)value.Value.ToDouble();
    /// <summary>As double precision.</summary>
    public static double ToDouble(this Scalar value) => value.Value.ToDouble();
    /// <summary>As a 32-bit number.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public static int ToInt32(this Scalar value) => checked((int)value.Value.ToInt64());
    /// <summary>As a 64-bit number.</summary>
    public static long ToInt64(this Scalar value) => value.Value.ToInt64();
    /// <summary>Whether it is not zero.</summary>
    public static bool ToBoolean(this Scalar value) => value.Value.ToDouble() != 0;
}
