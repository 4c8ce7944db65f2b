using System.Collections;
using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules under their numbers.</summary>
public class ModuleList<T> : nn.Module, IList<T> where T : nn.Module
{
    private readonly List<T> _items = [];

    /// <summary>A list of modules.</summary>
    public ModuleList(params T[] modules) : base(nameof(ModuleList<T>)) => extend(modules);

    /// <inheritdoc/>
    public T this[int index]
    {
        get => _items[index];
        set
        {
            _items[index] = value;
            Renumber();
        }
    }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public void Add(T item)
    {
        register_module(Count.ToString(CultureInfo.InvariantCulture), item);
        _items.Add(item);
    }

    /// <summary>Adds modules at the end.</summary>
    public void append(params T[] parameters) => extend(parameters);

    /// <summary>Adds modules at the end.</summary>
    public void extend(IEnumerable<T> modules)
    {
        foreach (T module in modules)
            Add(module);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        _items.Clear();
        Renumber();
    }

    /// <inheritdoc/>
    public bool Contains(T item) => _items.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public int IndexOf(T item) => _items.IndexOf(item);

    /// <inheritdoc/>
    public void Insert(int index, T item)
    {
        _items.Insert(index, item);
        Renumber();
    }

    /// <inheritdoc/>
    public bool Remove(T item)
    {
        bool removed = _items.Remove(item);
        Renumber();
        return removed;
    }

    /// <inheritdoc/>
    public void RemoveAt(int index)
    {
        _items.RemoveAt(index);
        Renumber();
    }

    private void Renumber()
    {
        ClearModules();
        for (int i = 0; i < _items.Count; i++)
            register_module(i.ToString(CultureInfo.InvariantCulture), _items[i]);
    }
}
