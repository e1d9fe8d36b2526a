// One value in PostgreSQL's text or binary form.
#include "bytes.h"
#include "rows.h"
#include "shortest-float.h"

const char digitPairs[201] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

namespace {

template <class T> T valueAt(const Column &column, uint32_t row) {
  T value;
  __builtin_memcpy(&value, column.values + sizeof(T) * row, sizeof(T));
  return value;
}

uint8_t *putUnsigned(uint8_t *out, uint32_t n) { return putDigits(out, n, digitCount(n)); }

uint8_t *putSigned(uint8_t *out, int32_t n) {
  if (n >= 0) return putUnsigned(out, uint32_t(n));
  *out = '-';
  return putUnsigned(out + 1, 0u - uint32_t(n));
}

uint8_t *putUnsigned64(uint8_t *out, uint64_t n) {
  return Digits(n).put(out);
}

uint8_t *putSigned64(uint8_t *out, int64_t n) {
  if (n >= 0) return putUnsigned64(out, uint64_t(n));
  *out = '-';
  return putUnsigned64(out + 1, 0u - uint64_t(n));
}

uint8_t *putText(uint8_t *out, const char *text) {
  while (*text) *out++ = uint8_t(*text++);
  return out;
}

// With an exponent from 10^beyond on, and below 10^-4.
uint8_t *putDecimal(uint8_t *out, Decimal decimal, int32_t beyond) {
  const Digits digits(decimal.digits);
  const uint32_t count = digits.count;
  const int32_t whole = int32_t(count) + decimal.exponent;  // digits before the point
  if (whole < -3 || whole > beyond) {
    digits.put(out + 1);
    out[0] = out[1];
    out[1] = '.';
    out += count > 1 ? count + 1 : 1;
    *out++ = 'e';
    *out++ = whole > 0 ? '+' : '-';
    const uint32_t size = uint32_t(whole > 0 ? whole - 1 : 1 - whole);
    return putDigits(out, size, size < 100 ? 2 : 3);
  }
  if (whole <= 0) {
    out = putText(out, "0.");
    for (int32_t i = whole; i < 0; i++) *out++ = '0';
    return digits.put(out);
  }
  if (decimal.exponent >= 0) {
    out = digits.put(out);
    for (int32_t i = 0; i < decimal.exponent; i++) *out++ = '0';
    return out;
  }
  uint8_t *end = digits.put(out + 1);
  for (int32_t i = 0; i < whole; i++) out[i] = out[i + 1];
  out[whole] = '.';
  return end;
}

uint8_t *putFloat32(uint8_t *out, uint32_t bits) {
  const uint32_t size = bits & 0x7fffffff;
  if (size > 0x7f800000) return putText(out, "NaN");
  if (bits >> 31) *out++ = '-';
  if (size == 0x7f800000) return putText(out, "Infinity");
  if (size == 0) return putText(out, "0");
  return putDecimal(out, shortestFloat4(size), 6);
}

uint8_t *putFloat64(uint8_t *out, uint64_t bits) {
  const uint64_t size = bits & ~(uint64_t(1) << 63), infinity = uint64_t(0x7ff) << 52;
  if (size > infinity) return putText(out, "NaN");
  if (bits >> 63) *out++ = '-';
  if (size == infinity) return putText(out, "Infinity");
  if (size == 0) return putText(out, "0");
  return putDecimal(out, shortestFloat8(size), 15);
}

uint8_t *putHex(uint8_t *out, const uint8_t *from, uint32_t size) {
  static const char digits[] = "0123456789abcdef";
  out = putText(out, "\\x");
  for (uint32_t i = 0; i < size; i++) {
    *out++ = uint8_t(digits[from[i] >> 4]);
    *out++ = uint8_t(digits[from[i] & 15]);
  }
  return out;
}

uint8_t *putListText(uint8_t *out, const Column &element, uint32_t from, uint32_t to) {
  *out++ = '{';
  for (uint32_t i = from; i < to; i++) {
    if (i > from) *out++ = ',';
    out = element.isNull(i) ? putText(out, "NULL") : putCell(out, element, i);
  }
  *out++ = '}';
  return out;
}

// One dimension that begins at 1, none where there is no element.
uint8_t *putListBinary(uint8_t *out, const Column &column, uint32_t from, uint32_t to) {
  const Column &element = *column.element;
  out = putInt32(out, from < to);
  uint8_t *flag = out;
  out = putInt32(putInt32(out, 0), column.oid);
  if (from == to) return out;
  out = putInt32(putInt32(out, to - from), 1);
  for (uint32_t i = from; i < to; i++) {
    if (element.isNull(i)) {
      putInt32(flag, 1);
      out = putInt32(out, UINT32_MAX);
      continue;
    }
    uint8_t *end = putCell(out + 4, element, i);
    putInt32(out, uint32_t(end - out - 4));
    out = end;
  }
  return out;
}

}  // namespace

uint8_t *putCell(uint8_t *out, const Column &column, uint32_t row) {
  switch (Kind(column.kind)) {
    case nullKind: return out;
    case boolText: *out = Column::bit(column.values, row + column.valueBit) ? 't' : 'f'; return out + 1;
    case boolBinary: *out = Column::bit(column.values, row + column.valueBit); return out + 1;
    case bytesText:
    case bytesBinary:
    case bytesHex: {
      const uint8_t *from = column.values + (column.offsets[row] - column.base);
      const uint32_t size = uint32_t(column.offsets[row + 1] - column.offsets[row]);
      if (column.kind == bytesHex) return putHex(out, from, size);
      if (column.flags & versioned) *out++ = 1;
      return putBytes(out, from, size);
    }
    case int8Text: return putSigned(out, valueAt<int8_t>(column, row));
    case uint8Text: return putUnsigned(out, valueAt<uint8_t>(column, row));
    case int16Text: return putSigned(out, valueAt<int16_t>(column, row));
    case uint16Text: return putUnsigned(out, valueAt<uint16_t>(column, row));
    case int32Text: return putSigned(out, valueAt<int32_t>(column, row));
    case uint32Text: return putUnsigned(out, valueAt<uint32_t>(column, row));
    case int64Text: return putSigned64(out, valueAt<int64_t>(column, row));
    case uint64Text: return putUnsigned64(out, valueAt<uint64_t>(column, row));
    case float32Text: return putFloat32(out, valueAt<uint32_t>(column, row));
    case float64Text: return putFloat64(out, valueAt<uint64_t>(column, row));
    case int8Binary: return putInt16(out, uint32_t(valueAt<int8_t>(column, row)));
    case uint8Binary: return putInt16(out, valueAt<uint8_t>(column, row));
    case int16Binary: return putInt16(out, valueAt<uint16_t>(column, row));
    case uint16Binary: return putInt32(out, valueAt<uint16_t>(column, row));
    case int32Binary: return putInt32(out, valueAt<uint32_t>(column, row));
    case uint32Binary: return putInt64(out, valueAt<uint32_t>(column, row));
    case word64Binary: return putInt64(out, valueAt<uint64_t>(column, row));
    case listText:
    case listBinary: {
      const uint32_t from = uint32_t(column.offsets[row] - column.base), to = uint32_t(column.offsets[row + 1] - column.base);
      return column.kind == listText ? putListText(out, *column.element, from, to) : putListBinary(out, column, from, to);
    }
  }
  return out;
}
