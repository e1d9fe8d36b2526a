// What the caller lays out in memory: rows of Arrow columns, and how they are to be written. `src/session/cells/row-kernel.ts` writes it.
#pragma once
#include <stdint.h>

// The numbers are those of row-kernel.ts.
enum Kind : uint32_t {
  nullKind = 0,
  boolText = 1,
  boolBinary = 2,
  bytesText = 3,    // UTF-8, as it is
  bytesBinary = 4,  // any bytes, as they are
  bytesHex = 5,     // \x00ff
  int8Text = 6,
  uint8Text = 7,
  int16Text = 8,
  uint16Text = 9,
  int32Text = 10,
  uint32Text = 11,
  int64Text = 12,
  uint64Text = 13,
  float32Text = 14,
  float64Text = 15,
  int8Binary = 16,  // as two bytes
  uint8Binary = 17,
  int16Binary = 18,
  uint16Binary = 19,  // as four bytes
  int32Binary = 20,
  uint32Binary = 21,  // as eight bytes
  word64Binary = 22,
  listText = 23,
  listBinary = 24,
};

struct Column {
  uint32_t kind;
  const uint8_t *values;    // of the first row, or of what is at `base`
  const int32_t *offsets;   // of bytes and lists, one more than rows
  int32_t base;             // the offset that `values` begin at
  const uint8_t *validity;  // a bit for each row; null where no row is NULL
  uint32_t validityBit;     // of the first row
  uint32_t valueBit;        // of the first row's truth value
  const Column *element;    // of lists
  uint32_t flags;           // `forceQuote`, `versioned`
  uint32_t oid;             // of a list's elements

  bool isNull(uint32_t row) const { return validity && !bit(validity, row + validityBit); }
  static bool bit(const uint8_t *bits, uint32_t i) { return bits[i >> 3] >> (i & 7) & 1; }
};

enum : uint32_t {
  forceQuote = 1,
  versioned = 2,  // jsonb's binary form begins with its version
};

enum Layout : uint32_t { dataRow = 0, copyText = 1, copyCsv = 2, copyBinary = 3 };

struct Request {
  uint32_t layout;
  uint32_t framed;  // each row of a COPY is a CopyData message
  uint32_t rows;
  uint32_t columnCount;
  const Column *columns;
  uint8_t *out;
  const uint8_t *nullText;
  uint32_t nullSize;
  uint8_t delimiter, quote, escape, unused;
};

// The end of what was written at `out`; null where a text holds a zero byte.
extern "C" __attribute__((export_name("rows_encode"))) const uint8_t *encodeRows(const Request *request);
extern "C" __attribute__((export_name("rows_memory"))) const uint8_t *freeMemory();

// The cell without its length word; its end.
uint8_t *putCell(uint8_t *out, const Column &column, uint32_t row);
