namespace Tracker.Domain;

/// <summary>What kind of device a run asks for.</summary>
public enum DeviceClass
{
    /// <summary>A GPU when a host offers one at submission, else the CPU.</summary>
    Any,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>A CUDA GPU.</summary>
    Cuda,
}

/// <summary>Classes of urgency; inside a class runs start in the order of submission.</summary>
public enum Priority
{
    /// <summary>After everything else.</summary>
    Low,

    /// <summary>The default.</summary>
    Normal,

    /// <summary>Before everything else.</summary>
    High,
}
