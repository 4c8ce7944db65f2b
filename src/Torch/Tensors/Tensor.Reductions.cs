using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>Sum of all elements.</summary>
        public Tensor sum(ScalarType? type = null) => Op.Wrap(Native.tt_sum(Handle, Op.Type(type)), this);
        /// <summary>Sums along dimensions.</summary>
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* p = dim)
                return Op.Wrap(Native.tt_sum_dims(Handle, p, dim.Length, Op.Flag(keepdim), Op.Type(type)), this);
        }
        /// <summary>Sums along dimensions.</summary>
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)dim, keepdim, type);
        /// <summary>Sums along a dimension.</summary>
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);
        /// <summary>Sums along two dimensions.</summary>
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);
        /// <summary>Sums along three dimensions.</summary>
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1, dim2], keepdim, type);
        /// <summary>Mean of all elements.</summary>
        public Tensor mean() => Op.Wrap(Native.tt_mean(Handle), this);
        /// <summary>Means along dimensions.</summary>
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* p = dimensions)
                return Op.Wrap(Native.tt_mean_dims(Handle, p, dimensions.Length, Op.Flag(keepdim), Op.Type(type)), this);
        }
        /// <summary>Product of all elements.</summary>
        public Tensor prod(ScalarType? type = null) => Op.Wrap(Native.tt_prod(Handle, Op.Type(type)), this);
        /// <summary>The p-norm of all elements.</summary>
        public Tensor norm(float p = 2f) => Op.Wrap(Native.tt_norm(Handle, p), this);
        /// <summary>The p-norms along a dimension.</summary>
        public Tensor norm(int dim, bool keepdim = false, float p = 2f) => Op.Wrap(Native.tt_norm_dim(Handle, dim, Op.Flag(keepdim), p), this);

        /// <summary>Variance of all elements.</summary>
        public Tensor var(bool unbiased = true) => Op.Wrap(Native.tt_var(Handle, Op.Flag(unbiased)), this);
        /// <summary>Variances along dimensions.</summary>
        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            Tensor self = type is { } wanted && wanted != dtype ? to(wanted) : this;
            fixed (long* p = dimensions)
                return Op.Wrap(Native.tt_var_dims(self.Handle, p, dimensions.Length, Op.Flag(unbiased), Op.Flag(keepdim)), self);
        }
        /// <summary>Variances along dimensions.</summary>
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);
        /// <summary>Variances along a dimension.</summary>
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim], unbiased, keepdim, type);
        /// <summary>Standard deviation of all elements.</summary>
        public Tensor std(bool unbiased = true) => Op.Wrap(Native.tt_std(Handle, Op.Flag(unbiased)), this);
        /// <summary>Standard deviations along dimensions.</summary>
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            Tensor self = type is { } wanted && wanted != dtype ? to(wanted) : this;
            fixed (long* p = dimensions)
                return Op.Wrap(Native.tt_std_dims(self.Handle, p, dimensions.Length, Op.Flag(unbiased), Op.Flag(keepdim)), self);
        }
        /// <summary>Standard deviations along dimensions.</summary>
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);
        /// <summary>Standard deviations along a dimension.</summary>
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim], unbiased, keepdim, type);
        /// <summary>Variances and means along dimensions, in one pass.</summary>
        public (Tensor var, Tensor mean) var_mean(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            Tensor self = type is { } wanted && wanted != dtype ? to(wanted) : this;
            nint variance, average;
            fixed (long* p = dimensions)
            {
                int code = Native.tt_var_mean_dims(self.Handle, p, dimensions.Length, Op.Flag(unbiased), Op.Flag(keepdim), &variance, &average);
                return Op.WrapPair(code, variance, average, self);
            }
        }
        /// <summary>Variances and means along dimensions, in one pass.</summary>
        public (Tensor var, Tensor mean) var_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var_mean((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);
        /// <summary>Running sums along a dimension.</summary>
        public Tensor cumsum(long dim, ScalarType? type = null) => Op.Wrap(Native.tt_cumsum(Handle, dim, Op.Type(type)), this);
        /// <summary>Logarithms of sums of exponentials along a dimension.</summary>
        public Tensor logsumexp(long dim, bool keepdim = false) => Op.Wrap(Native.tt_logsumexp(Handle, dim, Op.Flag(keepdim)), this);
        /// <summary>The p-norm of the difference.</summary>
        public Tensor dist(Tensor other, float p = 2f)
        {
            using DisposeScope scope = NewDisposeScope();
            return sub(other).norm(p).MoveToOuterDisposeScope();
        }
    }
}
