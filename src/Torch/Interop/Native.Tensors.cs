using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)] internal static partial void tt_free(nint a);
    [LibraryImport(Library)] internal static partial void tt_free_array(nint* handles);
    [LibraryImport(Library)] internal static partial nint tt_alias_handle(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int tt_dtype(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int tt_device_type(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int tt_device_index(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial long tt_dim(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial long tt_numel(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial long tt_element_size(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial long tt_storage_offset(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int tt_is_contiguous(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int tt_is_leaf(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int tt_requires_grad(nint a);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial void tt_sizes(nint a, long* @out);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial void tt_strides(nint a, long* @out);
    [LibraryImport(Library)] internal static partial nint tt_data(nint a);
    [LibraryImport(Library)] internal static partial int tt_is_pinned(nint a, int* @out);
    [LibraryImport(Library)] internal static partial nint tt_pin_memory(nint a);
    [LibraryImport(Library)] internal static partial int tt_item(nint a, Number* @out);
    [LibraryImport(Library)] internal static partial nint tt_to(nint a, int dtype, int deviceType, int deviceIndex, int nonBlocking, int copy);
    [LibraryImport(Library)] internal static partial nint tt_clone(nint a);
    [LibraryImport(Library)] internal static partial nint tt_contiguous(nint a);
    [LibraryImport(Library)] internal static partial nint tt_alias(nint a);
    [LibraryImport(Library)] internal static partial int tt_copy_(nint a, nint source, int nonBlocking);
    [LibraryImport(Library)] internal static partial int tt_set_(nint a, nint source);
    [LibraryImport(Library)] internal static partial nint tt_detach(nint a);
    [LibraryImport(Library)] internal static partial int tt_detach_(nint a);
    [LibraryImport(Library)] internal static partial int tt_set_requires_grad(nint a, int value);
    [LibraryImport(Library)] internal static partial int tt_retain_grad(nint a);
    [LibraryImport(Library)] internal static partial int tt_grad(nint a, nint* @out);
    [LibraryImport(Library)] internal static partial int tt_set_grad(nint a, nint grad);
    [LibraryImport(Library)] internal static partial int tt_zero_grads(nint* tensors, long count, int toNone);
    [LibraryImport(Library)] internal static partial int tt_backward(nint* tensors, long n, nint* grads, long gradCount, int retainGraph, int createGraph, nint* inputs, long inputCount);
    [LibraryImport(Library)] internal static partial int tt_autograd_grad(nint* outputs, long n, nint* inputs, long inputCount, nint* grads, long gradCount, int retainGraph, int createGraph, int allowUnused, nint* @out);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int tt_grad_mode();
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial void tt_set_grad_mode(int enabled);
    [LibraryImport(Library)] internal static partial nint tt_enter_inference_mode(int enabled);
    [LibraryImport(Library)] internal static partial void tt_leave_inference_mode(nint guard);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int tt_is_inference_mode();
}
