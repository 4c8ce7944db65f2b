namespace TorchSharp.Interop;

/// <summary>The flat C interface of libtracker_torch.so; one partial file for each of its source files.</summary>
internal static unsafe partial class Native
{
    private const string Library = NativeLibraryLoader.Name;

    static Native() => NativeLibraryLoader.Register();
}
