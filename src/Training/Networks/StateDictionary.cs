using System.Security.Cryptography;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>Parameters and buffers of a module, by the names and in the order of PyTorch's <c>state_dict</c>.</summary>
public static class StateDictionary
{
    /// <summary>Lists parameters and buffers: those of the module itself, then those of its children in the order of their registration.</summary>
    /// <param name="module">The module.</param>
    /// <param name="prefix">Put before every name.</param>
    public static IEnumerable<(string Name, Tensor Value)> Of(Module module, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(module);
        foreach (var (name, parameter) in module.named_parameters(false)) yield return (prefix + name, parameter);
        foreach (var (name, buffer) in module.named_buffers(false)) yield return (prefix + name, buffer);
        foreach (var (name, child) in module.named_children())
        {
            foreach (var entry in Of(child, $"{prefix}{name}.")) yield return entry;
        }
    }

    /// <summary>SHA-256 over the bytes of all values in their order, 64 lower-case hexadecimal digits.</summary>
    /// <param name="module">The module.</param>
    public static string Sha256(Module module)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, value) in Of(module))
        {
            using var scope = NewDisposeScope();
            hash.AppendData(value.detach().cpu().contiguous().bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
