using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Stochastic gradient descent with momentum b and weight decay w, in PyTorch's form:
/// <c>d = g + w p; b = m b + (1 - dampening) d, first b = d; p = p - lr b</c> (with Nesterov, <c>p = p - lr (d + m b)</c>).
/// </summary>
public unsafe class SGD : OptimizerHelper, optim.IMomentum
{
    /// <summary>An optimizer of one group.</summary>
    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        : this([new ParamGroup(parameters, lr, momentum, dampening, weight_decay, nesterov, maximize)], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    /// <summary>An optimizer of several groups; what a group leaves open comes from the other arguments.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
    {
        if (lr < 0 || momentum < 0 || weight_decay < 0)
            throw new ArgumentException($"Learning rate {lr}, momentum {momentum} and weight decay {weight_decay} must not be negative.");
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException("Nesterov momentum needs a momentum and no dampening.", nameof(nesterov));
        Defaults = new Options { LearningRate = lr, InitialLearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize };
        foreach (ParamGroup group in parameters)
            add_param_group(group);
    }

    private Options Defaults { get; }

    /// <inheritdoc/>
    public double Momentum
    {
        get => Defaults.momentum!.Value;
        set
        {
            Defaults.momentum = value;
            foreach (ParamGroup group in _parameter_groups.Cast<ParamGroup>())
                group.Momentum = value;
        }
    }

    /// <inheritdoc/>
    public override void add_param_group(Modules.ParamGroup param_group)
    {
        var options = (Options)param_group.Options;
        options.LearningRate ??= Defaults.LearningRate;
        options.momentum ??= Defaults.momentum;
        options.dampening ??= Defaults.dampening;
        options.weight_decay ??= Defaults.weight_decay;
        options.nesterov ??= Defaults.nesterov;
        options.maximize ??= Defaults.maximize;
        options.InitialLearningRate = options.LearningRate!.Value;
        base.add_param_group(param_group);
    }

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using IDisposable recording = enable_grad();
            loss = closure();
        }
        foreach (Modules.ParamGroup group in _parameter_groups)
            Update([.. group.Parameters], (Options)group.Options);
        return loss;
    }

    private void Update(Parameter[] parameters, Options options)
    {
        State[] states = Array.ConvertAll(parameters, parameter => (State)StateOf(parameter));
        nint[] buffers = Array.ConvertAll(states, state => Op.Handle(state.momentum_buffer));
        fixed (nint* p = Op.Handles(parameters), b = buffers)
        {
            int code = Native.tt_sgd_step(p, b, parameters.Length, options.LearningRate!.Value, options.momentum!.Value, options.dampening!.Value, options.weight_decay!.Value, Op.Flag(options.nesterov!.Value), Op.Flag(options.maximize!.Value));
            for (int i = 0; i < states.Length; i++)
            {
                if (states[i].momentum_buffer is null && buffers[i] != 0)
                    states[i].momentum_buffer = new Tensor(buffers[i]).DetachFromDisposeScope();
            }
            Op.Check(code, parameters, states);
        }
    }

    private protected override OptimizerState NewState(Parameter parameter) => new State(parameter);

    /// <summary>The options of a group; null stands for the optimizer's own.</summary>
    public sealed class Options : OptimizerOptions
    {
        /// <summary>The share of the last direction that is kept.</summary>
        public double? momentum { get; set; }

        /// <summary>The share of the new direction that is left out.</summary>
        public double? dampening { get; set; }

        /// <summary>The factor on the parameter that is added to its gradient.</summary>
        public double? weight_decay { get; set; }

        /// <summary>Whether the step looks ahead along the momentum.</summary>
        public bool? nesterov { get; set; }

        /// <summary>Whether the loss is maximized.</summary>
        public bool? maximize { get; set; }
    }

    /// <summary>The direction that a parameter moved in.</summary>
    public sealed class State : OptimizerState
    {
        /// <summary>An empty state of a parameter.</summary>
        public State(Parameter parameter) : base(parameter)
        {
        }

        /// <summary>The momentum buffer b; null before the first update.</summary>
        public Tensor? momentum_buffer { get; set; }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerState source)
        {
            Tensor? taken = ((State)source).momentum_buffer?.to(Parameter.dtype, Parameter.device, copy: true).DetachFromDisposeScope();
            momentum_buffer?.Dispose();
            momentum_buffer = taken;
        }

        /// <inheritdoc/>
        public override void to(Device device)
        {
            if (momentum_buffer is { } buffer)
                buffer.ConvertInPlace(device, null, nonBlocking: false);
        }

        internal override void Free() => momentum_buffer?.Dispose();
    }

    /// <summary>Parameters that share options of this optimizer.</summary>
    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        /// <summary>An empty group.</summary>
        public ParamGroup()
        {
        }

        /// <summary>Parameters with options.</summary>
        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        /// <summary>Parameters with options by name.</summary>
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
        {
        }

        /// <inheritdoc/>
        public double Momentum
        {
            get => Options.momentum ?? 0;
            set => Options.momentum = value;
        }
    }
}
