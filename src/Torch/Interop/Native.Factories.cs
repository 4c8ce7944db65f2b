using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)] internal static partial nint tt_empty(long* size, long n, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_empty_strided(long* size, long n, long* strides, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_zeros(long* size, long n, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_ones(long* size, long n, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_full(long* size, long n, Number value, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_rand(long* size, long n, nint generator, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_randn(long* size, long n, nint generator, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_randint(long low, long high, long* size, long n, nint generator, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_randperm(long n, nint generator, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_arange(Number start, Number stop, Number step, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_linspace(double start, double end, long steps, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_eye(long rows, long columns, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_empty_like(nint a, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_zeros_like(nint a, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_ones_like(nint a, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_full_like(nint a, Number value, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_rand_like(nint a, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_randn_like(nint a, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_copy_of(void* data, int @from, long* size, long n, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint tt_share(nint data, long* size, long n, delegate* unmanaged[Cdecl]<nint, void> released, nint context, TensorOptions o);
}
