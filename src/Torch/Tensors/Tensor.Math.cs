using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>Rounded half to even, to a number of decimals.</summary>
        public Tensor round(long decimals = 0) => decimals == 0 ? Op.Wrap(Native.tt_round(Handle), this) : RoundTo(decimals);

        private Tensor RoundTo(long decimals)
        {
            double scale = Math.Pow(10, decimals);
            using DisposeScope scope = NewDisposeScope();
            return mul(scale).round().div(scale).MoveToOuterDisposeScope();
        }

        /// <summary>This plus <paramref name="value"/> times the product of two tensors.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Wrap(Native.tt_addcmul(Handle, tensor1.Handle, tensor2.Handle, value.Value), this, tensor1, tensor2);
        /// <summary>Adds <paramref name="value"/> times the product of two tensors, in place.</summary>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Op.InPlace(this, Native.tt_addcmul_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);
        /// <summary>This plus <paramref name="value"/> times the quotient of two tensors.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Wrap(Native.tt_addcdiv(Handle, tensor1.Handle, tensor2.Handle, value.Value), this, tensor1, tensor2);
        /// <summary>This plus the quotient of two tensors.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => addcdiv(tensor1, tensor2, 1);
        /// <summary>Adds <paramref name="value"/> times the quotient of two tensors, in place.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Op.InPlace(this, Native.tt_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);
        /// <summary>Adds the quotient of two tensors, in place.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => addcdiv_(tensor1, tensor2, 1);
        /// <summary><c>beta * this + alpha * mat1 @ mat2</c>.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) => Op.Wrap(Native.tt_addmm(Handle, mat1.Handle, mat2.Handle, Number.Of((double)beta), Number.Of((double)alpha)), this, mat1, mat2);
        /// <summary>This plus <paramref name="weight"/> times the way to <paramref name="end"/>.</summary>
        public Tensor lerp(Tensor end, Tensor weight) => Op.Wrap(Native.tt_lerp(Handle, end.Handle, weight.Handle), this, end, weight);
        /// <summary>Moves by <paramref name="weight"/> towards <paramref name="end"/>, in place.</summary>
        public Tensor lerp_(Tensor end, Tensor weight) => Op.InPlace(this, Native.tt_lerp_(Handle, end.Handle, weight.Handle), end, weight);

        /// <summary>Limited to a range; null leaves a side open.</summary>
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Op.Wrap(Native.tt_clamp(Handle, Value(min), Value(max)), this);
        /// <summary>Limited to a range; null leaves a side open.</summary>
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Op.Wrap(Native.tt_clamp_tensor(Handle, Op.Handle(min), Op.Handle(max)), this, min, max);
        /// <summary>Limited to a range; null leaves a side open.</summary>
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        /// <summary>Limits to a range, in place; null leaves a side open.</summary>
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Op.InPlace(this, Native.tt_clamp_(Handle, Value(min), Value(max)));
        /// <summary>Limits to a range, in place; null leaves a side open.</summary>
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Op.InPlace(this, Native.tt_clamp_tensor_(Handle, Op.Handle(min), Op.Handle(max)), min, max);
        /// <summary>Limited to at most <paramref name="max"/>.</summary>
        public Tensor clamp_max(Scalar max) => clamp(null, max);
        /// <summary>Limits to at most <paramref name="max"/>, in place.</summary>
        public Tensor clamp_max_(Scalar max) => clamp_(null, max);
        /// <summary>Limited to at least <paramref name="min"/>.</summary>
        public Tensor clamp_min(Scalar min) => clamp(min, null);
        /// <summary>Limits to at least <paramref name="min"/>, in place.</summary>
        public Tensor clamp_min_(Scalar min) => clamp_(min, null);

        private static Number Value(Scalar? scalar) => scalar?.Value ?? Number.None;

        /// <summary>Sets all elements to a value.</summary>
        public Tensor fill_(Scalar value) => Op.InPlace(this, Native.tt_fill__number(Handle, value.Value));
        /// <summary>With a value where <paramref name="mask"/> is true.</summary>
        public Tensor masked_fill(Tensor mask, Scalar value) => Op.Wrap(Native.tt_masked_fill(Handle, mask.Handle, value.Value), this, mask);
        /// <summary>Sets a value where <paramref name="mask"/> is true.</summary>
        public Tensor masked_fill_(Tensor mask, Scalar value) => Op.InPlace(this, Native.tt_masked_fill_(Handle, mask.Handle, value.Value), mask);
        /// <summary>This where <paramref name="condition"/> is true, else <paramref name="y"/>.</summary>
        public Tensor where(Tensor condition, Tensor y) => Op.Wrap(Native.tt_where(condition.Handle, Handle, y.Handle), this, condition, y);
        /// <summary>Exponentials divided by their sum along a dimension.</summary>
        public Tensor softmax(long dim, ScalarType? dtype = null) => Op.Wrap(Native.tt_softmax(Handle, dim, Op.Type(dtype)), this);
        /// <summary>Logarithm of <see cref="softmax(long, ScalarType?)"/>, computed stably.</summary>
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Op.Wrap(Native.tt_log_softmax(Handle, dim, Op.Type(dtype)), this);

        /// <summary>Zeros and ones drawn with probability <paramref name="p"/>, in place.</summary>
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Op.InPlace(this, Native.tt_bernoulli_(Handle, p, Generator.HandleOf(generator)), generator);
        /// <summary>Zeros and ones drawn with the probabilities in <paramref name="p"/>, in place.</summary>
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => Op.InPlace(this, Native.tt_bernoulli_tensor_(Handle, p.Handle, Generator.HandleOf(generator)), p, generator);
        /// <summary>Normal numbers, in place.</summary>
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Op.InPlace(this, Native.tt_normal_(Handle, mean, std, Generator.HandleOf(generator)), generator);
        /// <summary>Uniform numbers from <paramref name="from"/> up to, not including, <paramref name="to"/>, in place.</summary>
        public Tensor uniform_(double from, double to, Generator? generator = null) => Op.InPlace(this, Native.tt_uniform_(Handle, from, to, Generator.HandleOf(generator)), generator);
    }
}
