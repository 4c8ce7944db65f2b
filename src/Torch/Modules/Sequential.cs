using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules one after another. What lies between them is disposed as soon as the next one has run.</summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<(string name, nn.IModule<Tensor, Tensor> module)> _steps = [];

    internal Sequential(IEnumerable<(string name, nn.Module<Tensor, Tensor> module)> modules) : base(nameof(Sequential))
    {
        foreach ((string key, nn.Module<Tensor, Tensor> module) in modules)
            append(key, module);
    }

    /// <summary>The number of modules.</summary>
    public int Count => _steps.Count;

    /// <summary>The module at a place.</summary>
    public nn.IModule<Tensor, Tensor> this[int index] => _steps[index].module;

    /// <summary>A part, over the same modules.</summary>
    public Sequential this[Range index]
    {
        get
        {
            var part = new Sequential([]);
            foreach ((string key, nn.IModule<Tensor, Tensor> module) in _steps.ToArray()[index])
                part.append(key, module);
            return part;
        }
    }

    /// <summary>Adds a module at the end, under a name.</summary>
    /// <exception cref="ArgumentException">The object is no <see cref="nn.Module"/>, or the name is taken.</exception>
    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        if (module is not nn.Module registered)
            throw new ArgumentException($"{module.GetType()} is not a module.", nameof(module));
        register_module(name, registered);
        _steps.Add((name, module));
        return this;
    }

    /// <summary>Adds a module at the end, under its number.</summary>
    public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (_steps.Count == 0)
            return input.alias();
        Tensor current = input;
        foreach ((_, nn.IModule<Tensor, Tensor> module) in _steps)
        {
            Tensor next = module.call(current);
            if (!ReferenceEquals(current, input) && !ReferenceEquals(current, next))
                current.Dispose();
            current = next;
        }
        return current;
    }
}
