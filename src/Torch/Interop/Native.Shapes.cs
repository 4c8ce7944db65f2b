using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)] internal static partial nint tt_view(nint a, long* v, long n);
    [LibraryImport(Library)] internal static partial nint tt_reshape(nint a, long* v, long n);
    [LibraryImport(Library)] internal static partial nint tt_permute(nint a, long* v, long n);
    [LibraryImport(Library)] internal static partial nint tt_expand(nint a, long* v, long n);
    [LibraryImport(Library)] internal static partial nint tt_repeat(nint a, long* v, long n);
    [LibraryImport(Library)] internal static partial nint tt_flip(nint a, long* v, long n);
    [LibraryImport(Library)] internal static partial nint tt_tile(nint a, long* v, long n);
    [LibraryImport(Library)] internal static partial nint tt_t(nint a);
    [LibraryImport(Library)] internal static partial nint tt_transpose(nint a, long dim0, long dim1);
    [LibraryImport(Library)] internal static partial nint tt_flatten(nint a, long first, long last);
    [LibraryImport(Library)] internal static partial nint tt_unflatten(nint a, long dim, long* size, long n);
    [LibraryImport(Library)] internal static partial nint tt_squeeze(nint a);
    [LibraryImport(Library)] internal static partial nint tt_squeeze_dim(nint a, long dim);
    [LibraryImport(Library)] internal static partial int tt_squeeze_(nint a);
    [LibraryImport(Library)] internal static partial int tt_squeeze_dim_(nint a, long dim);
    [LibraryImport(Library)] internal static partial nint tt_unsqueeze(nint a, long dim);
    [LibraryImport(Library)] internal static partial int tt_unsqueeze_(nint a, long dim);
    [LibraryImport(Library)] internal static partial nint tt_as_strided(nint a, long* size, long n, long* strides, long strideCount, long offset);
    [LibraryImport(Library)] internal static partial nint tt_narrow(nint a, long dim, long start, long length);
    [LibraryImport(Library)] internal static partial nint tt_slice(nint a, long dim, long start, long end, long step);
    [LibraryImport(Library)] internal static partial nint tt_select(nint a, long dim, long index);
    [LibraryImport(Library)] internal static partial nint tt_unfold(nint a, long dim, long size, long step);
    [LibraryImport(Library)] internal static partial nint tt_roll(nint a, long* shifts, long n, long* dims, long dimCount);
    [LibraryImport(Library)] internal static partial nint tt_movedim(nint a, long* @from, long n, long* to, long toCount);
    [LibraryImport(Library)] internal static partial nint tt_cat(nint* tensors, long n, long dim);
    [LibraryImport(Library)] internal static partial nint tt_stack(nint* tensors, long n, long dim);
    [LibraryImport(Library)] internal static partial int tt_unbind(nint a, long dim, nint** @out, long* count);
    [LibraryImport(Library)] internal static partial int tt_chunk(nint a, long chunks, long dim, nint** @out, long* count);
    [LibraryImport(Library)] internal static partial int tt_split(nint a, long size, long dim, nint** @out, long* count);
    [LibraryImport(Library)] internal static partial int tt_split_sizes(nint a, long* size, long n, long dim, nint** @out, long* count);
    [LibraryImport(Library)] internal static partial int tt_where_true(nint condition, nint** @out, long* count);
    [LibraryImport(Library)] internal static partial nint tt_index_select(nint a, long dim, nint index);
    [LibraryImport(Library)] internal static partial nint tt_gather(nint a, long dim, nint index);
    [LibraryImport(Library)] internal static partial nint tt_take(nint a, nint index);
    [LibraryImport(Library)] internal static partial nint tt_masked_select(nint a, nint mask);
    [LibraryImport(Library)] internal static partial nint tt_nonzero(nint a);
    [LibraryImport(Library)] internal static partial nint tt_index_add(nint a, long dim, nint index, nint source, Number alpha);
    [LibraryImport(Library)] internal static partial int tt_index_add_(nint a, long dim, nint index, nint source, Number alpha);
    [LibraryImport(Library)] internal static partial int tt_index_copy_(nint a, long dim, nint index, nint source);
    [LibraryImport(Library)] internal static partial int tt_index_fill_(nint a, long dim, nint index, Number value);
    [LibraryImport(Library)] internal static partial nint tt_scatter(nint a, long dim, nint index, nint source);
    [LibraryImport(Library)] internal static partial int tt_scatter_(nint a, long dim, nint index, nint source);
    [LibraryImport(Library)] internal static partial int tt_scatter_add_(nint a, long dim, nint index, nint source);
    [LibraryImport(Library)] internal static partial nint tt_index(nint a, IndexPart* parts, long n);
    [LibraryImport(Library)] internal static partial int tt_index_put_(nint a, IndexPart* parts, long n, nint value);
    [LibraryImport(Library)] internal static partial int tt_index_put_number_(nint a, IndexPart* parts, long n, Number value);
}
