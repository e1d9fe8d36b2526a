// Rows of Arrow columns as messages of the wire, or as lines of COPY: cell after cell, straight from the columns' buffers.
#include "rows.h"
#include "bytes.h"

namespace {

bool isAmong(uint8_t c, const char *characters) {
  for (; *characters; characters++)
    if (c == uint8_t(*characters)) return true;
  return false;
}

// A mask of the 16 bytes that lie before `end`.
uint32_t before(const uint8_t *at, const uint8_t *end) { return end - at < 16 ? (1u << (end - at)) - 1 : UINT32_MAX; }

// Lines of COPY in text and CSV: what cells hold must not be taken for what separates them.
class Escaping {
 public:
  bool hasZero = false;

  explicit Escaping(const Request &request) : request(request), isCsv(request.layout == copyCsv) {
    const uint8_t other = isCsv ? request.quote : '\\';
    delimiters = wasm_i8x16_splat(int8_t(request.delimiter));
    others = wasm_i8x16_splat(int8_t(other));
    if (isCsv) {
      special[request.delimiter] = special[other] = special[uint8_t('\n')] = special[uint8_t('\r')] = 1;
    } else {
      for (const char *pair = "\bb\tt\nn\vv\ff\rr"; *pair; pair += 2) special[uint8_t(pair[0])] = uint8_t(pair[1]);
      special[other] = other;
      if (!special[request.delimiter]) special[request.delimiter] = request.delimiter;
    }
    const auto clash = [&](const char *characters) {
      return isAmong(request.delimiter, characters) || isAmong(other, characters) || (isCsv && request.nullSize > 0);
    };
    numbersClash = clash("0123456789+-.eNaIfinityt");
    listsClash = numbersClash || isCsv || clash("{},NUL");
  }

  bool isNeeded(uint32_t kind) const {
    return kind == bytesText || kind == bytesHex || (kind == listText ? listsClash : numbersClash);
  }

  // Of a cell that was written as it is; its new end.
  uint8_t *operator()(uint8_t *start, uint8_t *end, uint32_t flags) {
    if (isCsv ? !needsQuotes(start, end, flags) : !isSuspicious(start, end)) return end;
    uint32_t count = 0;
    for (const uint8_t *at = start; at < end; at++) {
      count += isCsv ? *at == request.quote || *at == request.escape : special[*at] != 0;
      hasZero |= *at == 0;
    }
    // From behind, so that the bytes need no other place.
    uint8_t *done = end + count + (isCsv ? 2 : 0), *to = done;
    if (isCsv) *--to = request.quote;
    for (const uint8_t *at = end; at-- > start;) {
      const uint8_t byte = *at;
      if (isCsv) {
        *--to = byte;
        if (byte == request.quote || byte == request.escape) *--to = request.escape;
      } else if (special[byte]) {
        *--to = special[byte];
        *--to = '\\';
      } else *--to = byte;
    }
    if (isCsv) *--to = request.quote;
    return done;
  }

 private:
  const Request &request;
  const bool isCsv;
  // Letters that text format writes behind a backslash; for CSV what makes quotes necessary.
  uint8_t special[256] = {};
  v128_t delimiters, others;
  bool numbersClash, listsClash;

  // Whether a control character, the delimiter, or a quote (a backslash) is there.
  bool isSuspicious(const uint8_t *at, const uint8_t *end) const {
    const v128_t blank = wasm_u8x16_splat(' ');
    for (; at < end; at += 16) {
      const v128_t bytes = wasm_v128_load(at);
      const v128_t found = wasm_v128_or(wasm_u8x16_lt(bytes, blank),
                                        wasm_v128_or(wasm_i8x16_eq(bytes, delimiters), wasm_i8x16_eq(bytes, others)));
      if (wasm_i8x16_bitmask(found) & before(at, end)) return true;
    }
    return false;
  }

  // It may be taken for a NULL too, or for the end of the data.
  bool needsQuotes(const uint8_t *start, const uint8_t *end, uint32_t flags) {
    bool found = flags & forceQuote;
    if (isSuspicious(start, end))
      for (const uint8_t *at = start; at < end; at++) {
        found |= special[*at] != 0;
        hasZero |= *at == 0;
      }
    return found || is(start, end, request.nullText, request.nullSize) ||
           (request.columnCount == 1 && is(start, end, reinterpret_cast<const uint8_t *>("\\."), 2));
  }

  static bool is(const uint8_t *start, const uint8_t *end, const uint8_t *text, uint32_t size) {
    if (uint32_t(end - start) != size) return false;
    for (uint32_t i = 0; i < size; i++)
      if (start[i] != text[i]) return false;
    return true;
  }
};

bool hasZero(const uint8_t *at, const uint8_t *end) {
  const v128_t zero = wasm_i8x16_splat(0);
  for (; at < end; at += 16)
    if (wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(at), zero)) & before(at, end)) return true;
  return false;
}

uint8_t *encodeLines(const Request &request) {
  Escaping escape(request);
  uint8_t *out = request.out;
  for (uint32_t row = 0; row < request.rows; row++) {
    uint8_t *start = out;
    if (request.framed) out += 5;
    for (uint32_t c = 0; c < request.columnCount; c++) {
      if (c > 0) *out++ = request.delimiter;
      const Column &column = request.columns[c];
      if (column.isNull(row) || column.kind == nullKind) {
        out = putBytes(out, request.nullText, request.nullSize);
        continue;
      }
      uint8_t *end = putCell(out, column, row);
      out = column.flags & forceQuote || escape.isNeeded(column.kind) ? escape(out, end, column.flags) : end;
    }
    *out++ = '\n';
    if (request.framed) {
      *start = 'd';
      putInt32(start + 1, uint32_t(out - start - 1));
    }
  }
  return escape.hasZero ? nullptr : out;
}

uint8_t *encodeMessages(const Request &request) {
  uint8_t *out = request.out;
  for (uint32_t row = 0; row < request.rows; row++) {
    uint8_t *start = out;
    if (request.framed) out += 5;
    out = putInt16(out, request.columnCount);
    for (uint32_t c = 0; c < request.columnCount; c++) {
      const Column &column = request.columns[c];
      if (column.isNull(row) || column.kind == nullKind) {
        out = putInt32(out, UINT32_MAX);
        continue;
      }
      uint8_t *end = putCell(out + 4, column, row);
      if (column.kind == bytesText && hasZero(out + 4, end)) return nullptr;
      putInt32(out, uint32_t(end - out - 4));
      out = end;
    }
    if (request.framed) {
      *start = request.layout == dataRow ? 'D' : 'd';
      putInt32(start + 1, uint32_t(out - start - 1));
    }
  }
  return out;
}

}  // namespace

extern "C" uint8_t __heap_base;

const uint8_t *freeMemory() { return &__heap_base; }

const uint8_t *encodeRows(const Request *request) {
  const bool lines = request->layout == copyText || request->layout == copyCsv;
  return lines ? encodeLines(*request) : encodeMessages(*request);
}
