using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>Uniform numbers from 0 up to, not including, 1, of a shape.</summary>
    public static Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null)
    {
        fixed (long* p = size)
            return Op.Wrap(Native.tt_rand(p, size.Length, Generator.HandleOf(generator), Options(dtype, device, requires_grad)), generator);
    }
    /// <summary>Uniform numbers from 0 up to, not including, 1, of a shape.</summary>
    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => rand((ReadOnlySpan<long>)size, dtype, device, requires_grad, generator);
    /// <summary>Uniform numbers from 0 up to, not including, 1, of one dimension.</summary>
    public static Tensor rand(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => rand([size], dtype, device, requires_grad, generator);
    /// <summary>Uniform numbers from 0 up to, not including, 1, of two dimensions.</summary>
    public static Tensor rand(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => rand([rows, columns], dtype, device, requires_grad, generator);
    /// <summary>Uniform numbers from 0 up to, not including, 1, of three dimensions.</summary>
    public static Tensor rand(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => rand([dim0, dim1, dim2], dtype, device, requires_grad, generator);
    /// <summary>Uniform numbers from 0 up to, not including, 1, of four dimensions.</summary>
    public static Tensor rand(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => rand([dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator);

    /// <summary>Normal numbers of mean 0 and variance 1, of a shape.</summary>
    public static Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null)
    {
        fixed (long* p = size)
            return Op.Wrap(Native.tt_randn(p, size.Length, Generator.HandleOf(generator), Options(dtype, device, requires_grad)), generator);
    }
    /// <summary>Normal numbers of mean 0 and variance 1, of a shape.</summary>
    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => randn((ReadOnlySpan<long>)size, dtype, device, requires_grad, generator);
    /// <summary>Normal numbers of mean 0 and variance 1, of one dimension.</summary>
    public static Tensor randn(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => randn([size], dtype, device, requires_grad, generator);
    /// <summary>Normal numbers of mean 0 and variance 1, of two dimensions.</summary>
    public static Tensor randn(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => randn([rows, columns], dtype, device, requires_grad, generator);
    /// <summary>Normal numbers of mean 0 and variance 1, of three dimensions.</summary>
    public static Tensor randn(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => randn([dim0, dim1, dim2], dtype, device, requires_grad, generator);
    /// <summary>Normal numbers of mean 0 and variance 1, of four dimensions.</summary>
    public static Tensor randn(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => randn([dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator);

    /// <summary>Whole numbers from <paramref name="low"/> up to, not including, <paramref name="high"/>.</summary>
    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null)
    {
        fixed (long* p = size.Shape)
            return Op.Wrap(Native.tt_randint(low, high, p, size.Length, Generator.HandleOf(generator), Options(dtype ?? ScalarType.Int64, device, requires_grad)), generator);
    }
    /// <summary>Whole numbers from 0 up to, not including, <paramref name="high"/>.</summary>
    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => randint(0, high, size, dtype, device, requires_grad, generator);
    /// <summary>The numbers from 0 up to n - 1 in random order, of type Int64 by default.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Op.Wrap(Native.tt_randperm(n, Generator.HandleOf(generator), Options(dtype ?? ScalarType.Int64, device, requires_grad)), generator);
    /// <summary>Uniform numbers in the shape of another tensor.</summary>
    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.Wrap(Native.tt_rand_like(input.Handle, Options(dtype, device, requires_grad)), input);
    /// <summary>Normal numbers in the shape of another tensor.</summary>
    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.Wrap(Native.tt_randn_like(input.Handle, Options(dtype, device, requires_grad)), input);
    /// <summary>Zeros and ones drawn with the given probabilities.</summary>
    public static Tensor bernoulli(Tensor input, Generator? generator = null) =>
        Op.Wrap(Native.tt_bernoulli(input.Handle, Generator.HandleOf(generator)), input, generator);
    /// <summary>Places drawn with probabilities in proportion to the weights.</summary>
    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        Op.Wrap(Native.tt_multinomial(input.Handle, num_samples, Op.Flag(replacement), Generator.HandleOf(generator)), input, generator);
    /// <summary>Normal numbers with the given means and standard deviations.</summary>
    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) =>
        Op.Wrap(Native.tt_normal_tensors(mean.Handle, std.Handle, Generator.HandleOf(generator)), mean, std, generator);
    /// <summary>Normal numbers of one mean and standard deviation.</summary>
    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null)
    {
        Tensor made = empty(size, dtype, device).normal_(mean, std, generator);
        return requires_grad ? made.requires_grad_() : made;
    }
    /// <summary>Poisson numbers of the given rates.</summary>
    public static Tensor poisson(Tensor input, Generator? generator = null) =>
        Op.Wrap(Native.tt_poisson(input.Handle, Generator.HandleOf(generator)), input, generator);
}
