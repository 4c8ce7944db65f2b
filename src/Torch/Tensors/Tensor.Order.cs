using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The largest element.</summary>
        public Tensor max() => Op.Wrap(Native.tt_max(Handle), this);
        /// <summary>The larger of each pair of elements.</summary>
        public Tensor max(Tensor other) => maximum(other);
        /// <summary>The largest elements along a dimension and their places.</summary>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false)
        {
            nint values, indexes;
            int code = Native.tt_max_dim(Handle, dim, Op.Flag(keepdim), &values, &indexes);
            return Op.WrapPair(code, values, indexes, this);
        }
        /// <summary>The largest elements along dimensions.</summary>
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false)
        {
            fixed (long* p = dims)
                return Op.Wrap(Native.tt_amax(Handle, p, dims.Length, Op.Flag(keepdim)), this);
        }
        /// <summary>The largest elements along dimensions.</summary>
        public Tensor amax(long[] dims, bool keepdim = false) => amax((ReadOnlySpan<long>)dims, keepdim);
        /// <summary>The place of the largest element in row-major order.</summary>
        public Tensor argmax() => Op.Wrap(Native.tt_argmax(Handle), this);
        /// <summary>The places of the largest elements along a dimension.</summary>
        public Tensor argmax(long dim, bool keepdim = false) => Op.Wrap(Native.tt_argmax_dim(Handle, dim, Op.Flag(keepdim)), this);
        /// <summary>The smallest element.</summary>
        public Tensor min() => Op.Wrap(Native.tt_min(Handle), this);
        /// <summary>The smaller of each pair of elements.</summary>
        public Tensor min(Tensor other) => minimum(other);
        /// <summary>The smallest elements along a dimension and their places.</summary>
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false)
        {
            nint values, indexes;
            int code = Native.tt_min_dim(Handle, dim, Op.Flag(keepdim), &values, &indexes);
            return Op.WrapPair(code, values, indexes, this);
        }
        /// <summary>The smallest elements along dimensions.</summary>
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false)
        {
            fixed (long* p = dims)
                return Op.Wrap(Native.tt_amin(Handle, p, dims.Length, Op.Flag(keepdim)), this);
        }
        /// <summary>The smallest elements along dimensions.</summary>
        public Tensor amin(long[] dims, bool keepdim = false) => amin((ReadOnlySpan<long>)dims, keepdim);
        /// <summary>The place of the smallest element in row-major order.</summary>
        public Tensor argmin() => Op.Wrap(Native.tt_argmin(Handle), this);
        /// <summary>The places of the smallest elements along a dimension.</summary>
        public Tensor argmin(long dim, bool keepdim = false) => Op.Wrap(Native.tt_argmin_dim(Handle, dim, Op.Flag(keepdim)), this);
        /// <summary>The order that sorts along a dimension.</summary>
        public Tensor argsort(long dim = -1, bool descending = false) => Op.Wrap(Native.tt_argsort(Handle, dim, Op.Flag(descending)), this);
        /// <summary>The k largest (or smallest) elements along a dimension and their places.</summary>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
        {
            nint values, indexes;
            int code = Native.tt_topk(Handle, k, dim, Op.Flag(largest), Op.Flag(sorted), &values, &indexes);
            return Op.WrapPair(code, values, indexes, this);
        }
        /// <summary>Sorted along a dimension, and the places that the elements had.</summary>
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false)
        {
            nint values, indexes;
            int code = Native.tt_sort(Handle, dim, Op.Flag(descending), Op.Flag(stable), &values, &indexes);
            return Op.WrapPair(code, values, indexes, this);
        }
        /// <summary>Whether all of the elements are true.</summary>
        public Tensor all() => Op.Wrap(Native.tt_all(Handle), this);
        /// <summary>Whether all of the elements along a dimension are true.</summary>
        public Tensor all(long dim, bool keepdim = false) => Op.Wrap(Native.tt_all_dim(Handle, dim, Op.Flag(keepdim)), this);
        /// <summary>Whether any of the elements are true.</summary>
        public Tensor any() => Op.Wrap(Native.tt_any(Handle), this);
        /// <summary>Whether any of the elements along a dimension are true.</summary>
        public Tensor any(long dim, bool keepdim = false) => Op.Wrap(Native.tt_any_dim(Handle, dim, Op.Flag(keepdim)), this);
        /// <summary>How many elements are not zero, along dimensions or in all.</summary>
        public Tensor count_nonzero(long[]? dims = null)
        {
            fixed (long* p = dims)
                return Op.Wrap(Native.tt_count_nonzero(Handle, p, dims?.Length ?? 0), this);
        }
        /// <summary>How often each whole number occurs, or the sum of its weights.</summary>
        public Tensor bincount(Tensor? weights, long minlength = 0) => Op.Wrap(Native.tt_bincount(Handle, Op.Handle(weights), minlength), this, weights);
        /// <summary>Counts in bins of equal width; the range is that of the data when both ends are 0.</summary>
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Op.Wrap(Native.tt_histc(Handle, bins, min, max), this);
    }
}
