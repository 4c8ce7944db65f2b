#include "shim.h"

using namespace tt;

#define TT_UNARY(name) \
  TT_API Handle tt_##name(Handle a) { return make([&] { return a->name(); }); }
#define TT_UNARY_IN_PLACE(name) \
  TT_API int32_t tt_##name(Handle a) { return run([&] { a->name(); }); }
#define TT_BINARY(name) \
  TT_API Handle tt_##name(Handle a, Handle b) { return make([&] { return a->name(*b); }); }
#define TT_BINARY_IN_PLACE(name) \
  TT_API int32_t tt_##name(Handle a, Handle b) { return run([&] { a->name(*b); }); }
#define TT_NUMBER(name) \
  TT_API Handle tt_##name##_number(Handle a, Number b) { return make([&] { return a->name(scalar(b)); }); }
#define TT_NUMBER_IN_PLACE(name) \
  TT_API int32_t tt_##name##_number(Handle a, Number b) { return run([&] { a->name(scalar(b)); }); }
#define TT_BOTH(name) TT_BINARY(name) TT_NUMBER(name)
#define TT_BOTH_IN_PLACE(name) TT_BINARY_IN_PLACE(name) TT_NUMBER_IN_PLACE(name)

TT_UNARY(abs) TT_UNARY(ceil) TT_UNARY(exp) TT_UNARY(floor) TT_UNARY(log) TT_UNARY(neg) TT_UNARY(reciprocal)
TT_UNARY(relu) TT_UNARY(round) TT_UNARY(rsqrt) TT_UNARY(sigmoid) TT_UNARY(sign) TT_UNARY(sqrt) TT_UNARY(square)
TT_UNARY(tanh) TT_UNARY(isfinite) TT_UNARY(isinf) TT_UNARY(isnan) TT_UNARY(logical_not)

TT_UNARY_IN_PLACE(abs_) TT_UNARY_IN_PLACE(exp_) TT_UNARY_IN_PLACE(log_) TT_UNARY_IN_PLACE(neg_)
TT_UNARY_IN_PLACE(relu_) TT_UNARY_IN_PLACE(sqrt_) TT_UNARY_IN_PLACE(zero_)

TT_BOTH(mul) TT_BOTH(div) TT_BOTH(remainder) TT_BOTH(eq) TT_BOTH(ne) TT_BOTH(lt) TT_BOTH(le) TT_BOTH(gt) TT_BOTH(ge)
TT_BOTH(pow)
TT_BOTH_IN_PLACE(mul_) TT_BOTH_IN_PLACE(div_) TT_BOTH_IN_PLACE(eq_) TT_BOTH_IN_PLACE(pow_) TT_BOTH_IN_PLACE(fill_)

TT_BINARY(maximum) TT_BINARY(minimum) TT_BINARY(outer) TT_BINARY(matmul) TT_BINARY(mm) TT_BINARY(bmm) TT_BINARY(dot)

// The two rounding modes of integer-like division: trunc (1) and floor (2).
static const char* rounding(int32_t mode) { return mode == 1 ? "trunc" : "floor"; }

TT_API Handle tt_div_rounded(Handle a, Handle b, int32_t mode) {
  return make([&] { return a->div(*b, rounding(mode)); });
}
TT_API Handle tt_div_rounded_number(Handle a, Number b, int32_t mode) {
  return make([&] { return a->div(scalar(b), rounding(mode)); });
}
TT_API int32_t tt_div_rounded_(Handle a, Handle b, int32_t mode) {
  return run([&] { a->div_(*b, rounding(mode)); });
}
TT_API int32_t tt_div_rounded_number_(Handle a, Number b, int32_t mode) {
  return run([&] { a->div_(scalar(b), rounding(mode)); });
}

TT_API Handle tt_add(Handle a, Handle b, Number alpha) {
  return make([&] { return a->add(*b, scalar(alpha)); });
}
TT_API Handle tt_add_number(Handle a, Number b, Number alpha) {
  return make([&] { return a->add(scalar(b), scalar(alpha)); });
}
TT_API int32_t tt_add_(Handle a, Handle b, Number alpha) {
  return run([&] { a->add_(*b, scalar(alpha)); });
}
TT_API int32_t tt_add_number_(Handle a, Number b, Number alpha) {
  return run([&] { a->add_(scalar(b), scalar(alpha)); });
}
TT_API Handle tt_sub(Handle a, Handle b) {
  return make([&] { return a->sub(*b); });
}
TT_API Handle tt_sub_number(Handle a, Number b) {
  return make([&] { return a->sub(scalar(b)); });
}
TT_API Handle tt_rsub_number(Number a, Handle b) {
  return make([&] { return at::rsub(*b, scalar(a)); });
}
TT_API Handle tt_rdiv_number(Number a, Handle b) {
  return make([&] { return b->reciprocal().mul(scalar(a)); });
}
TT_API int32_t tt_sub_(Handle a, Handle b) {
  return run([&] { a->sub_(*b); });
}
TT_API int32_t tt_sub_number_(Handle a, Number b) {
  return run([&] { a->sub_(scalar(b)); });
}

TT_API Handle tt_addcmul(Handle a, Handle b, Handle c, Number value) {
  return make([&] { return a->addcmul(*b, *c, scalar(value)); });
}
TT_API int32_t tt_addcmul_(Handle a, Handle b, Handle c, Number value) {
  return run([&] { a->addcmul_(*b, *c, scalar(value)); });
}
TT_API Handle tt_addcdiv(Handle a, Handle b, Handle c, Number value) {
  return make([&] { return a->addcdiv(*b, *c, scalar(value)); });
}
TT_API int32_t tt_addcdiv_(Handle a, Handle b, Handle c, Number value) {
  return run([&] { a->addcdiv_(*b, *c, scalar(value)); });
}
TT_API Handle tt_addmm(Handle a, Handle b, Handle c, Number beta, Number alpha) {
  return make([&] { return a->addmm(*b, *c, scalar(beta), scalar(alpha)); });
}
TT_API Handle tt_lerp(Handle a, Handle end, Handle weight) {
  return make([&] { return a->lerp(*end, *weight); });
}
TT_API int32_t tt_lerp_(Handle a, Handle end, Handle weight) {
  return run([&] { a->lerp_(*end, *weight); });
}
TT_API Handle tt_clamp(Handle a, Number low, Number high) {
  return make([&] { return a->clamp(optional_scalar(low), optional_scalar(high)); });
}
TT_API int32_t tt_clamp_(Handle a, Number low, Number high) {
  return run([&] { a->clamp_(optional_scalar(low), optional_scalar(high)); });
}
TT_API Handle tt_clamp_tensor(Handle a, Handle low, Handle high) {
  return make([&] { return a->clamp(or_none(low), or_none(high)); });
}
TT_API int32_t tt_clamp_tensor_(Handle a, Handle low, Handle high) {
  return run([&] { a->clamp_(or_none(low), or_none(high)); });
}
TT_API Handle tt_masked_fill(Handle a, Handle mask, Number value) {
  return make([&] { return a->masked_fill(*mask, scalar(value)); });
}
TT_API int32_t tt_masked_fill_(Handle a, Handle mask, Number value) {
  return run([&] { a->masked_fill_(*mask, scalar(value)); });
}
TT_API Handle tt_where(Handle condition, Handle x, Handle y) {
  return make([&] { return at::where(*condition, *x, *y); });
}
TT_API Handle tt_softmax(Handle a, int64_t dim, int32_t dtype) {
  return make([&] { return a->softmax(dim, dtype_or_none(dtype)); });
}
TT_API Handle tt_log_softmax(Handle a, int64_t dim, int32_t dtype) {
  return make([&] { return a->log_softmax(dim, dtype_or_none(dtype)); });
}
TT_API int32_t tt_allclose(Handle a, Handle b, double rtol, double atol, int32_t equal_nan, int32_t* out) {
  return run([&] { *out = at::allclose(*a, *b, rtol, atol, equal_nan != 0); });
}
TT_API int32_t tt_equal(Handle a, Handle b, int32_t* out) {
  return run([&] { *out = at::equal(*a, *b); });
}
