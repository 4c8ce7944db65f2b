using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One index of <c>tensor[...]</c>: a number, a slice, a tensor, an ellipsis, a new axis or a truth value.</summary>
    public readonly struct TensorIndex
    {
        private readonly IndexPart _part;
        private readonly Tensor? _tensor;

        private TensorIndex(IndexPart part, Tensor? tensor = null)
        {
            _part = part;
            _tensor = tensor;
        }

        /// <summary>All dimensions that the other indices leave.</summary>
        public static readonly TensorIndex Ellipsis = new(new IndexPart { Kind = 3 });
        /// <summary>A new dimension of length 1.</summary>
        public static readonly TensorIndex None = new(new IndexPart { Kind = 4 });
        /// <summary>A new dimension of length 1.</summary>
        public static readonly TensorIndex Null = None;
        /// <summary>A whole dimension.</summary>
        public static readonly TensorIndex Colon = Slice();

        /// <summary>From start up to, not including, stop.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new(new IndexPart { Kind = 1, Start = start ?? 0, Stop = stop ?? long.MaxValue, Step = step ?? 1 });

        /// <summary>From start up to, not including, end.</summary>
        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        /// <summary>A range of the language, such as <c>2..^1</c>.</summary>
        public static TensorIndex Slice(Range range) => Slice(
            range.Start.IsFromEnd && range.Start.Value == 0 ? long.MaxValue : Signed(range.Start),
            range.End.IsFromEnd && range.End.Value == 0 ? null : Signed(range.End));

        /// <summary>Everything or nothing, in a new dimension.</summary>
        public static TensorIndex Bool(bool value) => new(new IndexPart { Kind = 5, Start = value ? 1 : 0 });
        /// <summary>One place; null stands for a new dimension.</summary>
        public static TensorIndex Single(long? index) => index is { } i ? new(new IndexPart { Kind = 0, Start = i }) : None;
        /// <summary>Places or a mask.</summary>
        public static TensorIndex Tensor(Tensor tensor) => new(new IndexPart { Kind = 2 }, tensor);

        /// <summary>One place.</summary>
        public static implicit operator TensorIndex(long value) => Single(value);
        /// <summary>Places or a mask.</summary>
        public static implicit operator TensorIndex(Tensor value) => Tensor(value);
        /// <summary>From start up to, not including, end.</summary>
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);
        /// <summary>A range of the language, such as <c>2..^1</c>.</summary>
        public static implicit operator TensorIndex(Range range) => Slice(range);
        /// <summary>One place, possibly from the end.</summary>
        public static implicit operator TensorIndex(Index index) => Single(Signed(index));

        internal IndexPart ToNative() => _tensor is null ? _part : _part with { Tensor = _tensor.Handle };

        private static long Signed(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }

    public unsafe partial class Tensor
    {
        /// <summary>The elements at the indices.</summary>
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>The elements that tensors of places or masks name.</summary>
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>One place of the first dimension.</summary>
        public Tensor this[long i1]
        {
            get => index([i1]);
            set => index_put_(value, [(TensorIndex)i1]);
        }

        /// <summary>One place of each of the first dimensions.</summary>
        public Tensor this[params long[] indices]
        {
            get => index(Array.ConvertAll(indices, i => (TensorIndex)i));
            set => index_put_(value, Array.ConvertAll(indices, i => (TensorIndex)i));
        }

        /// <summary>The elements at the indices.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            IndexPart[] parts = Array.ConvertAll(indices, i => i.ToNative());
            fixed (IndexPart* p = parts)
                return Op.Wrap(Native.tt_index(Handle, p, parts.Length), this, indices);
        }

        /// <summary>The elements that tensors of places or masks name.</summary>
        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        /// <summary>Writes <paramref name="value"/>, broadcast, to the indices.</summary>
        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            IndexPart[] parts = Array.ConvertAll(indices, i => i.ToNative());
            fixed (IndexPart* p = parts)
                return Op.InPlace(this, Native.tt_index_put_(Handle, p, parts.Length, value.Handle), value, indices);
        }

        /// <summary>Writes <paramref name="value"/>, broadcast, to the places that tensors name.</summary>
        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        /// <summary>Writes a number to the indices.</summary>
        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            IndexPart[] parts = Array.ConvertAll(indices, i => i.ToNative());
            fixed (IndexPart* p = parts)
                return Op.InPlace(this, Native.tt_index_put_number_(Handle, p, parts.Length, value.Value), indices);
        }
    }
}
