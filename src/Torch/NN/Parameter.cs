using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that a module learns. It takes the memory over: the tensor it was made from becomes invalid.</summary>
public class Parameter : Tensor
{
    /// <summary>A parameter of the values in <paramref name="data"/>.</summary>
    public Parameter(Tensor data, bool requires_grad = true) : base(TakeOver(data)) => requires_grad_(requires_grad);

    private static nint TakeOver(Tensor data) => data.DecoupleFromNativeHandle();
}
