using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What batch normalisations have in common: scale, shift and running statistics for each channel.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    private Parameter? _weight;
    private Parameter? _bias;
    private Tensor? _runningMean;
    private Tensor? _runningVar;
    private Tensor? _batches;

    /// <summary>A normalisation of that many channels, with PyTorch's initial values.</summary>
    protected NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name) : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        if (affine)
        {
            weight = LibraryParameter.Empty([num_features], device, dtype);
            bias = LibraryParameter.Empty([num_features], device, dtype);
        }
        if (track_running_stats)
        {
            running_mean = zeros([num_features], dtype, device).DetachFromDisposeScope();
            running_var = ones([num_features], dtype, device).DetachFromDisposeScope();
            num_batches_tracked = tensor(0L, device: device).DetachFromDisposeScope();
        }
        reset_parameters();
    }

    /// <summary>The scale of each channel, gamma.</summary>
    /// <exception cref="InvalidOperationException">The module is not affine.</exception>
    public Parameter weight
    {
        get => _weight ?? throw new InvalidOperationException("This normalisation is not affine: it has no weight.");
        set
        {
            _weight = value;
            ConditionallyRegisterParameter(nameof(weight), value);
        }
    }

    /// <summary>The shift of each channel, beta, or null.</summary>
    public Parameter? bias
    {
        get => _bias;
        set
        {
            _bias = value;
            ConditionallyRegisterParameter(nameof(bias), value);
        }
    }

    /// <summary>The running mean of each channel, or null.</summary>
    public Tensor? running_mean
    {
        get => _runningMean;
        set
        {
            _runningMean = value;
            ConditionallyRegisterBuffer(nameof(running_mean), value);
        }
    }

    /// <summary>The running unbiased variance of each channel, or null.</summary>
    public Tensor? running_var
    {
        get => _runningVar;
        set
        {
            _runningVar = value;
            ConditionallyRegisterBuffer(nameof(running_var), value);
        }
    }

    /// <summary>How many batches the running statistics have seen, or null.</summary>
    public Tensor? num_batches_tracked
    {
        get => _batches;
        set
        {
            _batches = value;
            ConditionallyRegisterBuffer(nameof(num_batches_tracked), value);
        }
    }

    /// <summary>The number of channels.</summary>
    public long num_features { get; }

    /// <summary>Added to the variance before the root.</summary>
    public double eps { get; set; }

    /// <summary>The weight of a new batch in the running statistics; null for the plain average of all batches.</summary>
    public double? momentum { get; set; }

    /// <summary>Whether there are scale and shift.</summary>
    public bool affine { get; }

    /// <summary>Whether there are running statistics.</summary>
    public bool track_running_stats { get; }

    private protected Parameter? Scale => _weight;

    /// <summary>Starts the running statistics anew: mean 0, variance 1.</summary>
    public void reset_running_stats()
    {
        if (!track_running_stats)
            return;
        nn.init.zeros_(_runningMean!);
        nn.init.ones_(_runningVar!);
        nn.init.zeros_(_batches!);
    }

    /// <summary>Starts everything anew: scale 1, shift 0.</summary>
    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine)
            return;
        nn.init.ones_(_weight!);
        nn.init.zeros_(_bias!);
    }

    /// <summary>Refuses inputs of the wrong number of dimensions.</summary>
    /// <exception cref="ArgumentException">The input has the wrong number of dimensions.</exception>
    protected abstract void ValidateInputDimensions(Tensor input);
}
