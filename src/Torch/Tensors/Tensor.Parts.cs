using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>A part of one dimension, over the same memory.</summary>
        public Tensor narrow(long dim, long start, long length) => Op.Wrap(Native.tt_narrow(Handle, dim, start, length), this);
        /// <summary>Every <paramref name="step"/>th element of a part of one dimension, over the same memory.</summary>
        public Tensor slice(long dim, long start, long finish, long step) => Op.Wrap(Native.tt_slice(Handle, dim, start, finish, step), this);
        /// <summary>One place of one dimension, which disappears.</summary>
        public Tensor select(long dim, long index) => Op.Wrap(Native.tt_select(Handle, dim, index), this);
        /// <summary>The rows (of any dimension) that <paramref name="index"/> names, copied.</summary>
        public Tensor index_select(long dim, Tensor index) => Op.Wrap(Native.tt_index_select(Handle, dim, index.Handle), this, index);
        /// <summary>Elements picked along a dimension.</summary>
        public Tensor gather(long dim, Tensor index) => Op.Wrap(Native.tt_gather(Handle, dim, index.Handle), this, index);
        /// <summary>Elements by their place in row-major order.</summary>
        public Tensor take(Tensor index) => Op.Wrap(Native.tt_take(Handle, index.Handle), this, index);
        /// <summary>The elements where <paramref name="mask"/> is true.</summary>
        public Tensor masked_select(Tensor mask) => Op.Wrap(Native.tt_masked_select(Handle, mask.Handle), this, mask);
        /// <summary>The places of elements that are not zero.</summary>
        public Tensor nonzero() => Op.Wrap(Native.tt_nonzero(Handle), this);
        /// <summary>With <paramref name="alpha"/> times rows of <paramref name="source"/> added at <paramref name="index"/>.</summary>
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Op.Wrap(Native.tt_index_add(Handle, dim, index.Handle, source.Handle, alpha.Value), this, index, source);
        /// <summary>Adds <paramref name="alpha"/> times rows of <paramref name="source"/> at <paramref name="index"/>.</summary>
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Op.InPlace(this, Native.tt_index_add_(Handle, dim, index.Handle, source.Handle, alpha.Value), index, source);
        /// <summary>Copies rows of <paramref name="source"/> to <paramref name="index"/>.</summary>
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Op.InPlace(this, Native.tt_index_copy_(Handle, dim, index.Handle, source.Handle), index, source);
        /// <summary>Sets rows to a value.</summary>
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Op.InPlace(this, Native.tt_index_fill_(Handle, dim, index.Handle, value.Value), index);
        /// <summary>With elements of <paramref name="src"/> written along a dimension.</summary>
        public Tensor scatter(long dim, Tensor index, Tensor src) => Op.Wrap(Native.tt_scatter(Handle, dim, index.Handle, src.Handle), this, index, src);
        /// <summary>Writes elements of <paramref name="src"/> along a dimension.</summary>
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Op.InPlace(this, Native.tt_scatter_(Handle, dim, index.Handle, src.Handle), index, src);
        /// <summary>Adds elements of <paramref name="src"/> along a dimension.</summary>
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Op.InPlace(this, Native.tt_scatter_add_(Handle, dim, index.Handle, src.Handle), index, src);

        /// <summary>The parts of length 1 along a dimension, which disappears.</summary>
        public Tensor[] unbind(long dimension = 0)
        {
            nint* parts;
            long count;
            int code = Native.tt_unbind(Handle, dimension, &parts, &count);
            return Op.WrapArray(code, parts, count, this);
        }
        /// <summary>At most that many parts of about the same length.</summary>
        public Tensor[] chunk(long chunks, long dim = 0)
        {
            nint* parts;
            long count;
            int code = Native.tt_chunk(Handle, chunks, dim, &parts, &count);
            return Op.WrapArray(code, parts, count, this);
        }
        /// <summary>Parts of one length; the last may be shorter.</summary>
        public Tensor[] split(long size, int dim = 0)
        {
            nint* parts;
            long count;
            int code = Native.tt_split(Handle, size, dim, &parts, &count);
            return Op.WrapArray(code, parts, count, this);
        }
        /// <summary>Parts of given lengths.</summary>
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0)
        {
            nint* parts;
            long count;
            fixed (long* p = sizes)
            {
                int code = Native.tt_split_sizes(Handle, p, sizes.Length, dim, &parts, &count);
                return Op.WrapArray(code, parts, count, this);
            }
        }
        /// <summary>Parts of given lengths.</summary>
        public Tensor[] split(long[] sizes, long dim = 0) => split((ReadOnlySpan<long>)sizes, dim);
    }
}
