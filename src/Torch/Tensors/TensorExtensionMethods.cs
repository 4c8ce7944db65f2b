using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Conversions between tensors and the language's numbers and arrays.</summary>
public static class TensorExtensionMethods
{
    /// <summary>The value of a tensor of one element, in single precision. Waits for the device.</summary>
    public static float ToSingle(this Tensor value) => (float)value.ReadNumber().ToDouble();
    /// <summary>The value of a tensor of one element, in double precision. Waits for the device.</summary>
    public static double ToDouble(this Tensor value) => value.ReadNumber().ToDouble();
    /// <summary>The value of a tensor of one element, as a byte. Waits for the device.</summary>
    public static byte ToByte(this Tensor value) => checked((byte)value.ReadNumber().ToInt64());
    /// <summary>The value of a tensor of one element, as a 32-bit number. Waits for the device.</summary>
    public static int ToInt32(this Tensor value) => checked((int)value.ReadNumber().ToInt64());
    /// <summary>The value of a tensor of one element, as a 64-bit number. Waits for the device.</summary>
    public static long ToInt64(this Tensor value) => value.ReadNumber().ToInt64();
    /// <summary>Whether a tensor of one element is not zero. Waits for the device.</summary>
    public static bool ToBoolean(this Tensor value) => value.ReadNumber().ToDouble() != 0;

    /// <summary>A tensor of the array's elements in a shape, over the array's own memory unless a copy is asked for.</summary>
    public static Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false) where T : unmanaged
    {
        Tensor made = doCopy ? tensor(rawArray, dimensions) : frombuffer(rawArray, ScalarTypeOf<T>()).reshape(dimensions);
        return requires_grad ? made.requires_grad_() : made;
    }
}
