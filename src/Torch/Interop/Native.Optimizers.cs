using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)] internal static partial int tt_sgd_step(nint* parameters, nint* buffers, long count, double lr, double momentum, double dampening, double weightDecay, int nesterov, int maximize);
    [LibraryImport(Library)] internal static partial nint tt_clip_grad_norm(nint* parameters, long count, double maxNorm, double normType);
    [LibraryImport(Library)] internal static partial int tt_clip_grad_value(nint* parameters, long count, double limit);
}
