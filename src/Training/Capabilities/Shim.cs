using System.Reflection;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// The native library of <c>src/Torch</c>, for what goes beyond TorchSharp's interface. Compiled against the TorchSharp package the
/// trainer has none of it, and every capability is unavailable.
/// </summary>
internal static partial class Shim
{
    /// <summary>The library's name for the loader.</summary>
    public const string Library = "tracker_torch";

    /// <summary>Whether the tensors come from that library, which is then loaded.</summary>
    public static bool IsPresent { get; } = typeof(Tensor).Assembly.GetName().Name == "Tracker.Torch";

    static Shim() => NativeLibrary.SetDllImportResolver(typeof(Shim).Assembly, Resolve);

    /// <summary>Throws the library's last error when a call returned one.</summary>
    /// <param name="code">What the call returned: 0 for success.</param>
    /// <exception cref="ExternalException">The call failed.</exception>
    public static void Check(int code)
    {
        if (code != 0) throw LastError();
    }

    /// <summary>The last error of this thread.</summary>
#pragma warning disable CA2201 // The type that errors of libtorch have in TorchSharp, by which too little memory is recognized.
    public static ExternalException LastError() =>
        new(Marshal.PtrToStringUTF8(tt_take_error()) ?? "libtorch failed without a message");
#pragma warning restore CA2201

    /// <summary>
    /// The file that the tensor library has loaded: once it is, the loader finds it by its name alone, wherever it lies.
    /// </summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library) return 0;
        _ = __version__;
        return NativeLibrary.Load($"lib{Library}.so");
    }

    [LibraryImport(Library)] private static partial nint tt_take_error();
}
