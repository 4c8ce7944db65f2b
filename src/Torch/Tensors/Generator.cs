using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        /// <summary>A generator on a device, the processor by default.</summary>
        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            _handle = Native.tt_new_generator((int)this.device.type, this.device.index, seed);
            if (_handle == 0)
                throw Op.LastError();
        }

        private Generator(nint handle, Device device)
        {
            _handle = handle != 0 ? handle : throw Op.LastError();
            this.device = device;
        }

        /// <summary>Frees what was not disposed.</summary>
        ~Generator() => Dispose(false);

        /// <summary>The generator that is used where none is named.</summary>
        public static Generator Default { get; } = new(Native.tt_default_generator((int)DeviceType.CPU, -1), CPU);

        /// <summary>The native handle.</summary>
        public nint Handle
        {
            get
            {
                ObjectDisposedException.ThrowIf(_handle == 0, this);
                return _handle;
            }
        }

        /// <summary>Where it draws.</summary>
        public Device device { get; }

        internal static nint HandleOf(Generator? generator) => generator is null ? 0 : generator.Handle;

        /// <summary>Starts the sequence that belongs to a seed.</summary>
        public Generator manual_seed(long seed)
        {
            Op.Check(Native.tt_generator_seed(Handle, (ulong)seed), this);
            return this;
        }

        /// <summary>Draws a seed from the system, starts its sequence and returns it.</summary>
        public long seed()
        {
            ulong value;
            Op.Check(Native.tt_generator_new_seed(Handle, &value), this);
            return (long)value;
        }

        /// <summary>The seed that the present sequence started from.</summary>
        public long initial_seed()
        {
            ulong value;
            Op.Check(Native.tt_generator_initial_seed(Handle, &value), this);
            return (long)value;
        }

        /// <summary>The state, as a tensor of bytes.</summary>
        public Tensor get_state() => Op.Wrap(Native.tt_generator_state(Handle), this);

        /// <summary>Continues from a state that <see cref="get_state"/> gave.</summary>
        public void set_state(Tensor value) => Op.Check(Native.tt_set_generator_state(Handle, value.Handle), this, value);

        /// <summary>Frees the native memory.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Frees the native memory.</summary>
        protected virtual void Dispose(bool disposing)
        {
            if (_handle != 0)
                Native.tt_free_generator(_handle);
            _handle = 0;
        }
    }

    /// <summary>Starts the sequences of the default generators of all devices from a seed.</summary>
    public static Generator manual_seed(long seed)
    {
        Op.Check(Native.tt_manual_seed((ulong)seed));
        return Generator.Default;
    }

    /// <summary>Draws a seed from the system for the default generator and returns it.</summary>
    public static long seed() => Generator.Default.seed();
    /// <summary>The seed that the default generator's sequence started from.</summary>
    public static long initial_seed() => Generator.Default.initial_seed();
    /// <summary>The default generator's state.</summary>
    public static Tensor get_rng_state() => Generator.Default.get_state();
    /// <summary>Continues the default generator from a state.</summary>
    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    /// <summary>The default generator.</summary>
    public static class random
    {
        /// <summary>Starts the sequences of the default generators of all devices from a seed.</summary>
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);
        /// <summary>Draws a seed from the system for the default generator and returns it.</summary>
        public static long seed() => torch.seed();
        /// <summary>The seed that the default generator's sequence started from.</summary>
        public static long initial_seed() => torch.initial_seed();
        /// <summary>The default generator's state.</summary>
        public static Tensor get_rng_state() => torch.get_rng_state();
        /// <summary>Continues the default generator from a state.</summary>
        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
