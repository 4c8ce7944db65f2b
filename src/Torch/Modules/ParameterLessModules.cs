using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The base of modules without parameters and buffers.</summary>
public abstract class ParameterLessModule<T, TResult> : nn.Module<T, TResult>
{
    /// <summary>A module without parts.</summary>
    protected ParameterLessModule(string name) : base(name)
    {
    }
}

/// <summary>Negative elements replaced by zero.</summary>
public sealed class ReLU : ParameterLessModule<Tensor, Tensor>
{
    internal ReLU(bool inplace) : base(nameof(ReLU)) => this.inplace = inplace;

    /// <summary>Whether the input is overwritten.</summary>
    public bool inplace { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.relu(input, inplace);
}

/// <summary>In training, sets elements to zero with probability p and scales the others by 1 / (1 - p).</summary>
public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
{
    internal Dropout(double p, bool inplace) : base(nameof(Dropout))
    {
        this.p = p;
        this.inplace = inplace;
    }

    /// <summary>The probability of zero.</summary>
    public double p { get; set; }

    /// <summary>Whether the input is overwritten.</summary>
    public bool inplace { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.dropout(input, p, training, inplace);
}

/// <summary>Dimensions joined into one.</summary>
public sealed class Flatten : ParameterLessModule<Tensor, Tensor>
{
    internal Flatten(long startDim, long endDim) : base(nameof(Flatten))
    {
        start_dim = startDim;
        end_dim = endDim;
    }

    /// <summary>The first dimension that is joined.</summary>
    public long start_dim { get; set; }

    /// <summary>The last dimension that is joined.</summary>
    public long end_dim { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.flatten(start_dim, end_dim);
}

/// <summary>The input itself.</summary>
public sealed class Identity : ParameterLessModule<Tensor, Tensor>
{
    internal Identity() : base(nameof(Identity))
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.alias();
}

/// <summary>Logarithm of the softmax along a dimension.</summary>
public sealed class LogSoftmax : ParameterLessModule<Tensor, Tensor>
{
    internal LogSoftmax(long dim) : base(nameof(LogSoftmax)) => this.dim = dim;

    /// <summary>The dimension that sums to one.</summary>
    public long dim { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.log_softmax(dim);
}

/// <summary>The largest element of every window.</summary>
public sealed class MaxPool2d : ParameterLessModule<Tensor, Tensor>
{
    internal MaxPool2d(long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceilMode) : base(nameof(MaxPool2d))
    {
        kernel_size = kernel;
        this.stride = stride ?? kernel;
        this.padding = padding ?? [0, 0];
        this.dilation = dilation ?? [1, 1];
        ceil_mode = ceilMode;
    }

    /// <summary>The size of the window.</summary>
    public long[] kernel_size { get; set; }

    /// <summary>The step of the window.</summary>
    public long[] stride { get; set; }

    /// <summary>The border.</summary>
    public long[] padding { get; set; }

    /// <summary>The distance between the window's elements.</summary>
    public long[] dilation { get; set; }

    /// <summary>Whether windows that stick out at the end count.</summary>
    public bool ceil_mode { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);

    /// <summary>The largest element of every window and its place in the image.</summary>
    public (Tensor Values, Tensor Indices) forward_with_indices(Tensor input) =>
        nn.functional.max_pool2d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode);
}

/// <summary>The mean of every window.</summary>
public sealed class AvgPool2d : ParameterLessModule<Tensor, Tensor>
{
    internal AvgPool2d(long[] kernel, long[]? stride, long[]? padding, bool ceilMode, bool countIncludePad, long? divisorOverride) : base(nameof(AvgPool2d))
    {
        kernel_size = kernel;
        this.stride = stride ?? kernel;
        this.padding = padding ?? [0, 0];
        ceil_mode = ceilMode;
        count_include_pad = countIncludePad;
        divisor_override = divisorOverride;
    }

    /// <summary>The size of the window.</summary>
    public long[] kernel_size { get; set; }

    /// <summary>The step of the window.</summary>
    public long[] stride { get; set; }

    /// <summary>The border.</summary>
    public long[] padding { get; set; }

    /// <summary>Whether windows that stick out at the end count.</summary>
    public bool ceil_mode { get; set; }

    /// <summary>Whether the border counts in the mean.</summary>
    public bool count_include_pad { get; set; }

    /// <summary>What sums are divided by, instead of the window's size.</summary>
    public long? divisor_override { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        nn.functional.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
}

/// <summary>Means over windows that are chosen to give an image of a wanted size.</summary>
public sealed class AdaptiveAvgPool2d : ParameterLessModule<Tensor, Tensor>
{
    internal AdaptiveAvgPool2d(long[] outputSize) : base(nameof(AdaptiveAvgPool2d)) => output_size = outputSize;

    /// <summary>The size of the result.</summary>
    public long[] output_size { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.adaptive_avg_pool2d(input, output_size);
}

/// <summary>Cross entropy between logits and classes.</summary>
public sealed class CrossEntropyLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Tensor? _weight;
    private readonly nn.Reduction _reduction;

    /// <summary>The loss with optional class weights, an ignored class, a way to combine samples, and label smoothing.</summary>
    public CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, nn.Reduction reduction = nn.Reduction.Mean, double label_smoothing = 0) : base(nameof(CrossEntropyLoss))
    {
        _weight = weight;
        _reduction = reduction;
        this.ignore_index = ignore_index;
        this.label_smoothing = label_smoothing;
    }

    /// <summary>A class that counts for nothing.</summary>
    public long? ignore_index { get; }

    /// <summary>The share of the target that is spread over all classes.</summary>
    public double label_smoothing { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Tensor target) =>
        nn.functional.cross_entropy(input, target, _weight, ignore_index ?? -100, _reduction, label_smoothing);
}
