namespace TorchSharp;

public static partial class torch
{
    /// <summary>The type of a tensor's elements, with libtorch's numbers.</summary>
    public enum ScalarType : sbyte
    {
        /// <summary>Unsigned, 8 bits.</summary>
        Byte = 0,
        /// <summary>Signed, 8 bits.</summary>
        Int8 = 1,
        /// <summary>Signed, 16 bits.</summary>
        Int16 = 2,
        /// <summary>Signed, 32 bits.</summary>
        Int32 = 3,
        /// <summary>Signed, 64 bits.</summary>
        Int64 = 4,
        /// <summary>IEEE half precision.</summary>
        Float16 = 5,
        /// <summary>IEEE single precision.</summary>
        Float32 = 6,
        /// <summary>IEEE double precision.</summary>
        Float64 = 7,
        /// <summary>Complex of two single precision numbers.</summary>
        ComplexFloat32 = 9,
        /// <summary>Complex of two double precision numbers.</summary>
        ComplexFloat64 = 10,
        /// <summary>True or false, 8 bits.</summary>
        Bool = 11,
        /// <summary>Brain floating point, 16 bits.</summary>
        BFloat16 = 15,
    }

    /// <summary>How a quotient is rounded.</summary>
    public enum RoundingMode
    {
        /// <summary>Not at all.</summary>
        None = 0,
        /// <summary>Towards zero.</summary>
        trunc = 1,
        /// <summary>Down.</summary>
        floor = 2,
    }

    /// <summary>Alias of <see cref="ScalarType.Byte"/>.</summary>
    public static readonly ScalarType uint8 = ScalarType.Byte;
    /// <summary>Alias of <see cref="ScalarType.Int8"/>.</summary>
    public static readonly ScalarType int8 = ScalarType.Int8;
    /// <summary>Alias of <see cref="ScalarType.Int16"/>.</summary>
    public static readonly ScalarType int16 = ScalarType.Int16;
    /// <summary>Alias of <see cref="ScalarType.Int32"/>.</summary>
    public static readonly ScalarType int32 = ScalarType.Int32;
    /// <summary>Alias of <see cref="ScalarType.Int64"/>.</summary>
    public static readonly ScalarType int64 = ScalarType.Int64;
    /// <summary>Alias of <see cref="ScalarType.Float16"/>.</summary>
    public static readonly ScalarType float16 = ScalarType.Float16;
    /// <summary>Alias of <see cref="ScalarType.Float32"/>.</summary>
    public static readonly ScalarType float32 = ScalarType.Float32;
    /// <summary>Alias of <see cref="ScalarType.Float64"/>.</summary>
    public static readonly ScalarType float64 = ScalarType.Float64;
    /// <summary>Alias of <see cref="ScalarType.BFloat16"/>.</summary>
    public static readonly ScalarType bfloat16 = ScalarType.BFloat16;
    /// <summary>Alias of <see cref="ScalarType.Float16"/>.</summary>
    public static readonly ScalarType half = ScalarType.Float16;
    /// <summary>Alias of <see cref="ScalarType.Float32"/>.</summary>
    public static readonly ScalarType @float = ScalarType.Float32;
    /// <summary>Alias of <see cref="ScalarType.Float64"/>.</summary>
    public static readonly ScalarType @double = ScalarType.Float64;
    /// <summary>Alias of <see cref="ScalarType.Int64"/>.</summary>
    public static readonly ScalarType @long = ScalarType.Int64;
    /// <summary>Alias of <see cref="ScalarType.Int32"/>.</summary>
    public static readonly ScalarType @int = ScalarType.Int32;
    /// <summary>Alias of <see cref="ScalarType.Int16"/>.</summary>
    public static readonly ScalarType @short = ScalarType.Int16;
    /// <summary>Alias of <see cref="ScalarType.Bool"/>.</summary>
    public static readonly ScalarType @bool = ScalarType.Bool;

    internal static ScalarType ScalarTypeOf<T>() where T : unmanaged => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Boolean => ScalarType.Bool,
        TypeCode.Byte => ScalarType.Byte,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        _ when typeof(T) == typeof(Half) => ScalarType.Float16,
        _ => throw new ArgumentException($"{typeof(T)} has no tensor element type."),
    };
}
