#include "shim.h"

using namespace tt;

TT_API Handle tt_sum(Handle a, int32_t dtype) {
  return make([&] { return a->sum(dtype_or_none(dtype)); });
}
TT_API Handle tt_sum_dims(Handle a, const int64_t* dims, int64_t n, int32_t keep, int32_t dtype) {
  return make([&] { return a->sum(sizes(dims, n), keep != 0, dtype_or_none(dtype)); });
}
TT_API Handle tt_mean(Handle a) {
  return make([&] { return a->mean(); });
}
TT_API Handle tt_mean_dims(Handle a, const int64_t* dims, int64_t n, int32_t keep, int32_t dtype) {
  return make([&] { return a->mean(sizes(dims, n), keep != 0, dtype_or_none(dtype)); });
}
TT_API Handle tt_prod(Handle a, int32_t dtype) {
  return make([&] { return a->prod(dtype_or_none(dtype)); });
}
TT_API Handle tt_norm(Handle a, double p) {
  return make([&] { return a->norm(at::Scalar(p)); });
}
TT_API Handle tt_norm_dim(Handle a, int64_t dim, int32_t keep, double p) {
  return make([&] { return a->norm(at::Scalar(p), {dim}, keep != 0); });
}
TT_API Handle tt_vector_norm(Handle a, double order, const int64_t* dims, int64_t n, int32_t keep) {
  return make([&] {
    return dims ? at::linalg_vector_norm(*a, order, sizes(dims, n), keep != 0)
                : at::linalg_vector_norm(*a, order, at::OptionalIntArrayRef(), keep != 0);
  });
}
TT_API Handle tt_var(Handle a, int32_t unbiased) {
  return make([&] { return a->var(unbiased != 0); });
}
TT_API Handle tt_var_dims(Handle a, const int64_t* dims, int64_t n, int32_t unbiased, int32_t keep) {
  return make([&] { return a->var(sizes(dims, n), unbiased != 0, keep != 0); });
}
TT_API Handle tt_std(Handle a, int32_t unbiased) {
  return make([&] { return a->std(unbiased != 0); });
}
TT_API Handle tt_std_dims(Handle a, const int64_t* dims, int64_t n, int32_t unbiased, int32_t keep) {
  return make([&] { return a->std(sizes(dims, n), unbiased != 0, keep != 0); });
}
TT_API int32_t tt_var_mean_dims(Handle a, const int64_t* dims, int64_t n, int32_t unbiased, int32_t keep, Handle* var,
                                Handle* mean) {
  return run([&] { hand_over(at::var_mean(*a, sizes(dims, n), unbiased != 0, keep != 0), var, mean); });
}

TT_API Handle tt_max(Handle a) {
  return make([&] { return a->max(); });
}
TT_API Handle tt_min(Handle a) {
  return make([&] { return a->min(); });
}
TT_API int32_t tt_max_dim(Handle a, int64_t dim, int32_t keep, Handle* values, Handle* indexes) {
  return run([&] { hand_over(a->max(dim, keep != 0), values, indexes); });
}
TT_API int32_t tt_min_dim(Handle a, int64_t dim, int32_t keep, Handle* values, Handle* indexes) {
  return run([&] { hand_over(a->min(dim, keep != 0), values, indexes); });
}
TT_API Handle tt_amax(Handle a, const int64_t* dims, int64_t n, int32_t keep) {
  return make([&] { return a->amax(sizes(dims, n), keep != 0); });
}
TT_API Handle tt_amin(Handle a, const int64_t* dims, int64_t n, int32_t keep) {
  return make([&] { return a->amin(sizes(dims, n), keep != 0); });
}
TT_API Handle tt_argmax(Handle a) {
  return make([&] { return a->argmax(); });
}
TT_API Handle tt_argmax_dim(Handle a, int64_t dim, int32_t keep) {
  return make([&] { return a->argmax(dim, keep != 0); });
}
TT_API Handle tt_argmin(Handle a) {
  return make([&] { return a->argmin(); });
}
TT_API Handle tt_argmin_dim(Handle a, int64_t dim, int32_t keep) {
  return make([&] { return a->argmin(dim, keep != 0); });
}
TT_API Handle tt_argsort(Handle a, int64_t dim, int32_t descending) {
  return make([&] { return a->argsort(dim, descending != 0); });
}
TT_API int32_t tt_topk(Handle a, int64_t k, int64_t dim, int32_t largest, int32_t sorted, Handle* values, Handle* indexes) {
  return run([&] { hand_over(a->topk(k, dim, largest != 0, sorted != 0), values, indexes); });
}
TT_API int32_t tt_sort(Handle a, int64_t dim, int32_t descending, int32_t stable, Handle* values, Handle* indexes) {
  return run([&] {
    hand_over(at::sort(*a, optional<bool>(stable != 0), dim, descending != 0), values, indexes);
  });
}
TT_API Handle tt_all(Handle a) {
  return make([&] { return a->all(); });
}
TT_API Handle tt_any(Handle a) {
  return make([&] { return a->any(); });
}
TT_API Handle tt_all_dim(Handle a, int64_t dim, int32_t keep) {
  return make([&] { return a->all(dim, keep != 0); });
}
TT_API Handle tt_any_dim(Handle a, int64_t dim, int32_t keep) {
  return make([&] { return a->any(dim, keep != 0); });
}
TT_API Handle tt_count_nonzero(Handle a, const int64_t* dims, int64_t n) {
  return make([&] { return dims ? a->count_nonzero(sizes(dims, n)) : a->count_nonzero(optional<int64_t>()); });
}
TT_API Handle tt_cumsum(Handle a, int64_t dim, int32_t dtype) {
  return make([&] { return a->cumsum(dim, dtype_or_none(dtype)); });
}
TT_API Handle tt_logsumexp(Handle a, int64_t dim, int32_t keep) {
  return make([&] { return a->logsumexp({dim}, keep != 0); });
}
TT_API Handle tt_bincount(Handle a, Handle weights, int64_t minlength) {
  return make([&] { return at::bincount(*a, or_none(weights), minlength); });
}
TT_API Handle tt_histc(Handle a, int64_t bins, int64_t low, int64_t high) {
  return make([&] { return at::histc(*a, bins, low, high); });
}
