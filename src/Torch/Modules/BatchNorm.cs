using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Batch normalisation: batch statistics in training, running ones in evaluation.</summary>
public abstract class BatchNorm : NormBase
{
    /// <summary>A normalisation of that many channels, with PyTorch's initial values.</summary>
    protected BatchNorm(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        double factor = momentum ?? 0;
        if (training && num_batches_tracked is { } batches)
        {
            using IDisposable quiet = no_grad();
            batches.add_(1);
            if (momentum is null)
                factor = 1.0 / batches.ToDouble();
        }
        bool useBatch = training || running_mean is null;
        bool update = !training || track_running_stats;
        return nn.functional.batch_norm(input, update ? running_mean : null, update ? running_var : null, Scale, bias, useBatch, factor, eps);
    }
}

/// <summary>Batch normalisation of vectors (N, C) or signals (N, C, L).</summary>
public sealed class BatchNorm1d : BatchNorm
{
    internal BatchNorm1d(long numFeatures, double eps, double? momentum, bool affine, bool trackRunningStats, Device? device, ScalarType? dtype)
        : base(numFeatures, eps, momentum, affine, trackRunningStats, device, dtype, nameof(BatchNorm1d))
    {
    }

    /// <inheritdoc/>
    protected override void ValidateInputDimensions(Tensor input)
    {
        if (input.ndim is not (2 or 3))
            throw new ArgumentException($"BatchNorm1d expects 2 or 3 dimensions; the input has {input.ndim}.", nameof(input));
    }
}

/// <summary>Batch normalisation of images (N, C, H, W).</summary>
public sealed class BatchNorm2d : BatchNorm
{
    internal BatchNorm2d(long numFeatures, double eps, double? momentum, bool affine, bool trackRunningStats, Device? device, ScalarType? dtype)
        : base(numFeatures, eps, momentum, affine, trackRunningStats, device, dtype, nameof(BatchNorm2d))
    {
    }

    /// <inheritdoc/>
    protected override void ValidateInputDimensions(Tensor input)
    {
        if (input.ndim != 4)
            throw new ArgumentException($"BatchNorm2d expects 4 dimensions; the input has {input.ndim}.", nameof(input));
    }
}
