namespace TorchSharp;

public static partial class torch
{
    /// <summary>The lengths of a tensor's dimensions.</summary>
    public readonly struct Size : IEquatable<Size>
    {
        private readonly long[]? _shape;

        /// <summary>From an array.</summary>
        public Size(long[] shape) => _shape = (long[])shape.Clone();
        /// <summary>From a sequence.</summary>
        public Size(IEnumerable<long> shape) => _shape = [.. shape];
        /// <summary>From an array of 32-bit lengths.</summary>
        public Size(int[] shape) => _shape = Array.ConvertAll(shape, x => (long)x);
        /// <summary>One dimension.</summary>
        public Size(long size) => _shape = [size];
        /// <summary>Two dimensions.</summary>
        public Size((long, long) size) => _shape = [size.Item1, size.Item2];
        /// <summary>Three dimensions.</summary>
        public Size((long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3];
        /// <summary>Four dimensions.</summary>
        public Size((long, long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4];

        /// <summary>The lengths.</summary>
        public long[] Shape => _shape ?? [];
        /// <summary>Whether it has no dimension.</summary>
        public bool IsEmpty => Shape.Length == 0;
        /// <summary>Whether it is the size of a single number.</summary>
        public bool IsScalar => Shape.Length == 0;
        /// <summary>The number of dimensions.</summary>
        public int Length => Shape.Length;
        /// <summary>The length of one dimension.</summary>
        public long this[int idx] => Shape[idx];
        /// <summary>The length of one dimension.</summary>
        public long this[long idx] => Shape[idx];

        /// <summary>The number of elements.</summary>
        public long numel()
        {
            long product = 1;
            foreach (long length in Shape)
                product *= length;
            return product;
        }

        /// <summary>The dimensions from <paramref name="first"/> up to, not including, <paramref name="next"/>.</summary>
        public Size Slice(int first, int next) => new(Shape[first..next]);
        /// <summary>The first lengths.</summary>
        public IEnumerable<long> Take(int i) => Shape.Take(i);

        /// <inheritdoc/>
        public bool Equals(Size other) => Shape.AsSpan().SequenceEqual(other.Shape);
        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Size other && Equals(other);
        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (long length in Shape)
                hash.Add(length);
            return hash.ToHashCode();
        }

        /// <summary>Whether two sizes are the same.</summary>
        public static bool operator ==(Size left, Size right) => left.Equals(right);
        /// <summary>Whether two sizes differ.</summary>
        public static bool operator !=(Size left, Size right) => !left.Equals(right);

        /// <summary>One dimension.</summary>
        public static implicit operator Size(long size) => new(size);
        /// <summary>Two dimensions.</summary>
        public static implicit operator Size((long, long) size) => new(size);
        /// <summary>Three dimensions.</summary>
        public static implicit operator Size((long, long, long) size) => new(size);
        /// <summary>Four dimensions.</summary>
        public static implicit operator Size((long, long, long, long) size) => new(size);
        /// <summary>From an array.</summary>
        public static implicit operator Size(long[] size) => new(size);
    }
}
