using System.Globalization;
using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The elements as bytes; the span lives as long as the tensor.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not on the processor, or not contiguous.</exception>
        public Span<byte> bytes
        {
            get
            {
                if (!is_contiguous())
                    throw new InvalidOperationException("The bytes of a tensor that is not contiguous cannot be read as one span; call contiguous() first.");
                return new Span<byte>(Pointer(), checked((int)(NumberOfElements * ElementSize)));
            }
            set
            {
                Span<byte> own = bytes;
                if (value.Length != own.Length)
                    throw new ArgumentException($"{value.Length} bytes do not fill a tensor of {own.Length} bytes.", nameof(value));
                value.CopyTo(own);
            }
        }

        internal byte* Pointer()
        {
            if (!is_cpu())
                throw new InvalidOperationException($"The elements are on {device}; call cpu() before reading them.");
            nint data = Native.tt_data(Handle);
            if (data == 0 && NumberOfElements > 0)
                throw Op.LastError();
            GC.KeepAlive(this);
            return (byte*)data;
        }

        /// <summary>Read and write access to the elements of a tensor on the processor.</summary>
        /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the element type.</exception>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            RequireType<T>();
            return new TensorAccessor<T>(this);
        }

        /// <summary>The value of a tensor of one element. Waits for the device.</summary>
        /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the element type, or there is not one element.</exception>
        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1)
                throw new ArgumentException($"item() needs a tensor of one element; this one has {NumberOfElements}.");
            RequireType<T>();
            if (is_cpu())
                return *(T*)Pointer();
            using Tensor here = cpu();
            return *(T*)here.Pointer();
        }

        private void RequireType<T>() where T : unmanaged
        {
            if (ScalarTypeOf<T>() != dtype)
                throw new ArgumentException($"The element type is {dtype}, which is not {typeof(T).Name}; convert the tensor with to() first.");
        }

        /// <summary>The value of a tensor of one element, converted. Waits for the device.</summary>
        public Scalar ToScalar() => new(ReadNumber(), dtype);

        internal Number ReadNumber()
        {
            Number number;
            Op.Check(Native.tt_item(Handle, &number), this);
            return number;
        }

        /// <summary>The element at position <paramref name="i"/> in memory.</summary>
        public T ReadCpuValue<T>(long i) where T : unmanaged
        {
            if (i < 0 || i >= NumberOfElements)
                throw new ArgumentOutOfRangeException(nameof(i), i, $"The tensor has {NumberOfElements.ToString(CultureInfo.InvariantCulture)} elements.");
            RequireType<T>();
            return ((T*)Pointer())[i];
        }

        /// <summary>The double precision element at position <paramref name="i"/> in memory.</summary>
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        /// <summary>The single precision element at position <paramref name="i"/> in memory.</summary>
        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        /// <summary>The 32-bit element at position <paramref name="i"/> in memory.</summary>
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        /// <summary>The 64-bit element at position <paramref name="i"/> in memory.</summary>
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        /// <summary>The byte at position <paramref name="i"/> in memory.</summary>
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        /// <summary>The truth value at position <paramref name="i"/> in memory.</summary>
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);

        /// <summary>A copy in its own memory.</summary>
        public Tensor clone() => Op.Wrap(Native.tt_clone(Handle), this);

        /// <summary>Another tensor over the same memory.</summary>
        public Tensor alias() => Op.Wrap(Native.tt_alias(Handle), this);

        /// <summary>Copies the elements of <paramref name="source"/>, converted and broadcast, into this tensor.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false) =>
            Op.InPlace(this, Native.tt_copy_(Handle, source.Handle, Op.Flag(nonBlocking)), source);

        /// <summary>Makes this tensor use the memory and shape of <paramref name="source"/>.</summary>
        public Tensor set_(Tensor source) => Op.InPlace(this, Native.tt_set_(Handle, source.Handle), source);

        /// <summary>Itself when it is contiguous, else a contiguous copy.</summary>
        public Tensor contiguous() => Op.Wrap(Native.tt_contiguous(Handle), this);

        /// <summary>On the processor.</summary>
        public Tensor cpu() => to(CPU);

        /// <summary>On a CUDA device, the first one by default.</summary>
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        /// <summary>On another device.</summary>
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(null, device, copy, disposeAfter, non_blocking);

        /// <summary>On another device, by name.</summary>
        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(null, new Device(device), copy, disposeAfter, non_blocking);

        /// <summary>On another device, by kind and number.</summary>
        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(null, new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        /// <summary>With another element type.</summary>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(type, null, copy, disposeAfter, non_blocking);

        /// <summary>With another element type on another device.</summary>
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(type, device, copy, disposeAfter, non_blocking);

        /// <summary>With the element type and device of another tensor.</summary>
        public Tensor to(Tensor other, bool non_blocking = false) =>
            Convert(other.dtype, other.device, false, false, non_blocking);

        /// <summary>With another element type.</summary>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(type, null, copy, disposeAfter, non_blocking);

        /// <summary>With another element type.</summary>
        public Tensor type(ScalarType dtype) => to(dtype);
        /// <summary>With the element type of another tensor.</summary>
        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        /// <summary>As truth values.</summary>
        public Tensor @bool() => to(ScalarType.Bool);
        /// <summary>As unsigned bytes.</summary>
        public Tensor @byte() => to(ScalarType.Byte);
        /// <summary>As 32-bit numbers.</summary>
        public Tensor @int() => to(ScalarType.Int32);
        /// <summary>As 64-bit numbers.</summary>
        public Tensor @long() => to(ScalarType.Int64);
        /// <summary>In half precision.</summary>
        public Tensor half() => to(ScalarType.Float16);
        /// <summary>In brain floating point.</summary>
        public Tensor bfloat16() => to(ScalarType.BFloat16);
        /// <summary>In single precision.</summary>
        public Tensor @float() => to(ScalarType.Float32);
        /// <summary>In double precision.</summary>
        public Tensor @double() => to(ScalarType.Float64);

        private Tensor Convert(ScalarType? type, Device? device, bool copy, bool disposeAfter, bool nonBlocking)
        {
            nint handle = Native.tt_to(Handle, Op.Type(type), device is null ? -1 : (int)device.type, device?.index ?? -1, Op.Flag(nonBlocking), Op.Flag(copy));
            Tensor result = Op.Wrap(handle, this);
            if (disposeAfter)
                Dispose();
            return result;
        }
    }
}
