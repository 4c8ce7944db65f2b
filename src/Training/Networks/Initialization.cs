using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>Initial weights that are not PyTorch's default.</summary>
internal static class Initialization
{
    /// <summary>
    /// Draws the weights of every convolution from a normal distribution of mean 0 and variance 2 / (k² · outputs), which keeps the
    /// scale of gradients through ReLUs (He et al. 2015). Biases stay as they are.
    /// </summary>
    /// <param name="module">A module with convolutions in it.</param>
    public static void DrawConvolutions(Module module)
    {
        using var ungraded = no_grad();
        foreach (var convolution in module.modules().Prepend(module).OfType<Conv2d>().Distinct())
        {
            var weight = convolution.weight!;
            var fanOut = weight.numel() / weight.shape[1];
            init.normal_(weight, 0, Math.Sqrt(2.0 / fanOut));
        }
    }
}
