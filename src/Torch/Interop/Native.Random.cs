using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)] internal static partial int tt_manual_seed(ulong seed);
    [LibraryImport(Library)] internal static partial nint tt_default_generator(int deviceType, int deviceIndex);
    [LibraryImport(Library)] internal static partial nint tt_new_generator(int deviceType, int deviceIndex, ulong seed);
    [LibraryImport(Library)] internal static partial void tt_free_generator(nint generator);
    [LibraryImport(Library)] internal static partial int tt_generator_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial int tt_generator_new_seed(nint generator, ulong* @out);
    [LibraryImport(Library)] internal static partial int tt_generator_initial_seed(nint generator, ulong* @out);
    [LibraryImport(Library)] internal static partial nint tt_generator_state(nint generator);
    [LibraryImport(Library)] internal static partial int tt_set_generator_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial nint tt_bernoulli(nint p, nint generator);
    [LibraryImport(Library)] internal static partial int tt_bernoulli_(nint a, double p, nint generator);
    [LibraryImport(Library)] internal static partial int tt_bernoulli_tensor_(nint a, nint p, nint generator);
    [LibraryImport(Library)] internal static partial int tt_normal_(nint a, double mean, double std, nint generator);
    [LibraryImport(Library)] internal static partial int tt_uniform_(nint a, double @from, double to, nint generator);
    [LibraryImport(Library)] internal static partial nint tt_multinomial(nint a, long count, int replacement, nint generator);
    [LibraryImport(Library)] internal static partial nint tt_normal_tensors(nint mean, nint std, nint generator);
    [LibraryImport(Library)] internal static partial nint tt_poisson(nint a, nint generator);
}
