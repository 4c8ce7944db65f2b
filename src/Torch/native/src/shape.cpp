#include "shim.h"

using namespace tt;

#define TT_DIMS(name, call) \
  TT_API Handle tt_##name(Handle a, const int64_t* v, int64_t n) { return make([&] { return call; }); }

TT_DIMS(view, a->view(sizes(v, n)))
TT_DIMS(reshape, a->reshape(sizes(v, n)))
TT_DIMS(permute, a->permute(sizes(v, n)))
TT_DIMS(expand, a->expand(sizes(v, n)))
TT_DIMS(repeat, a->repeat(sizes(v, n)))
TT_DIMS(flip, a->flip(sizes(v, n)))
TT_DIMS(tile, a->tile(sizes(v, n)))

TT_API Handle tt_t(Handle a) {
  return make([&] { return a->t(); });
}
TT_API Handle tt_transpose(Handle a, int64_t dim0, int64_t dim1) {
  return make([&] { return a->transpose(dim0, dim1); });
}
TT_API Handle tt_flatten(Handle a, int64_t first, int64_t last) {
  return make([&] { return a->flatten(first, last); });
}
TT_API Handle tt_unflatten(Handle a, int64_t dim, const int64_t* size, int64_t n) {
  return make([&] { return a->unflatten(dim, sizes(size, n)); });
}
TT_API Handle tt_squeeze(Handle a) {
  return make([&] { return a->squeeze(); });
}
TT_API Handle tt_squeeze_dim(Handle a, int64_t dim) {
  return make([&] { return a->squeeze(dim); });
}
TT_API int32_t tt_squeeze_(Handle a) {
  return run([&] { a->squeeze_(); });
}
TT_API int32_t tt_squeeze_dim_(Handle a, int64_t dim) {
  return run([&] { a->squeeze_(dim); });
}
TT_API Handle tt_unsqueeze(Handle a, int64_t dim) {
  return make([&] { return a->unsqueeze(dim); });
}
TT_API int32_t tt_unsqueeze_(Handle a, int64_t dim) {
  return run([&] { a->unsqueeze_(dim); });
}
TT_API Handle tt_as_strided(Handle a, const int64_t* size, int64_t n, const int64_t* strides, int64_t stride_count,
                            int64_t offset) {
  return make([&] { return a->as_strided(sizes(size, n), sizes(strides, stride_count), offset); });
}
TT_API Handle tt_narrow(Handle a, int64_t dim, int64_t start, int64_t length) {
  return make([&] { return a->narrow(dim, start, length); });
}
TT_API Handle tt_slice(Handle a, int64_t dim, int64_t start, int64_t end, int64_t step) {
  return make([&] { return a->slice(dim, start, end, step); });
}
TT_API Handle tt_select(Handle a, int64_t dim, int64_t index) {
  return make([&] { return a->select(dim, index); });
}
TT_API Handle tt_unfold(Handle a, int64_t dim, int64_t size, int64_t step) {
  return make([&] { return a->unfold(dim, size, step); });
}
TT_API Handle tt_roll(Handle a, const int64_t* shifts, int64_t n, const int64_t* dims, int64_t dim_count) {
  return make([&] { return a->roll(sizes(shifts, n), sizes(dims, dim_count)); });
}
TT_API Handle tt_movedim(Handle a, const int64_t* from, int64_t n, const int64_t* to, int64_t to_count) {
  return make([&] { return a->movedim(sizes(from, n), sizes(to, to_count)); });
}

TT_API Handle tt_cat(const Handle* tensors, int64_t n, int64_t dim) {
  return make([&] { return at::cat(list(tensors, n), dim); });
}
TT_API Handle tt_stack(const Handle* tensors, int64_t n, int64_t dim) {
  return make([&] { return at::stack(list(tensors, n), dim); });
}
TT_API int32_t tt_unbind(Handle a, int64_t dim, Handle** out, int64_t* count) {
  return make_list(out, count, [&] { return a->unbind(dim); });
}
TT_API int32_t tt_chunk(Handle a, int64_t chunks, int64_t dim, Handle** out, int64_t* count) {
  return make_list(out, count, [&] { return a->chunk(chunks, dim); });
}
TT_API int32_t tt_split(Handle a, int64_t size, int64_t dim, Handle** out, int64_t* count) {
  return make_list(out, count, [&] { return a->split(size, dim); });
}
TT_API int32_t tt_split_sizes(Handle a, const int64_t* size, int64_t n, int64_t dim, Handle** out, int64_t* count) {
  return make_list(out, count, [&] { return a->split_with_sizes(sizes(size, n), dim); });
}
TT_API int32_t tt_where_true(Handle condition, Handle** out, int64_t* count) {
  return make_list(out, count, [&] { return at::where(*condition); });
}

TT_API Handle tt_index_select(Handle a, int64_t dim, Handle index) {
  return make([&] { return a->index_select(dim, *index); });
}
TT_API Handle tt_gather(Handle a, int64_t dim, Handle index) {
  return make([&] { return a->gather(dim, *index); });
}
TT_API Handle tt_take(Handle a, Handle index) {
  return make([&] { return a->take(*index); });
}
TT_API Handle tt_masked_select(Handle a, Handle mask) {
  return make([&] { return a->masked_select(*mask); });
}
TT_API Handle tt_nonzero(Handle a) {
  return make([&] { return a->nonzero(); });
}
TT_API Handle tt_index_add(Handle a, int64_t dim, Handle index, Handle source, Number alpha) {
  return make([&] { return a->index_add(dim, *index, *source, scalar(alpha)); });
}
TT_API int32_t tt_index_add_(Handle a, int64_t dim, Handle index, Handle source, Number alpha) {
  return run([&] { a->index_add_(dim, *index, *source, scalar(alpha)); });
}
TT_API int32_t tt_index_copy_(Handle a, int64_t dim, Handle index, Handle source) {
  return run([&] { a->index_copy_(dim, *index, *source); });
}
TT_API int32_t tt_index_fill_(Handle a, int64_t dim, Handle index, Number value) {
  return run([&] { a->index_fill_(dim, *index, scalar(value)); });
}
TT_API Handle tt_scatter(Handle a, int64_t dim, Handle index, Handle source) {
  return make([&] { return a->scatter(dim, *index, *source); });
}
TT_API int32_t tt_scatter_(Handle a, int64_t dim, Handle index, Handle source) {
  return run([&] { a->scatter_(dim, *index, *source); });
}
TT_API int32_t tt_scatter_add_(Handle a, int64_t dim, Handle index, Handle source) {
  return run([&] { a->scatter_add_(dim, *index, *source); });
}

// One index of a[...]: kind 0 whole number (start), 1 slice (start, stop, step), 2 tensor, 3 ellipsis, 4 new axis, 5 boolean (start).
struct IndexPart {
  int64_t kind;
  int64_t start;
  int64_t stop;
  int64_t step;
  Handle tensor;
};

static std::vector<at::indexing::TensorIndex> index_parts(const IndexPart* parts, int64_t n) {
  std::vector<at::indexing::TensorIndex> result;
  result.reserve(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; i++) {
    const IndexPart& part = parts[i];
    switch (part.kind) {
      case 0: result.emplace_back(part.start); break;
      case 1: result.emplace_back(at::indexing::Slice(part.start, part.stop, part.step)); break;
      case 2: result.emplace_back(*part.tensor); break;
      case 3: result.emplace_back(at::indexing::Ellipsis); break;
      case 4: result.emplace_back(at::indexing::None); break;
      default: result.emplace_back(part.start != 0); break;
    }
  }
  return result;
}

TT_API Handle tt_index(Handle a, const IndexPart* parts, int64_t n) {
  return make([&] { return a->index(index_parts(parts, n)); });
}
TT_API int32_t tt_index_put_(Handle a, const IndexPart* parts, int64_t n, Handle value) {
  return run([&] { a->index_put_(index_parts(parts, n), *value); });
}
TT_API int32_t tt_index_put_number_(Handle a, const IndexPart* parts, int64_t n, Number value) {
  return run([&] { a->index_put_(index_parts(parts, n), scalar(value)); });
}
