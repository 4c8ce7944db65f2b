using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// An n-dimensional array of libtorch. It holds native memory: dispose it, or make it inside a <see cref="DisposeScope"/>.
    /// Methods whose names end in an underscore change the tensor and return that same object.
    /// Every method may throw <see cref="System.Runtime.InteropServices.ExternalException"/> with libtorch's text.
    /// </summary>
    public unsafe partial class Tensor : IDisposable
    {
        private static long s_totalCount;
        private static long s_peakCount;
        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            if (handle == 0)
            {
                GC.SuppressFinalize(this);
                return;
            }
            long count = Interlocked.Increment(ref s_totalCount);
            if (count > s_peakCount)
                s_peakCount = count;
            DisposeScopeManager.Current?.Add(this);
        }

        /// <summary>Frees what was neither disposed nor held by a scope.</summary>
        ~Tensor() => Dispose(false);

        internal DisposeScope? Scope { get; set; }

        internal int ScopeIndex { get; set; }

        /// <summary>A name for the reader; libtorch does not see it.</summary>
        public string? name { get; set; }

        /// <summary>How many tensors hold native memory now, over all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref s_totalCount);

        /// <summary>About the largest that <see cref="TotalCount"/> has been.</summary>
        public static long PeakCount => s_peakCount;

        /// <summary>Whether the tensor was disposed, or its memory handed to another one.</summary>
        public bool IsInvalid => _handle == 0;

        /// <summary>The native handle.</summary>
        /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
        public nint Handle
        {
            get
            {
                nint handle = _handle;
                if (handle == 0)
                    ThrowInvalid();
                return handle;
            }
        }

        private void ThrowInvalid() =>
            throw new ObjectDisposedException(GetType().Name, "The tensor was disposed, by a scope that it was made in or by name.");

        /// <summary>Takes over a native handle, which must not be used elsewhere.</summary>
        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        /// <summary>Gives the native handle up to the caller; the tensor becomes invalid.</summary>
        public nint DecoupleFromNativeHandle()
        {
            nint handle = Handle;
            Release();
            GC.SuppressFinalize(this);
            return handle;
        }

        /// <summary>Frees the tensor's hold on its native memory.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Frees the native memory.</summary>
        /// <param name="disposing">False when the garbage collector calls.</param>
        protected virtual void Dispose(bool disposing)
        {
            if (_handle == 0)
                return;
            nint handle = _handle;
            if (disposing)
                Release();
            else
                Forget();
            Native.tt_free(handle);
        }

        private void Release()
        {
            Scope?.Remove(this);
            Forget();
        }

        private void Forget()
        {
            _handle = 0;
            Interlocked.Decrement(ref s_totalCount);
        }

        /// <summary>Leaves the tensor to the scope around the one that holds it.</summary>
        public Tensor MoveToOuterDisposeScope() => Scope is { } scope ? scope.MoveToOuter(this) : this;

        /// <summary>Lets the tensor outlive every scope.</summary>
        public Tensor DetachFromDisposeScope() => Scope is { } scope ? scope.Detach(this) : this;

        /// <summary>Puts the tensor into the scope that holds <paramref name="other"/>.</summary>
        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.Scope);

        /// <summary>Puts the tensor into another scope, or into none.</summary>
        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (Scope is { } scope)
                return scope.MoveToOther(other, this);
            other?.Attach(this);
            return this;
        }

        /// <summary>Type, shape and device, for instance <c>[2x3], type = Float32, device = cpu</c>.</summary>
        public override string ToString() => IsInvalid
            ? "disposed tensor"
            : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        /// <summary>Whether shape, type and all values are equal.</summary>
        public bool Equals(Tensor? target)
        {
            if (target is null)
                return false;
            int answer;
            Op.Check(Native.tt_equal(Handle, target.Handle, &answer), this, target);
            return answer != 0;
        }

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Tensor other && (ReferenceEquals(this, other) || Equals(other));

        /// <inheritdoc/>
        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
