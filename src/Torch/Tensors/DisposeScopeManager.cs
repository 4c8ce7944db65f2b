namespace TorchSharp;

/// <summary>The dispose scopes of the current thread.</summary>
public static class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScope? s_current;

    internal static DisposeScope? Current => s_current;

    internal static DisposeScope Enter() => s_current = new DisposeScope(s_current);

    /// <summary>Makes the innermost scope that is not disposed yet the current one: scopes may be disposed out of order.</summary>
    internal static void Leave()
    {
        while (s_current is { IsDisposed: true })
            s_current = s_current.Outer;
    }
}

public static partial class torch
{
    /// <summary>Opens a scope that disposes the tensors made in it on this thread.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Enter();

    /// <summary>Evaluates an expression in a scope of its own; only its result survives.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using DisposeScope scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
