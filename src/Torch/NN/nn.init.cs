namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initial values of parameters; all write in place without recording and return the tensor.</summary>
        public static class init
        {
            /// <summary>Which side of a layer the variance is kept for.</summary>
            public enum FanInOut
            {
                /// <summary>The inputs: forward values keep their variance.</summary>
                FanIn,
                /// <summary>The outputs: gradients keep their variance.</summary>
                FanOut,
            }

            /// <summary>What follows the layer.</summary>
            public enum NonlinearityType
            {
                /// <summary>Nothing.</summary>
                Linear,
                /// <summary>Convolution in one dimension.</summary>
                Conv1D,
                /// <summary>Convolution in two dimensions.</summary>
                Conv2D,
                /// <summary>Convolution in three dimensions.</summary>
                Conv3D,
                /// <summary>Transposed convolution in one dimension.</summary>
                ConvTranspose1D,
                /// <summary>Transposed convolution in two dimensions.</summary>
                ConvTranspose2D,
                /// <summary>Transposed convolution in three dimensions.</summary>
                ConvTranspose3D,
                /// <summary>Sigmoid.</summary>
                Sigmoid,
                /// <summary>Hyperbolic tangent.</summary>
                Tanh,
                /// <summary>Rectifier.</summary>
                ReLU,
                /// <summary>Rectifier with a small slope for negative values.</summary>
                LeakyReLU,
            }

            /// <summary>The factor on the standard deviation that makes up for a nonlinearity.</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2.0),
                NonlinearityType.LeakyReLU => Math.Sqrt(2.0 / (1 + param * param)),
                _ => 1.0,
            };

            /// <summary>Inputs and outputs of a weight: (out, in, receptive field...).</summary>
            /// <exception cref="ArgumentException">The tensor has fewer than two dimensions.</exception>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                long[] shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException($"Fan in and fan out need at least two dimensions; this tensor has {shape.Length}.", nameof(tensor));
                long field = 1;
                foreach (long length in shape.AsSpan(2))
                    field *= length;
                return (shape[1] * field, shape[0] * field);
            }

            /// <summary>Ones.</summary>
            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);
            /// <summary>Zeros.</summary>
            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            /// <summary>One value everywhere.</summary>
            public static Tensor constant_(Tensor tensor, Scalar val)
            {
                using IDisposable quiet = no_grad();
                return tensor.fill_(val);
            }

            /// <summary>Uniform numbers.</summary>
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
            {
                using IDisposable quiet = no_grad();
                return tensor.uniform_(low, high, generator);
            }

            /// <summary>Normal numbers.</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
            {
                using IDisposable quiet = no_grad();
                return tensor.normal_(mean, std, generator);
            }

            /// <summary>Uniform numbers that keep the variance through a rectifier of slope <paramref name="a"/> for negative values.</summary>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                double bound = Math.Sqrt(3.0) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal numbers that keep the variance through a rectifier of slope <paramref name="a"/> for negative values.</summary>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            /// <summary>Uniform numbers that keep the variance forwards and backwards.</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                double bound = Math.Sqrt(3.0) * XavierDeviation(tensor, gain);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal numbers that keep the variance forwards and backwards.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1) => normal_(tensor, 0, XavierDeviation(tensor, gain));

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            private static double XavierDeviation(Tensor tensor, double gain)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
            }
        }
    }
}
