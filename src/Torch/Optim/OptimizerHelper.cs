using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Optimizers that keep a state for each parameter.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    private protected OptimizerHelper()
    {
    }

    /// <summary>The options of all groups and the state of all parameters: the objects themselves, not copies.</summary>
    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        foreach (ParamGroup group in _parameter_groups)
        {
            var places = new List<int>();
            result.Options.Add(group.Options);
            foreach (Parameter parameter in group.Parameters)
            {
                places.Add(result.State.Count);
                result.State.Add(_states[parameter]);
            }
            result.StateIndexRef.Add(places);
        }
        return result;
    }

    /// <summary>Takes over the options and states of an optimizer with the same groups.</summary>
    /// <exception cref="ArgumentException">The groups or parameters are not as many.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        StateDictionary own = this.state_dict();
        if (own.Options.Count != state_dict.Options.Count || own.State.Count != state_dict.State.Count)
            throw new ArgumentException($"The state has {state_dict.Options.Count} groups and {state_dict.State.Count} parameters; the optimizer has {own.Options.Count} and {own.State.Count}.", nameof(state_dict));
        for (int i = 0; i < _parameter_groups.Count; i++)
        {
            if (!ReferenceEquals(own.Options[i], state_dict.Options[i]))
                _parameter_groups[i].Options = state_dict.Options[i].Copy();
        }
        for (int i = 0; i < own.State.Count; i++)
        {
            if (!ReferenceEquals(own.State[i], state_dict.State[i]))
                own.State[i].LoadStateDict(state_dict.State[i]);
        }
    }

    /// <summary>Moves the states to a device.</summary>
    public void to(Device device)
    {
        foreach (OptimizerState state in _states.Values)
            state.to(device);
    }

    /// <summary>Adds a group of parameters, each with an empty state.</summary>
    /// <exception cref="ArgumentException">A parameter belongs to another group already.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        param_group.Parameters = [.. param_group.Parameters];
        foreach (Parameter parameter in param_group.Parameters)
        {
            if (!_states.TryAdd(parameter, NewState(parameter)))
                throw new ArgumentException("A parameter appears twice in the optimizer's groups.", nameof(param_group));
        }
        base.add_param_group(param_group);
    }

    private protected abstract OptimizerState NewState(Parameter parameter);

    private protected OptimizerState StateOf(Parameter parameter) => _states[parameter];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (OptimizerState state in _states.Values)
                state.Free();
        }
        base.Dispose(disposing);
    }
}
