using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>Sum.</summary>
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        /// <summary>Sum.</summary>
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);
        /// <summary>Sum.</summary>
        public static Tensor operator +(Tensor left, int right) => Op.Wrap(Native.tt_add_number(left.Handle, Number.Of((long)right), Number.Of(1L)), left);
        /// <summary>Sum.</summary>
        public static Tensor operator +(Tensor left, long right) => Op.Wrap(Native.tt_add_number(left.Handle, Number.Of(right), Number.Of(1L)), left);
        /// <summary>Sum.</summary>
        public static Tensor operator +(Tensor left, float right) => Op.Wrap(Native.tt_add_number(left.Handle, Number.Of((double)right), Number.Of(1L)), left);
        /// <summary>Sum.</summary>
        public static Tensor operator +(Tensor left, double right) => Op.Wrap(Native.tt_add_number(left.Handle, Number.Of(right), Number.Of(1L)), left);
        /// <summary>Sum.</summary>
        public static Tensor operator +(Scalar left, Tensor right) => Op.Wrap(Native.tt_add_number(right.Handle, left.Value, Number.Of(1L)), right);
        /// <summary>Sum.</summary>
        public static Tensor operator +(int left, Tensor right) => Op.Wrap(Native.tt_add_number(right.Handle, Number.Of((long)left), Number.Of(1L)), right);
        /// <summary>Sum.</summary>
        public static Tensor operator +(long left, Tensor right) => Op.Wrap(Native.tt_add_number(right.Handle, Number.Of(left), Number.Of(1L)), right);
        /// <summary>Sum.</summary>
        public static Tensor operator +(float left, Tensor right) => Op.Wrap(Native.tt_add_number(right.Handle, Number.Of((double)left), Number.Of(1L)), right);
        /// <summary>Sum.</summary>
        public static Tensor operator +(double left, Tensor right) => Op.Wrap(Native.tt_add_number(right.Handle, Number.Of(left), Number.Of(1L)), right);

        /// <summary>Difference.</summary>
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        /// <summary>Difference.</summary>
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);
        /// <summary>Difference.</summary>
        public static Tensor operator -(Tensor left, int right) => Op.Wrap(Native.tt_sub_number(left.Handle, Number.Of((long)right)), left);
        /// <summary>Difference.</summary>
        public static Tensor operator -(Tensor left, long right) => Op.Wrap(Native.tt_sub_number(left.Handle, Number.Of(right)), left);
        /// <summary>Difference.</summary>
        public static Tensor operator -(Tensor left, float right) => Op.Wrap(Native.tt_sub_number(left.Handle, Number.Of((double)right)), left);
        /// <summary>Difference.</summary>
        public static Tensor operator -(Tensor left, double right) => Op.Wrap(Native.tt_sub_number(left.Handle, Number.Of(right)), left);
        /// <summary>Difference.</summary>
        public static Tensor operator -(Scalar left, Tensor right) => Op.Wrap(Native.tt_rsub_number(left.Value, right.Handle), right);
        /// <summary>Difference.</summary>
        public static Tensor operator -(int left, Tensor right) => Op.Wrap(Native.tt_rsub_number(Number.Of((long)left), right.Handle), right);
        /// <summary>Difference.</summary>
        public static Tensor operator -(long left, Tensor right) => Op.Wrap(Native.tt_rsub_number(Number.Of(left), right.Handle), right);
        /// <summary>Difference.</summary>
        public static Tensor operator -(float left, Tensor right) => Op.Wrap(Native.tt_rsub_number(Number.Of((double)left), right.Handle), right);
        /// <summary>Difference.</summary>
        public static Tensor operator -(double left, Tensor right) => Op.Wrap(Native.tt_rsub_number(Number.Of(left), right.Handle), right);

        /// <summary>Product.</summary>
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        /// <summary>Product.</summary>
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);
        /// <summary>Product.</summary>
        public static Tensor operator *(Tensor left, int right) => Op.Wrap(Native.tt_mul_number(left.Handle, Number.Of((long)right)), left);
        /// <summary>Product.</summary>
        public static Tensor operator *(Tensor left, long right) => Op.Wrap(Native.tt_mul_number(left.Handle, Number.Of(right)), left);
        /// <summary>Product.</summary>
        public static Tensor operator *(Tensor left, float right) => Op.Wrap(Native.tt_mul_number(left.Handle, Number.Of((double)right)), left);
        /// <summary>Product.</summary>
        public static Tensor operator *(Tensor left, double right) => Op.Wrap(Native.tt_mul_number(left.Handle, Number.Of(right)), left);
        /// <summary>Product.</summary>
        public static Tensor operator *(Scalar left, Tensor right) => Op.Wrap(Native.tt_mul_number(right.Handle, left.Value), right);
        /// <summary>Product.</summary>
        public static Tensor operator *(int left, Tensor right) => Op.Wrap(Native.tt_mul_number(right.Handle, Number.Of((long)left)), right);
        /// <summary>Product.</summary>
        public static Tensor operator *(long left, Tensor right) => Op.Wrap(Native.tt_mul_number(right.Handle, Number.Of(left)), right);
        /// <summary>Product.</summary>
        public static Tensor operator *(float left, Tensor right) => Op.Wrap(Native.tt_mul_number(right.Handle, Number.Of((double)left)), right);
        /// <summary>Product.</summary>
        public static Tensor operator *(double left, Tensor right) => Op.Wrap(Native.tt_mul_number(right.Handle, Number.Of(left)), right);

        /// <summary>Quotient.</summary>
        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        /// <summary>Quotient.</summary>
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);
        /// <summary>Quotient.</summary>
        public static Tensor operator /(Tensor left, int right) => Op.Wrap(Native.tt_div_number(left.Handle, Number.Of((long)right)), left);
        /// <summary>Quotient.</summary>
        public static Tensor operator /(Tensor left, long right) => Op.Wrap(Native.tt_div_number(left.Handle, Number.Of(right)), left);
        /// <summary>Quotient.</summary>
        public static Tensor operator /(Tensor left, float right) => Op.Wrap(Native.tt_div_number(left.Handle, Number.Of((double)right)), left);
        /// <summary>Quotient.</summary>
        public static Tensor operator /(Tensor left, double right) => Op.Wrap(Native.tt_div_number(left.Handle, Number.Of(right)), left);
        /// <summary>Quotient.</summary>
        public static Tensor operator /(Scalar left, Tensor right) => Op.Wrap(Native.tt_rdiv_number(left.Value, right.Handle), right);
        /// <summary>Quotient.</summary>
        public static Tensor operator /(int left, Tensor right) => Op.Wrap(Native.tt_rdiv_number(Number.Of((long)left), right.Handle), right);
        /// <summary>Quotient.</summary>
        public static Tensor operator /(long left, Tensor right) => Op.Wrap(Native.tt_rdiv_number(Number.Of(left), right.Handle), right);
        /// <summary>Quotient.</summary>
        public static Tensor operator /(float left, Tensor right) => Op.Wrap(Native.tt_rdiv_number(Number.Of((double)left), right.Handle), right);
        /// <summary>Quotient.</summary>
        public static Tensor operator /(double left, Tensor right) => Op.Wrap(Native.tt_rdiv_number(Number.Of(left), right.Handle), right);

        /// <summary>Remainder.</summary>
        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);
        /// <summary>Remainder.</summary>
        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);
        /// <summary>Remainder.</summary>
        public static Tensor operator %(Tensor left, int right) => Op.Wrap(Native.tt_remainder_number(left.Handle, Number.Of((long)right)), left);
        /// <summary>Remainder.</summary>
        public static Tensor operator %(Tensor left, long right) => Op.Wrap(Native.tt_remainder_number(left.Handle, Number.Of(right)), left);
        /// <summary>Remainder.</summary>
        public static Tensor operator %(Tensor left, float right) => Op.Wrap(Native.tt_remainder_number(left.Handle, Number.Of((double)right)), left);
        /// <summary>Remainder.</summary>
        public static Tensor operator %(Tensor left, double right) => Op.Wrap(Native.tt_remainder_number(left.Handle, Number.Of(right)), left);
        /// <summary>Turns the sign.</summary>
        public static Tensor operator -(Tensor tensor) => tensor.neg();
    }
}
