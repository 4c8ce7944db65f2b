using System.Globalization;

namespace TorchSharp;

/// <summary>Kinds of devices, with libtorch's numbers.</summary>
public enum DeviceType
{
    /// <summary>The processor.</summary>
    CPU = 0,
    /// <summary>An NVIDIA GPU.</summary>
    CUDA = 1,
    /// <summary>oneDNN's own layout.</summary>
    MKLDNN = 2,
    /// <summary>OpenGL.</summary>
    OPENGL = 3,
    /// <summary>OpenCL.</summary>
    OPENCL = 4,
    /// <summary>IDEEP.</summary>
    IDEEP = 5,
    /// <summary>An AMD GPU.</summary>
    HIP = 6,
    /// <summary>An FPGA.</summary>
    FPGA = 7,
    /// <summary>MSNPU.</summary>
    MSNPU = 8,
    /// <summary>XLA.</summary>
    XLA = 9,
    /// <summary>Apple's Metal.</summary>
    MPS = 13,
    /// <summary>Shapes only, no data.</summary>
    META = 14,
}

public static partial class torch
{
    /// <summary>A device that holds tensors, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    public class Device
    {
        /// <summary>The kind of device.</summary>
        public DeviceType type { get; }

        /// <summary>The number of the device among its kind; -1 means the current one.</summary>
        public int index { get; }

        /// <summary>A device by name, for instance <c>cuda:1</c>.</summary>
        /// <exception cref="ArgumentException">The name is not that of a device.</exception>
        public Device(string description)
        {
            ArgumentException.ThrowIfNullOrEmpty(description);
            string[] parts = description.Split(':');
            type = TypeOf(parts[0], description);
            index = parts.Length == 1 ? -1
                : parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
                : throw new ArgumentException($"'{description}' is not a device; write for instance cpu, cuda or cuda:0.", nameof(description));
        }

        /// <summary>A device by the name of its kind and its number.</summary>
        public Device(string deviceType, int index = -1) : this(TypeOf(deviceType, deviceType), index)
        {
        }

        /// <summary>A device by its kind and number.</summary>
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        /// <summary>The CUDA device of that number.</summary>
        public Device(int index) : this(DeviceType.CUDA, index)
        {
        }

        /// <inheritdoc/>
        public override string ToString()
        {
            string name = type.ToString().ToLowerInvariant();
            return index < 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{index}");
        }

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Device other && other.type == type && other.index == index;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(type, index);

        /// <summary>A device by name.</summary>
        public static implicit operator Device(string description) => new(description);

        private static DeviceType TypeOf(string name, string description) => name.ToLowerInvariant() switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            "meta" => DeviceType.META,
            "mps" => DeviceType.MPS,
            _ => throw new ArgumentException($"'{description}' is not a device; write for instance cpu, cuda or cuda:0.", nameof(description)),
        };
    }

    /// <summary>The processor.</summary>
    public static readonly Device CPU = new(DeviceType.CPU);
    /// <summary>The device without data.</summary>
    public static readonly Device META = new(DeviceType.META);
    /// <summary>The first CUDA device.</summary>
    public static Device CUDA { get; } = new(DeviceType.CUDA, 0);

    /// <summary>A device by name, for instance <c>cuda:1</c>.</summary>
    public static Device device(string description) => new(description);
    /// <summary>A device by the name of its kind and its number.</summary>
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    /// <summary>A device by its kind and number.</summary>
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    /// <summary>The CUDA device of that number.</summary>
    public static Device device(int index) => new(index);
}
