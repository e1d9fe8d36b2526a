// What each operation takes and gives (the rules of src/core/fragment/opcodes.ts), less what this kernel lacks: structs, hypot, casts to
// texts of limited length.
#include "program.h"

namespace {

int rank(uint8_t k) { return k == kInt2 ? 0 : k == kInt4 ? 1 : k == kInt8 ? 2 : k == kFloat4 ? 3 : 4; }

bool castable(const Type *from, const Type *to) {
  if (from->kind == kList) return to->kind == kList && castable(from->element, to->element);
  if (sameType(from, to)) return from->length == noLength;
  const uint8_t f = from->kind, t = to->kind;
  if (isText(f)) return t == kText;
  if (isStoredInteger(f)) {
    if (t == kNumeric) return to->scale == 0;
    return isStoredInteger(t) || isFloat(t) || (t == kBool && f == kInt4);
  }
  if (isFloat(f)) return isFloat(t) || isInteger(t);
  if (f == kBool) return t == kInt4;
  return f == kDate && t == kTimestamp;
}

struct Rule {
  const Instruction &i;
  const Section &s;

  const Type *arg(uint32_t a) const { return s.code[i.args[a]].type; }
  uint8_t kind(uint32_t a) const { return arg(a)->kind; }
  bool gives(uint8_t k) const { return i.type->kind == k; }
  template <class Test> bool takes(uint32_t n, Test test) const {
    if (i.nArgs != n) return false;
    return all(test);
  }
  template <class Test> bool all(Test test) const {
    for (uint32_t a = 0; a < i.nArgs; a++)
      if (!test(arg(a))) return false;
    return true;
  }
  bool allLikeResult() const {
    return i.nArgs > 0 && all([&](const Type *t) { return sameType(t, i.type); });
  }
  // Both integers or both floats, the result the wider of the two.
  bool arithmetic(uint32_t n, bool integersOnly) const {
    int widest = 0;
    bool fits = takes(n, [&](const Type *t) {
      widest = most(widest, rank(t->kind));
      return isInteger(t->kind) ? isInteger(i.type->kind) : !integersOnly && isFloat(t->kind) && isFloat(i.type->kind);
    });
    return fits && widest == rank(i.type->kind);
  }
  bool bools(uint32_t n) const {
    return gives(kBool) && takes(n, [](const Type *t) { return t->kind == kBool; });
  }
  bool float8(uint32_t n) const {
    return gives(kFloat8) && takes(n, [](const Type *t) { return t->kind == kFloat8; });
  }
  bool texts(uint32_t n) const {
    return takes(n, [](const Type *t) { return isText(t->kind); });
  }
  bool one(bool fits) const { return i.nArgs == 1 && fits; }
};

}  // namespace

bool acceptsTypes(const Instruction &i, const Section &s) {
  const Rule r{i, s};
  switch (i.op) {
    case oConstant: case oColumn: return i.nArgs == 0;
    case oEntry: case oOrdinal: return i.nArgs == 0 && r.gives(kInt8);
    case oFile: return i.nArgs == 0 && r.gives(kText);
    case oFileOrdinal: return i.nArgs == 0 && r.gives(kInt4);
    case oEnter: case oEnterPadded:
      return i.nArgs > 0 && r.gives(kBool) && r.all([](const Type *t) { return t->kind == kList; });
    case oElements: return i.nArgs == 1 && r.kind(0) == kList && sameType(r.arg(0)->element, i.type);
    case oBring: return i.nArgs == 1 && r.allLikeResult();
    case oMerge: case oCoalesce: return r.allLikeResult();
    case oCollect: return i.nArgs == 1 && r.gives(kList) && sameType(r.arg(0), i.type->element);
    case oAnd: case oOr: return i.nArgs > 0 && r.bools(i.nArgs);
    case oWhere: case oNot: case oListAny: case oListAll: return r.bools(1);
    case oIsNull: return i.nArgs == 1 && r.gives(kBool);
    case oSelect: return i.nArgs == 3 && r.kind(0) == kBool && sameType(r.arg(1), i.type) && sameType(r.arg(2), i.type);
    case oIn: return i.nArgs == 1 && r.gives(kBool) && ordered(r.arg(0));
    case oCast: return i.nArgs == 1 && castable(r.arg(0), i.type);
    case oMakeList:
      return r.gives(kList) && r.all([&](const Type *t) { return sameType(t, i.type->element); });
    case oSubscript: return i.nArgs == 2 && r.kind(0) == kList && sameType(r.arg(0)->element, i.type) && isInteger(r.kind(1));
    case oAdd: case oSub: case oMul: case oDiv: return r.arithmetic(2, false);
    case oMod: case oBitAnd: case oBitOr: case oBitXor: return r.arithmetic(2, true);
    case oNeg: case oAbs: return r.arithmetic(1, false);
    case oBitNot: return r.arithmetic(1, true);
    case oEq: case oNe: case oLt: case oLe: case oGt: case oGe: case oIsDistinct: case oIsNotDistinct:
      return i.nArgs == 2 && r.gives(kBool) && comparable(r.arg(0), r.arg(1));
    case oLeast: case oGreatest: return r.allLikeResult() && ordered(i.type);
    case oIsNan: case oIsInf: case oIsFinite: return i.nArgs == 1 && r.gives(kBool) && isFloat(r.kind(0));
    case oPow: case oAtan2: return r.float8(2);
    case oLike: case oIlike: case oStartsWith: return r.gives(kBool) && r.texts(2);
    case oLength: return r.gives(kInt4) && r.texts(1);
    case oListCount: case oListLen: return r.one(isInteger(i.type->kind));
    // Other sums of integers wrap around.
    case oListSum: return i.nArgs == 1 && (isInteger(r.kind(0)) ? r.gives(kInt8) : isFloat(r.kind(0)) && isFloat(i.type->kind));
    case oListProduct: case oListAvg: return i.nArgs == 1 && isNumber(r.kind(0)) && r.gives(kFloat8);
    case oListMin: case oListMax: return i.nArgs == 1 && r.allLikeResult() && ordered(i.type);
    case oListArgmin: case oListArgmax: return i.nArgs == 1 && ordered(r.arg(0)) && isInteger(i.type->kind);
    case oMakeStruct: case oField: case oHypot: return false;
    default: return i.op >= oSqrt && i.op <= oRadians && r.float8(1);
  }
}
