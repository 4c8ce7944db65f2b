using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The element type.</summary>
        public ScalarType dtype
        {
            get
            {
                int type = Native.tt_dtype(Handle);
                GC.KeepAlive(this);
                return (ScalarType)type;
            }
        }

        /// <summary>The device that holds the elements.</summary>
        public Device device => device_type == DeviceType.CPU ? CPU : new Device(device_type, device_index);

        /// <summary>The kind of device.</summary>
        public DeviceType device_type
        {
            get
            {
                int type = Native.tt_device_type(Handle);
                GC.KeepAlive(this);
                return (DeviceType)type;
            }
        }

        /// <summary>The number of the device; -1 on the processor.</summary>
        public int device_index
        {
            get
            {
                int index = Native.tt_device_index(Handle);
                GC.KeepAlive(this);
                return index;
            }
        }

        /// <summary>Whether it is on a CUDA device.</summary>
        public bool is_cuda => device_type == DeviceType.CUDA;

        /// <summary>Whether it is on the processor.</summary>
        public bool is_cpu() => device_type == DeviceType.CPU;

        /// <summary>The number of dimensions.</summary>
        public long Dimensions
        {
            get
            {
                long dimensions = Native.tt_dim(Handle);
                GC.KeepAlive(this);
                return dimensions;
            }
        }

        /// <summary>The number of dimensions.</summary>
        public long ndim => Dimensions;
        /// <summary>The number of dimensions.</summary>
        public long dim() => Dimensions;

        /// <summary>The number of elements.</summary>
        public long NumberOfElements
        {
            get
            {
                long count = Native.tt_numel(Handle);
                GC.KeepAlive(this);
                return count;
            }
        }

        /// <summary>The number of elements.</summary>
        public long numel() => NumberOfElements;

        /// <summary>The bytes of one element.</summary>
        public long ElementSize
        {
            get
            {
                long size = Native.tt_element_size(Handle);
                GC.KeepAlive(this);
                return size;
            }
        }

        /// <summary>The bytes of one element.</summary>
        public long element_size() => ElementSize;

        /// <summary>The lengths of the dimensions.</summary>
        public long[] shape
        {
            get
            {
                var lengths = new long[Dimensions];
                fixed (long* p = lengths)
                    Native.tt_sizes(Handle, p);
                GC.KeepAlive(this);
                return lengths;
            }
        }

        /// <summary>The lengths of the dimensions.</summary>
        public long[] size() => shape;

        /// <summary>The length of one dimension; negative counts from the end.</summary>
        public long size(int dim) => shape[dim < 0 ? dim + Dimensions : dim];

        /// <summary>How many elements apart neighbours along each dimension lie.</summary>
        public long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* p = strides)
                Native.tt_strides(Handle, p);
            GC.KeepAlive(this);
            return strides;
        }

        /// <summary>How many elements apart neighbours along one dimension lie.</summary>
        public long stride(int dim) => stride()[dim < 0 ? dim + Dimensions : dim];

        /// <summary>The first element's place in the storage, in elements.</summary>
        public long storage_offset()
        {
            long offset = Native.tt_storage_offset(Handle);
            GC.KeepAlive(this);
            return offset;
        }

        /// <summary>Whether the elements lie row by row without gaps.</summary>
        public bool is_contiguous()
        {
            int answer = Native.tt_is_contiguous(Handle);
            GC.KeepAlive(this);
            return answer != 0;
        }

        /// <summary>Whether the element type is a whole number or a truth value.</summary>
        public bool is_integral() => dtype is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

        /// <summary>Whether the element type is a floating point number.</summary>
        public bool is_floating_point() => dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

        /// <summary>Whether the memory is locked for fast copies to a GPU.</summary>
        public bool is_pinned()
        {
            int answer;
            Op.Check(Native.tt_is_pinned(Handle, &answer), this);
            return answer != 0;
        }

        /// <summary>A copy in memory that is locked for fast copies to a GPU.</summary>
        public Tensor pin_memory() => Op.Wrap(Native.tt_pin_memory(Handle), this);
    }
}
