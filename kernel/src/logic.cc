// Three-valued logic and choice, and the table of operations.
#include "ops.h"

namespace {

// Negation, and whether something is NULL.
bool notOp(const Call &c, Vec &out) {
  uint8_t *data = makeFlat<uint8_t>(c.arena, c.i.type, c.n, out);
  if (!data) return false;
  const uint8_t *x = c.args[0]->as<uint8_t>();
  for (uint32_t i = 0; i < c.n; i++) data[i] = 1 - x[i];
  out.valid = c.args[0]->valid;
  return true;
}
bool isNullOp(const Call &c, Vec &out) {
  uint8_t *data = makeFlat<uint8_t>(c.arena, c.i.type, c.n, out);
  if (!data) return false;
  const uint8_t *valid = c.args[0]->valid;
  for (uint32_t i = 0; i < c.n; i++) data[i] = valid ? 1 - valid[i] : 0;
  return true;
}

// Values of `yes` where `first` is 1, else of `no`.
bool choose(const Call &c, const uint8_t *first, const Vec &yes, const Vec &no, Vec &out) {
  Vec parts[2], all;
  if (!spread(c.arena, yes, c.n, parts[0]) || !spread(c.arena, no, c.n, parts[1])) return false;
  const Physical p = parts[0].physical();
  if (p == pList) {
    const Vec *both[2] = {&parts[0], &parts[1]};
    uint32_t *index = c.arena.make<uint32_t>(c.n);
    if (!index || !concat(c.arena, both, 2, c.i.type, all)) return false;
    for (uint32_t i = 0; i < c.n; i++) index[i] = first[i] ? i : c.n + i;
    return gather(c.arena, all, index, c.n, out);
  }
  const uint8_t *x = parts[0].valid, *y = parts[1].valid;
  uint8_t *valid = nullptr;
  if (x || y) {
    if (!(valid = c.arena.make<uint8_t>(c.n))) return false;
    for (uint32_t i = 0; i < c.n; i++) valid[i] = first[i] ? (x ? x[i] : 1) : (y ? y[i] : 1);
  }
  return byPhysical(p, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T *data = c.arena.make<T>(c.n);
    if (!data) return false;
    const T *a = parts[0].as<T>(), *b = parts[1].as<T>();
    for (uint32_t i = 0; i < c.n; i++) data[i] = first[i] ? a[i] : b[i];
    out = Vec{c.i.type, c.n, false, valid, data, nullptr};
    return true;
  });
}

bool selectOp(const Call &c, Vec &out) {
  Vec condition;
  uint8_t *first = c.arena.make<uint8_t>(c.n);
  if (!first || !spread(c.arena, *c.args[0], c.n, condition)) return false;
  const uint8_t *x = condition.as<uint8_t>();
  for (uint32_t i = 0; i < c.n; i++) first[i] = x[i] & (condition.valid ? condition.valid[i] : 1);
  return choose(c, first, *c.args[1], *c.args[2], out);
}

bool coalesceOp(const Call &c, Vec &out) {
  Vec rest = *c.args[c.i.nArgs - 1];
  uint8_t *first = c.arena.make<uint8_t>(c.n);
  if (!first) return false;
  for (uint32_t a = c.i.nArgs - 1; a > 0; a--) {
    const Vec &value = *c.args[a - 1];
    if (!c.run.onTime(c.n)) return false;
    for (uint32_t i = 0; i < c.n; i++) first[i] = value.isValid(i);
    Vec made;
    if (!choose(c, first, value, rest, made)) return false;
    rest = made;
  }
  return spread(c.arena, rest, c.n, out);
}

}  // namespace

// n-ary AND or OR: the deciding value wins over NULL, NULL over the other.
bool logicalOp(const Call &c, Vec &out) {
  Vec next;
  uint8_t *data = c.arena.make<uint8_t>(c.n), *valid = nullptr;
  if (!data || !spread(c.arena, *c.args[0], c.n, next)) return false;
  memcpy(data, next.data, c.n);
  if (next.valid) {
    if (!(valid = c.arena.make<uint8_t>(c.n))) return false;
    memcpy(valid, next.valid, c.n);
  }
  const uint8_t flip = c.i.op == oAnd;
  for (uint32_t a = 1; a < c.i.nArgs; a++) {
    if (!c.run.onTime(c.n) || !spread(c.arena, *c.args[a], c.n, next)) return false;
    const uint8_t *x = next.as<uint8_t>(), *k = next.valid;
    if (!valid && !k) {
      if (flip)
        for (uint32_t i = 0; i < c.n; i++) data[i] &= x[i];
      else
        for (uint32_t i = 0; i < c.n; i++) data[i] |= x[i];
      continue;
    }
    if (!valid && !(valid = c.arena.filled<uint8_t>(c.n, 1))) return false;
    if (!k && !(k = c.arena.filled<uint8_t>(c.n, 1))) return false;
    // With `flip`, false decides; without, true does.
    for (uint32_t i = 0; i < c.n; i++) {
      const uint8_t decided = (valid[i] & (data[i] ^ flip)) | (k[i] & (x[i] ^ flip));
      valid[i] = decided | (valid[i] & k[i]);
      data[i] = decided ^ flip;
    }
  }
  out = Vec{c.i.type, c.n, false, valid, data, nullptr};
  return true;
}

bool callOp(const Call &c, Vec &out) {
  switch (c.i.op) {
    case oAnd: case oOr: return logicalOp(c, out);
    case oNot: return notOp(c, out);
    case oIsNull: return isNullOp(c, out);
    case oSelect: return selectOp(c, out);
    case oCoalesce: return coalesceOp(c, out);
    case oIn: return inOp(c, out);
    case oCast: return castOp(c, out);
    case oMakeList: return makeListOp(c, out);
    case oSubscript: return subscriptOp(c, out);
    case oAdd: case oSub: case oMul: case oDiv: case oMod: return arithmeticOp(c, out);
    case oNeg: case oAbs: return signOp(c, out);
    case oBitAnd: case oBitOr: case oBitXor: case oBitNot: return bitwiseOp(c, out);
    case oEq: case oNe: case oLt: case oLe: case oGt: case oGe: return compareOp(c, out);
    case oIsDistinct: case oIsNotDistinct: return distinctOp(c, out);
    case oLeast: case oGreatest: return extremeArgOp(c, out);
    case oLike: case oIlike: case oStartsWith: case oLength: return textOp(c, out);
    default: return mathOp(c, out);
  }
}
