using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)] internal static partial nint tt_sum(nint a, int dtype);
    [LibraryImport(Library)] internal static partial nint tt_sum_dims(nint a, long* dims, long n, int keep, int dtype);
    [LibraryImport(Library)] internal static partial nint tt_mean(nint a);
    [LibraryImport(Library)] internal static partial nint tt_mean_dims(nint a, long* dims, long n, int keep, int dtype);
    [LibraryImport(Library)] internal static partial nint tt_prod(nint a, int dtype);
    [LibraryImport(Library)] internal static partial nint tt_norm(nint a, double p);
    [LibraryImport(Library)] internal static partial nint tt_norm_dim(nint a, long dim, int keep, double p);
    [LibraryImport(Library)] internal static partial nint tt_vector_norm(nint a, double order, long* dims, long n, int keep);
    [LibraryImport(Library)] internal static partial nint tt_var(nint a, int unbiased);
    [LibraryImport(Library)] internal static partial nint tt_var_dims(nint a, long* dims, long n, int unbiased, int keep);
    [LibraryImport(Library)] internal static partial nint tt_std(nint a, int unbiased);
    [LibraryImport(Library)] internal static partial nint tt_std_dims(nint a, long* dims, long n, int unbiased, int keep);
    [LibraryImport(Library)] internal static partial int tt_var_mean_dims(nint a, long* dims, long n, int unbiased, int keep, nint* var, nint* mean);
    [LibraryImport(Library)] internal static partial nint tt_max(nint a);
    [LibraryImport(Library)] internal static partial nint tt_min(nint a);
    [LibraryImport(Library)] internal static partial int tt_max_dim(nint a, long dim, int keep, nint* values, nint* indexes);
    [LibraryImport(Library)] internal static partial int tt_min_dim(nint a, long dim, int keep, nint* values, nint* indexes);
    [LibraryImport(Library)] internal static partial nint tt_amax(nint a, long* dims, long n, int keep);
    [LibraryImport(Library)] internal static partial nint tt_amin(nint a, long* dims, long n, int keep);
    [LibraryImport(Library)] internal static partial nint tt_argmax(nint a);
    [LibraryImport(Library)] internal static partial nint tt_argmax_dim(nint a, long dim, int keep);
    [LibraryImport(Library)] internal static partial nint tt_argmin(nint a);
    [LibraryImport(Library)] internal static partial nint tt_argmin_dim(nint a, long dim, int keep);
    [LibraryImport(Library)] internal static partial nint tt_argsort(nint a, long dim, int descending);
    [LibraryImport(Library)] internal static partial int tt_topk(nint a, long k, long dim, int largest, int sorted, nint* values, nint* indexes);
    [LibraryImport(Library)] internal static partial int tt_sort(nint a, long dim, int descending, int stable, nint* values, nint* indexes);
    [LibraryImport(Library)] internal static partial nint tt_all(nint a);
    [LibraryImport(Library)] internal static partial nint tt_any(nint a);
    [LibraryImport(Library)] internal static partial nint tt_all_dim(nint a, long dim, int keep);
    [LibraryImport(Library)] internal static partial nint tt_any_dim(nint a, long dim, int keep);
    [LibraryImport(Library)] internal static partial nint tt_count_nonzero(nint a, long* dims, long n);
    [LibraryImport(Library)] internal static partial nint tt_cumsum(nint a, long dim, int dtype);
    [LibraryImport(Library)] internal static partial nint tt_logsumexp(nint a, long dim, int keep);
    [LibraryImport(Library)] internal static partial nint tt_bincount(nint a, nint weights, long minlength);
    [LibraryImport(Library)] internal static partial nint tt_histc(nint a, long bins, long low, long high);
}
