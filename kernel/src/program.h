// A decoded fragment (src/core/fragment/fragment.ts): all its positions are checked, its program is typed.
#pragma once
#include "types.h"
#include "vec.h"

// Position is the code (src/core/fragment/opcodes.ts).
enum Op : uint8_t {
  oConstant, oColumn, oEntry, oFile, oFileOrdinal, oEnter, oElements, oWhere, oBring, oMerge, oCollect, oAnd, oOr, oNot, oIsNull, oSelect,
  oCoalesce, oIn, oCast, oMakeList, oMakeStruct, oField, oSubscript, oAdd, oSub, oMul, oDiv, oMod, oNeg, oAbs, oBitAnd, oBitOr, oBitXor,
  oBitNot, oEq, oNe, oLt, oLe, oGt, oGe, oIsDistinct, oIsNotDistinct, oLeast, oGreatest, oIsNan, oIsInf, oIsFinite, oSqrt, oCbrt, oExp,
  oLn, oLog10, oLog2, oSin, oCos, oTan, oAsin, oAcos, oAtan, oSinh, oCosh, oTanh, oAsinh, oAcosh, oAtanh, oFloor, oCeil, oRound, oTrunc,
  oSign, oDegrees, oRadians, oPow, oAtan2, oHypot, oLike, oIlike, oStartsWith, oLength, oListAny, oListAll, oListCount, oListLen,
  oListSum, oListProduct, oListAvg, oListMin, oListMax, oListArgmin, oListArgmax, oEnterPadded, oOrdinal,
};
inline bool isEnter(uint8_t op) { return op == oEnter || op == oEnterPadded; }
inline bool makesFrame(uint8_t op) { return isEnter(op) || op == oWhere; }
inline bool isReduction(uint8_t op) { return op >= oListAny && op <= oListArgmax; }

constexpr uint32_t constantFrame = 0xffffffff;
constexpr uint32_t none = 0xffffffff;
constexpr uint32_t maxRows = 0x7fffffff;

struct Instruction {
  uint8_t op;
  const Type *type;
  uint32_t frame, nArgs;
  uint32_t *args;
  // `column`: its position; `where`: the mode; `cast`: the flags.
  uint32_t immediate;
  // `constant`: its value; `in`: the values, ascending, without NULLs.
  const Vec *values;
  bool nullAmong;
};
enum { whereTrue, whereNotTrue, whereNotFalse, whereNull };
enum { castExplicit = 1, castAttempt = 2 };

struct FrameInfo {
  uint32_t parent;
  // The instruction that makes the frame.
  uint32_t maker;
};
struct Section {
  Instruction *code = nullptr;
  uint32_t n = 0, nFrames = 1, frame = 0;
  FrameInfo *frames = nullptr;
};

struct Buffer {
  uint64_t offset, length;
  uint32_t checksum;
  uint8_t *bytes;
};
struct Column {
  const Type *type;
  uint32_t nBuffers;
  Buffer *buffers;
  bool wanted, loaded;
};

enum Output : uint8_t { outRows, outTop, outAggregate };
struct SortKey {
  uint32_t reg;
  bool descending, nullsFirst;
};
enum AggregateOp : uint8_t { aCountStar, aCount, aSum, aAvg, aMin, aMax, aBoolAnd, aBoolOr, aHist };
struct Aggregate {
  AggregateOp op;
  // `none` where there is none.
  uint32_t arg, filter;
  double low, high;
  uint32_t bins;
};
constexpr uint32_t maxBins = 1000000;

struct Fragment {
  uint64_t budgetRows = 0, budgetBytes = 0, rows = 0, firstEntry = 0;
  uint32_t budgetMillis = 0, fileOrdinal = 0;
  Slice file{};
  uint32_t nColumns = 0;
  Column *columns = nullptr;
  bool hasFilter = false;
  Section filter, main;
  Output output = outRows;
  uint32_t nRegisters = 0;  // of `rows` and `top_n`; of `aggregate`, the groups
  uint32_t *registers = nullptr;
  uint32_t limit = none;
  uint32_t nKeys = 0, nAggregates = 0;
  SortKey *keys = nullptr;
  Aggregate *aggregates = nullptr;
};

// The reason why the fragment cannot run here (malformed, or something this kernel lacks), or null.
const char *decodeFragment(const uint8_t *bytes, size_t size, Arena &arena, Fragment &out);
// Whether the operation takes its arguments' types (opcodes.ts).
bool acceptsTypes(const Instruction &instruction, const Section &section);
