using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Disposes the tensors that were made on this thread while it was the innermost scope, unless they were moved out, detached
/// or disposed before. Scopes nest and belong to one thread.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private readonly List<IDisposable?> _disposables = [];
    private int _count;
    private bool _disposed;

    internal DisposeScope(DisposeScope? outer) => Outer = outer;

    internal DisposeScope? Outer { get; }

    internal bool IsDisposed => _disposed;

    /// <summary>What the scope would dispose now, in the order of its making.</summary>
    public IReadOnlyList<IDisposable> DisposablesView => [.. _disposables.OfType<IDisposable>()];

    /// <summary>How many objects the scope would dispose now.</summary>
    public int DisposablesCount => _count;

    internal void Add(Tensor tensor)
    {
        tensor.Scope = this;
        tensor.ScopeIndex = _disposables.Count;
        _disposables.Add(tensor);
        _count++;
    }

    internal void Remove(IDisposable disposable)
    {
        int index = IndexOf(disposable);
        if (index < 0)
            return;
        if (disposable is Tensor tensor)
            tensor.Scope = null;
        _disposables[index] = null;
        _count--;
        while (_disposables.Count > 0 && _disposables[^1] is null)
            _disposables.RemoveAt(_disposables.Count - 1);
        if (_disposables.Count > 64 && _count < _disposables.Count / 2)
            Compact();
    }

    private void Compact()
    {
        _disposables.RemoveAll(disposable => disposable is null);
        for (int i = 0; i < _disposables.Count; i++)
        {
            if (_disposables[i] is Tensor tensor)
                tensor.ScopeIndex = i;
        }
    }

    private int IndexOf(IDisposable disposable) => disposable is Tensor tensor
        ? ReferenceEquals(tensor.Scope, this) ? tensor.ScopeIndex : -1
        : _disposables.FindIndex(other => ReferenceEquals(other, disposable));

    /// <summary>Whether the scope would dispose this object.</summary>
    public bool Contains(IDisposable disposable) => IndexOf(disposable) >= 0;

    /// <summary>Leaves the object to the enclosing scope, or to nobody when there is none.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(Outer, disposable);

    /// <summary>Leaves two objects to the enclosing scope.</summary>
    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second));

    /// <summary>Leaves three objects to the enclosing scope.</summary>
    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    /// <summary>Leaves the objects to the enclosing scope.</summary>
    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(Outer, (IEnumerable<IDisposable>)disposables);

    /// <summary>Leaves the objects to the enclosing scope.</summary>
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    /// <summary>Leaves the object to another scope, or to nobody for null.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        if (!Contains(disposable))
            return disposable;
        Remove(disposable);
        scope?.Attach(disposable);
        return disposable;
    }

    /// <summary>Leaves the objects to another scope, or to nobody for null.</summary>
    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) =>
        MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    /// <summary>Leaves the objects to another scope, or to nobody for null.</summary>
    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables)
            MoveToOther(scope, disposable);
    }

    /// <summary>Lets the object outlive every scope.</summary>
    public T Detach<T>(T disposable) where T : IDisposable => MoveToOther(null, disposable);

    /// <summary>Lets two objects outlive every scope.</summary>
    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (Detach(first), Detach(second));

    /// <summary>Lets the objects outlive every scope.</summary>
    public void Detach(params IDisposable[] disposables) => MoveToOther(null, (IEnumerable<IDisposable>)disposables);

    /// <summary>Lets the objects outlive every scope.</summary>
    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    /// <summary>Makes this scope responsible for an object, whichever scope had it.</summary>
    public void Attach(IDisposable disposable)
    {
        ArgumentNullException.ThrowIfNull(disposable);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (disposable is Tensor tensor)
        {
            tensor.Scope?.Remove(tensor);
            Add(tensor);
        }
        else if (!Contains(disposable))
        {
            _disposables.Add(disposable);
            _count++;
        }
    }

    /// <summary>Makes this scope responsible for objects, whichever scopes had them.</summary>
    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    /// <summary>Makes this scope responsible for objects, whichever scopes had them.</summary>
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        IDisposable[] all = [.. disposables];
        foreach (IDisposable disposable in all)
            Attach(disposable);
        return all;
    }

    /// <summary>Disposes what the scope holds now; it stays usable.</summary>
    public void DisposeEverything()
    {
        // An object's own Dispose may take others out of this list, so no enumerator is held.
        for (int i = 0; i < _disposables.Count; i++)
        {
            IDisposable? disposable = _disposables[i];
            _disposables[i] = null;
            if (disposable is Tensor tensor)
            {
                tensor.Scope = null;
                tensor.Dispose();
            }
            else
            {
                disposable?.Dispose();
            }
        }
        _disposables.Clear();
        _count = 0;
    }

    /// <summary>Disposes what the scope holds now except <paramref name="inKeep"/>.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var kept = new List<IDisposable>();
        foreach (IDisposable keep in inKeep)
        {
            if (!Contains(keep))
                continue;
            Remove(keep);
            kept.Add(keep);
        }
        DisposeEverything();
        Attach(kept);
    }

    /// <summary>Disposes what the scope holds now except <paramref name="keep"/>.</summary>
    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    /// <summary>Disposes what the scope holds now except <paramref name="keep"/>, which it returns.</summary>
    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    /// <summary>Forgets an object that was disposed by other means.</summary>
    public void MarkAsDisposed(IDisposable disposable) => Remove(disposable);

    /// <summary>Disposes what the scope holds and makes the enclosing scope the current one.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        DisposeEverything();
        _disposed = true;
        DisposeScopeManager.Leave();
    }
}
