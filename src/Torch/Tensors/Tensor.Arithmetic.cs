using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>Sum.</summary>
        public Tensor add(Tensor target) => Op.Wrap(Native.tt_add(Handle, target.Handle, Number.Of(1L)), this, target);
        /// <summary>This plus <paramref name="alpha"/> times <paramref name="target"/>.</summary>
        public Tensor add(Tensor target, Scalar alpha) => Op.Wrap(Native.tt_add(Handle, target.Handle, alpha.Value), this, target);
        /// <summary>Sum.</summary>
        public Tensor add(Scalar scalar) => Op.Wrap(Native.tt_add_number(Handle, scalar.Value, Number.Of(1L)), this);
        /// <summary>This plus a product.</summary>
        public Tensor add(Scalar scalar, Scalar alpha) => Op.Wrap(Native.tt_add_number(Handle, scalar.Value, alpha.Value), this);
        /// <summary>Sum, in place.</summary>
        public Tensor add_(Tensor target) => Op.InPlace(this, Native.tt_add_(Handle, target.Handle, Number.Of(1L)), target);
        /// <summary>Adds <paramref name="alpha"/> times <paramref name="target"/>, in place.</summary>
        public Tensor add_(Tensor target, Scalar alpha) => Op.InPlace(this, Native.tt_add_(Handle, target.Handle, alpha.Value), target);
        /// <summary>Sum, in place.</summary>
        public Tensor add_(Scalar scalar) => Op.InPlace(this, Native.tt_add_number_(Handle, scalar.Value, Number.Of(1L)));
        /// <summary>Adds a product, in place.</summary>
        public Tensor add_(Scalar scalar, Scalar alpha) => Op.InPlace(this, Native.tt_add_number_(Handle, scalar.Value, alpha.Value));

        /// <summary>Difference.</summary>
        public Tensor sub(Tensor target) => Op.Wrap(Native.tt_sub(Handle, target.Handle), this, target);
        /// <summary>Difference.</summary>
        public Tensor subtract(Tensor target) => Op.Wrap(Native.tt_sub(Handle, target.Handle), this, target);
        /// <summary>Difference, in place.</summary>
        public Tensor sub_(Tensor target) => Op.InPlace(this, Native.tt_sub_(Handle, target.Handle), target);
        /// <summary>Difference.</summary>
        public Tensor sub(Scalar target) => Op.Wrap(Native.tt_sub_number(Handle, target.Value), this, target);
        /// <summary>Difference.</summary>
        public Tensor subtract(Scalar target) => Op.Wrap(Native.tt_sub_number(Handle, target.Value), this, target);
        /// <summary>Difference, in place.</summary>
        public Tensor sub_(Scalar target) => Op.InPlace(this, Native.tt_sub_number_(Handle, target.Value), target);

        /// <summary>Product.</summary>
        public Tensor mul(Tensor target) => Op.Wrap(Native.tt_mul(Handle, target.Handle), this, target);
        /// <summary>Product.</summary>
        public Tensor multiply(Tensor target) => Op.Wrap(Native.tt_mul(Handle, target.Handle), this, target);
        /// <summary>Product, in place.</summary>
        public Tensor mul_(Tensor target) => Op.InPlace(this, Native.tt_mul_(Handle, target.Handle), target);
        /// <summary>Product.</summary>
        public Tensor mul(Scalar target) => Op.Wrap(Native.tt_mul_number(Handle, target.Value), this, target);
        /// <summary>Product.</summary>
        public Tensor multiply(Scalar target) => Op.Wrap(Native.tt_mul_number(Handle, target.Value), this, target);
        /// <summary>Product, in place.</summary>
        public Tensor mul_(Scalar target) => Op.InPlace(this, Native.tt_mul__number(Handle, target.Value), target);

        /// <summary>Quotient, optionally rounded.</summary>
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Op.Wrap(Native.tt_div(Handle, target.Handle), this, target)
            : Op.Wrap(Native.tt_div_rounded(Handle, target.Handle, (int)rounding_mode), this, target);
        /// <summary>Quotient, optionally rounded.</summary>
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        /// <summary>Quotient, optionally rounded, in place.</summary>
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Op.InPlace(this, Native.tt_div_(Handle, target.Handle), target)
            : Op.InPlace(this, Native.tt_div_rounded_(Handle, target.Handle, (int)rounding_mode), target);
        /// <summary>Remainder with the sign of the divisor.</summary>
        public Tensor remainder(Tensor target) => Op.Wrap(Native.tt_remainder(Handle, target.Handle), this, target);
        /// <summary>Power.</summary>
        public Tensor pow(Tensor exponent) => Op.Wrap(Native.tt_pow(Handle, exponent.Handle), this, exponent);
        /// <summary>Power, in place.</summary>
        public Tensor pow_(Tensor exponent) => Op.InPlace(this, Native.tt_pow_(Handle, exponent.Handle), exponent);
        /// <summary>Quotient, optionally rounded.</summary>
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Op.Wrap(Native.tt_div_number(Handle, target.Value), this, target)
            : Op.Wrap(Native.tt_div_rounded_number(Handle, target.Value, (int)rounding_mode), this, target);
        /// <summary>Quotient, optionally rounded.</summary>
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        /// <summary>Quotient, optionally rounded, in place.</summary>
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Op.InPlace(this, Native.tt_div__number(Handle, target.Value), target)
            : Op.InPlace(this, Native.tt_div_rounded_number_(Handle, target.Value, (int)rounding_mode), target);
        /// <summary>Remainder with the sign of the divisor.</summary>
        public Tensor remainder(Scalar scalar) => Op.Wrap(Native.tt_remainder_number(Handle, scalar.Value), this);
        /// <summary>Power.</summary>
        public Tensor pow(Scalar exponent) => Op.Wrap(Native.tt_pow_number(Handle, exponent.Value), this, exponent);
        /// <summary>Power, in place.</summary>
        public Tensor pow_(Scalar exponent) => Op.InPlace(this, Native.tt_pow__number(Handle, exponent.Value), exponent);
    }
}
