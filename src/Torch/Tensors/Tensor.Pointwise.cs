using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>Absolute values.</summary>
        public Tensor abs() => Op.Wrap(Native.tt_abs(Handle), this);
        /// <summary>Rounded up.</summary>
        public Tensor ceil() => Op.Wrap(Native.tt_ceil(Handle), this);
        /// <summary>e to the power of each element.</summary>
        public Tensor exp() => Op.Wrap(Native.tt_exp(Handle), this);
        /// <summary>Rounded down.</summary>
        public Tensor floor() => Op.Wrap(Native.tt_floor(Handle), this);
        /// <summary>Natural logarithms.</summary>
        public Tensor log() => Op.Wrap(Native.tt_log(Handle), this);
        /// <summary>With the sign turned.</summary>
        public Tensor neg() => Op.Wrap(Native.tt_neg(Handle), this);
        /// <summary>One divided by each element.</summary>
        public Tensor reciprocal() => Op.Wrap(Native.tt_reciprocal(Handle), this);
        /// <summary>Negative elements replaced by zero.</summary>
        public Tensor relu() => Op.Wrap(Native.tt_relu(Handle), this);
        /// <summary>One divided by square roots.</summary>
        public Tensor rsqrt() => Op.Wrap(Native.tt_rsqrt(Handle), this);
        /// <summary>1 / (1 + exp(-x)).</summary>
        public Tensor sigmoid() => Op.Wrap(Native.tt_sigmoid(Handle), this);
        /// <summary>-1, 0 or 1.</summary>
        public Tensor sign() => Op.Wrap(Native.tt_sign(Handle), this);
        /// <summary>Square roots.</summary>
        public Tensor sqrt() => Op.Wrap(Native.tt_sqrt(Handle), this);
        /// <summary>Squares.</summary>
        public Tensor square() => Op.Wrap(Native.tt_square(Handle), this);
        /// <summary>Hyperbolic tangents.</summary>
        public Tensor tanh() => Op.Wrap(Native.tt_tanh(Handle), this);
        /// <summary>Whether each element is neither infinite nor not-a-number.</summary>
        public Tensor isfinite() => Op.Wrap(Native.tt_isfinite(Handle), this);
        /// <summary>Whether each element is infinite.</summary>
        public Tensor isinf() => Op.Wrap(Native.tt_isinf(Handle), this);
        /// <summary>Whether each element is not a number.</summary>
        public Tensor isnan() => Op.Wrap(Native.tt_isnan(Handle), this);
        /// <summary>Whether each element is zero.</summary>
        public Tensor logical_not() => Op.Wrap(Native.tt_logical_not(Handle), this);

        /// <summary>Absolute values, in place.</summary>
        public Tensor abs_() => Op.InPlace(this, Native.tt_abs_(Handle));
        /// <summary>Exponentials, in place.</summary>
        public Tensor exp_() => Op.InPlace(this, Native.tt_exp_(Handle));
        /// <summary>Natural logarithms, in place.</summary>
        public Tensor log_() => Op.InPlace(this, Native.tt_log_(Handle));
        /// <summary>Turns the sign, in place.</summary>
        public Tensor neg_() => Op.InPlace(this, Native.tt_neg_(Handle));
        /// <summary>Replaces negative elements by zero, in place.</summary>
        public Tensor relu_() => Op.InPlace(this, Native.tt_relu_(Handle));
        /// <summary>Square roots, in place.</summary>
        public Tensor sqrt_() => Op.InPlace(this, Native.tt_sqrt_(Handle));
        /// <summary>Sets all elements to zero.</summary>
        public Tensor zero_() => Op.InPlace(this, Native.tt_zero_(Handle));

        /// <summary>The larger of each pair of elements.</summary>
        public Tensor maximum(Tensor other) => Op.Wrap(Native.tt_maximum(Handle, other.Handle), this, other);
        /// <summary>The smaller of each pair of elements.</summary>
        public Tensor minimum(Tensor other) => Op.Wrap(Native.tt_minimum(Handle, other.Handle), this, other);
        /// <summary>Matrix product, batched for more than two dimensions.</summary>
        public Tensor matmul(Tensor target) => Op.Wrap(Native.tt_matmul(Handle, target.Handle), this, target);
        /// <summary>Matrix product of (n,m) and (m,p).</summary>
        public Tensor mm(Tensor target) => Op.Wrap(Native.tt_mm(Handle, target.Handle), this, target);
        /// <summary>Products of a batch of matrices.</summary>
        public Tensor bmm(Tensor batch2) => Op.Wrap(Native.tt_bmm(Handle, batch2.Handle), this, batch2);
        /// <summary>Inner product of two vectors.</summary>
        public Tensor dot(Tensor target) => Op.Wrap(Native.tt_dot(Handle, target.Handle), this, target);
        /// <summary>Outer product of two vectors.</summary>
        public Tensor outer(Tensor vec2) => Op.Wrap(Native.tt_outer(Handle, vec2.Handle), this, vec2);

        /// <summary>Whether each element is equal.</summary>
        public Tensor eq(Tensor target) => Op.Wrap(Native.tt_eq(Handle, target.Handle), this, target);
        /// <summary>Whether each element is equal.</summary>
        public Tensor eq(Scalar target) => Op.Wrap(Native.tt_eq_number(Handle, target.Value), this);
        /// <summary>Whether each element is different.</summary>
        public Tensor ne(Tensor target) => Op.Wrap(Native.tt_ne(Handle, target.Handle), this, target);
        /// <summary>Whether each element is different.</summary>
        public Tensor ne(Scalar target) => Op.Wrap(Native.tt_ne_number(Handle, target.Value), this);
        /// <summary>Whether each element is less.</summary>
        public Tensor lt(Tensor target) => Op.Wrap(Native.tt_lt(Handle, target.Handle), this, target);
        /// <summary>Whether each element is less.</summary>
        public Tensor lt(Scalar target) => Op.Wrap(Native.tt_lt_number(Handle, target.Value), this);
        /// <summary>Whether each element is less or equal.</summary>
        public Tensor le(Tensor target) => Op.Wrap(Native.tt_le(Handle, target.Handle), this, target);
        /// <summary>Whether each element is less or equal.</summary>
        public Tensor le(Scalar target) => Op.Wrap(Native.tt_le_number(Handle, target.Value), this);
        /// <summary>Whether each element is greater.</summary>
        public Tensor gt(Tensor target) => Op.Wrap(Native.tt_gt(Handle, target.Handle), this, target);
        /// <summary>Whether each element is greater.</summary>
        public Tensor gt(Scalar target) => Op.Wrap(Native.tt_gt_number(Handle, target.Value), this);
        /// <summary>Whether each element is greater or equal.</summary>
        public Tensor ge(Tensor target) => Op.Wrap(Native.tt_ge(Handle, target.Handle), this, target);
        /// <summary>Whether each element is greater or equal.</summary>
        public Tensor ge(Scalar target) => Op.Wrap(Native.tt_ge_number(Handle, target.Value), this);
        /// <summary>Whether each element is equal, written over this tensor.</summary>
        public Tensor eq_(Tensor target) => Op.InPlace(this, Native.tt_eq_(Handle, target.Handle), target);
        /// <summary>Whether each element is equal, written over this tensor.</summary>
        public Tensor eq_(Scalar target) => Op.InPlace(this, Native.tt_eq__number(Handle, target.Value));
        /// <summary>Whether all elements agree within <c>atol + rtol * |target|</c>.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            int answer;
            Op.Check(Native.tt_allclose(Handle, target.Handle, rtol, atol, Op.Flag(equal_nan), &answer), this, target);
            return answer != 0;
        }
    }
}
