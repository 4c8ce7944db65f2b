using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The same memory in another shape; -1 stands for the rest.</summary>
        public Tensor view(params long[] shape)
        {
            fixed (long* p = shape)
                return Op.Wrap(Native.tt_view(Handle, p, shape.Length), this);
        }
        /// <summary>Another shape, over the same memory where possible; -1 stands for the rest.</summary>
        public Tensor reshape(params long[] shape)
        {
            fixed (long* p = shape)
                return Op.Wrap(Native.tt_reshape(Handle, p, shape.Length), this);
        }
        /// <summary>The dimensions in another order.</summary>
        public Tensor permute(params long[] permutation)
        {
            fixed (long* p = permutation)
                return Op.Wrap(Native.tt_permute(Handle, p, permutation.Length), this);
        }
        /// <summary>Copies side by side along each dimension.</summary>
        public Tensor repeat(params long[] sizes)
        {
            fixed (long* p = sizes)
                return Op.Wrap(Native.tt_repeat(Handle, p, sizes.Length), this);
        }
        /// <summary>Reversed along dimensions.</summary>
        public Tensor flip(params long[] dims)
        {
            fixed (long* p = dims)
                return Op.Wrap(Native.tt_flip(Handle, p, dims.Length), this);
        }
        /// <summary>Copies side by side along each dimension.</summary>
        public Tensor tile(long[] reps)
        {
            fixed (long* p = reps)
                return Op.Wrap(Native.tt_tile(Handle, p, reps.Length), this);
        }
        /// <summary>Dimensions of length 1 stretched without copying.</summary>
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
        {
            fixed (long* p = sizes)
                return Op.Wrap(Native.tt_expand(Handle, p, sizes.Length), this);
        }
        /// <summary>Dimensions of length 1 stretched without copying.</summary>
        public Tensor expand(params long[] sizes) => expand((ReadOnlySpan<long>)sizes);
        /// <summary>Dimensions of length 1 stretched without copying.</summary>
        public Tensor expand(Size sizes, bool isImplicit = false) => expand((ReadOnlySpan<long>)sizes.Shape, isImplicit);
        /// <summary>Stretched to the shape of another tensor.</summary>
        public Tensor expand_as(Tensor other) => expand((ReadOnlySpan<long>)other.shape);
        /// <summary>Stretched to a shape.</summary>
        public Tensor broadcast_to(params long[] shape) => expand((ReadOnlySpan<long>)shape);
        /// <summary>The same memory in the shape of another tensor.</summary>
        public Tensor view_as(Tensor other) => view(other.shape);
        /// <summary>The dimensions in another order.</summary>
        public Tensor permute(IEnumerable<long> permutation) => permute([.. permutation]);
        /// <summary>A matrix transposed.</summary>
        public Tensor t() => Op.Wrap(Native.tt_t(Handle), this);
        /// <summary>A matrix transposed.</summary>
        public Tensor T => t();
        /// <summary>Two dimensions exchanged.</summary>
        public Tensor transpose(long dim0, long dim1) => Op.Wrap(Native.tt_transpose(Handle, dim0, dim1), this);
        /// <summary>Dimensions joined into one.</summary>
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Op.Wrap(Native.tt_flatten(Handle, start_dim, end_dim), this);
        /// <summary>One dimension split into several.</summary>
        public Tensor unflatten(long dim, params long[] sizes)
        {
            fixed (long* p = sizes)
                return Op.Wrap(Native.tt_unflatten(Handle, dim, p, sizes.Length), this);
        }
        /// <summary>Without one dimension of length 1, or without all of them.</summary>
        public Tensor squeeze(long? dim = null) => Op.Wrap(dim is { } d ? Native.tt_squeeze_dim(Handle, d) : Native.tt_squeeze(Handle), this);
        /// <summary>Drops dimensions of length 1, in place.</summary>
        public Tensor squeeze_(long? dim = null) => Op.InPlace(this, dim is { } d ? Native.tt_squeeze_dim_(Handle, d) : Native.tt_squeeze_(Handle));
        /// <summary>With a new dimension of length 1.</summary>
        public Tensor unsqueeze(long dim) => Op.Wrap(Native.tt_unsqueeze(Handle, dim), this);
        /// <summary>Adds a dimension of length 1, in place.</summary>
        public Tensor unsqueeze_(long dim) => Op.InPlace(this, Native.tt_unsqueeze_(Handle, dim));
        /// <summary>The same memory with any shape and strides.</summary>
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0)
        {
            fixed (long* s = size, d = strides)
                return Op.Wrap(Native.tt_as_strided(Handle, s, size.Length, d, strides.Length, storageOffset), this);
        }
        /// <summary>Sliding windows of length <paramref name="size"/> along a dimension.</summary>
        public Tensor unfold(long dimension, long size, long step) => Op.Wrap(Native.tt_unfold(Handle, dimension, size, step), this);
        /// <summary>Elements shifted around along dimensions.</summary>
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default)
        {
            fixed (long* s = shifts, d = dims)
                return Op.Wrap(Native.tt_roll(Handle, s, shifts.Length, d, dims.Length), this);
        }
        /// <summary>Elements shifted around along a dimension, or in row-major order.</summary>
        public Tensor roll(long shifts, long? dims = null) => roll([shifts], dims is { } d ? [d] : default);
        /// <summary>Dimensions moved to other places.</summary>
        public Tensor movedim(long[] source, long[] destination)
        {
            fixed (long* s = source, d = destination)
                return Op.Wrap(Native.tt_movedim(Handle, s, source.Length, d, destination.Length), this);
        }
    }
}
