namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>Whether each element on the left is equal.</summary>
        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        /// <summary>Whether each element on the left is equal.</summary>
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);
        /// <summary>Whether the number on the left is equal, for each element.</summary>
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);
        /// <summary>Whether each element on the left is different.</summary>
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        /// <summary>Whether each element on the left is different.</summary>
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);
        /// <summary>Whether the number on the left is different, for each element.</summary>
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);
        /// <summary>Whether each element on the left is less.</summary>
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        /// <summary>Whether each element on the left is less.</summary>
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        /// <summary>Whether the number on the left is less, for each element.</summary>
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);
        /// <summary>Whether each element on the left is less or equal.</summary>
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        /// <summary>Whether each element on the left is less or equal.</summary>
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        /// <summary>Whether the number on the left is less or equal, for each element.</summary>
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);
        /// <summary>Whether each element on the left is greater.</summary>
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        /// <summary>Whether each element on the left is greater.</summary>
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        /// <summary>Whether the number on the left is greater, for each element.</summary>
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);
        /// <summary>Whether each element on the left is greater or equal.</summary>
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        /// <summary>Whether each element on the left is greater or equal.</summary>
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        /// <summary>Whether the number on the left is greater or equal, for each element.</summary>
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);

        /// <summary>A tensor of one number.</summary>
        public static implicit operator Tensor(byte value) => tensor(value);
        /// <summary>A tensor of one number.</summary>
        public static implicit operator Tensor(sbyte value) => tensor(value);
        /// <summary>A tensor of one number.</summary>
        public static implicit operator Tensor(short value) => tensor(value);
        /// <summary>A tensor of one number.</summary>
        public static implicit operator Tensor(int value) => tensor(value);
        /// <summary>A tensor of one number.</summary>
        public static implicit operator Tensor(long value) => tensor(value);
        /// <summary>A tensor of one number.</summary>
        public static implicit operator Tensor(float value) => tensor(value);
        /// <summary>A tensor of one number.</summary>
        public static implicit operator Tensor(double value) => tensor(value);
        /// <summary>A tensor of one number.</summary>
        public static implicit operator Tensor(bool value) => tensor(value);
        /// <summary>A vector with a copy of the array.</summary>
        public static implicit operator Tensor(byte[] value) => tensor(value);
        /// <summary>A vector with a copy of the array.</summary>
        public static implicit operator Tensor(sbyte[] value) => tensor(value);
        /// <summary>A vector with a copy of the array.</summary>
        public static implicit operator Tensor(short[] value) => tensor(value);
        /// <summary>A vector with a copy of the array.</summary>
        public static implicit operator Tensor(int[] value) => tensor(value);
        /// <summary>A vector with a copy of the array.</summary>
        public static implicit operator Tensor(long[] value) => tensor(value);
        /// <summary>A vector with a copy of the array.</summary>
        public static implicit operator Tensor(float[] value) => tensor(value);
        /// <summary>A vector with a copy of the array.</summary>
        public static implicit operator Tensor(double[] value) => tensor(value);
        /// <summary>A vector with a copy of the array.</summary>
        public static implicit operator Tensor(bool[] value) => tensor(value);
        /// <summary>A tensor of one number.</summary>
        public static implicit operator Tensor(Scalar scalar) => full([], scalar, scalar.Type);

        /// <summary>The value of a tensor of one element. Waits for the device.</summary>
        public static explicit operator float(Tensor value) => (float)value.ReadNumber().ToDouble();
        /// <summary>The value of a tensor of one element. Waits for the device.</summary>
        public static explicit operator double(Tensor value) => value.ReadNumber().ToDouble();
        /// <summary>The value of a tensor of one element. Waits for the device.</summary>
        public static explicit operator sbyte(Tensor value) => checked((sbyte)value.ReadNumber().ToInt64());
        /// <summary>The value of a tensor of one element. Waits for the device.</summary>
        public static explicit operator byte(Tensor value) => checked((byte)value.ReadNumber().ToInt64());
        /// <summary>The value of a tensor of one element. Waits for the device.</summary>
        public static explicit operator short(Tensor value) => checked((short)value.ReadNumber().ToInt64());
        /// <summary>The value of a tensor of one element. Waits for the device.</summary>
        public static explicit operator int(Tensor value) => checked((int)value.ReadNumber().ToInt64());
        /// <summary>The value of a tensor of one element. Waits for the device.</summary>
        public static explicit operator long(Tensor value) => value.ReadNumber().ToInt64();
        /// <summary>The value of a tensor of one element. Waits for the device.</summary>
        public static explicit operator bool(Tensor value) => value.ReadNumber().ToDouble() != 0;
    }
}
