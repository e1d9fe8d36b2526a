// Texts: LIKE, prefixes, lengths. By bytes of UTF-8, `_` and lengths by code points.
#include "ops.h"

namespace {

inline bool continues(uint8_t c) { return (c & 0xc0) == 0x80; }
// Bytes of the code point at `at`.
inline uint32_t pointAt(const Slice &s, uint32_t at) {
  uint32_t n = 1;
  while (at + n < s.size && continues(s.at[at + n])) n++;
  return n;
}
inline uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
bool isAscii(const Slice &s) {
  uint8_t high = 0;
  for (uint32_t i = 0; i < s.size; i++) high |= s.at[i];
  return high < 0x80;
}

// A pattern without its escapes: bytes, `%` (any text) and `_` (any code point).
enum PatternKind : uint8_t { literal, anyText, anyPoint };
struct Pattern {
  uint8_t *bytes;
  uint8_t *kinds;
  uint32_t n;
  // One run of bytes, with `%` before or after it at most.
  bool simple, open, closed;
};

bool compile(Run &run, Arena &arena, const Slice &text, bool fold, Pattern &p) {
  p = Pattern{arena.make<uint8_t>(text.size), arena.make<uint8_t>(text.size), 0, true, false, false};
  if (!p.bytes || !p.kinds) return false;
  for (uint32_t i = 0; i < text.size; i++) {
    uint8_t c = text.at[i];
    PatternKind kind = c == '%' ? anyText : c == '_' ? anyPoint : literal;
    if (c == '\\') {
      if (++i == text.size) return run.raise("22025", "LIKE pattern must not end with escape character");
      c = text.at[i];
    }
    // Two `%` are one.
    if (kind == anyText && p.n > 0 && p.kinds[p.n - 1] == anyText) continue;
    p.bytes[p.n] = fold ? lower(c) : c;
    p.kinds[p.n++] = kind;
  }
  p.open = p.n > 0 && p.kinds[0] == anyText;
  p.closed = p.n > 0 && p.kinds[p.n - 1] == anyText;
  for (uint32_t i = 0; i < p.n; i++) p.simple &= p.kinds[i] == literal || (p.kinds[i] == anyText && (i == 0 || i + 1 == p.n));
  return true;
}

bool contains(const Slice &text, const uint8_t *part, uint32_t n) {
  if (n == 0) return true;
  for (uint32_t at = 0; at + n <= text.size;) {
    const void *found = memchr(text.at + at, part[0], text.size - n + 1 - at);
    if (!found) return false;
    at = uint32_t(static_cast<const uint8_t *>(found) - text.at);
    if (memcmp(text.at + at, part, n) == 0) return true;
    at++;
  }
  return false;
}

// On a mismatch the last `%` takes one code point more.
bool matches(Run &run, const Slice &text, const Pattern &p, bool fold) {
  uint32_t t = 0, k = 0, back = none, from = 0, steps = 0;
  for (;;) {
    if ((++steps & 0xffff) == 0 && !run.onTime(65536)) return false;
    if (k < p.n && p.kinds[k] == anyText) {
      back = ++k;
      from = t;
      if (back == p.n) return true;
    } else if (t == text.size && k == p.n) return true;
    else if (t < text.size && k < p.n && p.kinds[k] == anyPoint) {
      t += pointAt(text, t);
      k++;
    } else if (t < text.size && k < p.n && (fold ? lower(text.at[t]) : text.at[t]) == p.bytes[k]) {
      t++;
      k++;
    } else {
      if (back == none || from >= text.size) return false;
      from += pointAt(text, from);
      t = from;
      k = back;
    }
  }
}

bool like(const Call &c, Vec &out) {
  const bool fold = c.i.op == oIlike;
  const Vec &texts = *c.args[0], &patterns = *c.args[1];
  uint8_t *data = makeFlat<uint8_t>(c.arena, c.i.type, c.n, out);
  const uint8_t *valid;
  if (!data || !bothValid(c.arena, texts, patterns, c.n, valid)) return false;
  out.valid = valid;
  Pattern p{};
  const Slice *last = nullptr;
  for (uint32_t i = 0; i < c.n; i++) {
    data[i] = 0;
    if (valid && !valid[i]) continue;
    const Slice &text = texts.as<Slice>()[texts.constant ? 0 : i], &pattern = patterns.as<Slice>()[patterns.constant ? 0 : i];
    if (!last || order(*last, pattern) != 0) {
      if (fold && !isAscii(pattern)) return c.run.cannot("ILIKE beyond ASCII");
      if (!compile(c.run, c.arena, pattern, fold, p)) return false;
      last = &pattern;
    }
    if (fold && !isAscii(text)) return c.run.cannot("ILIKE beyond ASCII");
    if (p.simple && !fold) {
      const uint32_t n = p.n - (p.open ? 1 : 0) - (p.closed && p.n > 1 ? 1 : 0);
      const uint8_t *part = p.bytes + (p.open ? 1 : 0);
      const bool openEnd = p.closed;
      if (p.n == 1 && p.open) data[i] = 1;
      else if (p.open && openEnd) data[i] = contains(text, part, n);
      else if (text.size < n || (!p.open && !openEnd && text.size != n)) data[i] = 0;
      else data[i] = n == 0 || memcmp(text.at + (p.open ? text.size - n : 0), part, n) == 0;
    } else data[i] = matches(c.run, text, p, fold);
    if (c.run.ending != running || !c.run.onTime(1 + text.size / 16)) return false;
  }
  return true;
}

bool startsWith(const Call &c, Vec &out) {
  const Vec &texts = *c.args[0], &prefixes = *c.args[1];
  uint8_t *data = makeFlat<uint8_t>(c.arena, c.i.type, c.n, out);
  const uint8_t *valid;
  if (!data || !bothValid(c.arena, texts, prefixes, c.n, valid)) return false;
  out.valid = valid;
  for (uint32_t i = 0; i < c.n; i++) {
    data[i] = 0;
    if (valid && !valid[i]) continue;
    const Slice &text = texts.as<Slice>()[texts.constant ? 0 : i], &prefix = prefixes.as<Slice>()[prefixes.constant ? 0 : i];
    data[i] = prefix.size <= text.size && (prefix.size == 0 || memcmp(text.at, prefix.at, prefix.size) == 0);
  }
  return true;
}

bool length(const Call &c, Vec &out) {
  int32_t *data = makeFlat<int32_t>(c.arena, c.i.type, c.n, out);
  if (!data) return false;
  const Vec &texts = *c.args[0];
  out.valid = texts.valid;
  for (uint32_t i = 0; i < c.n; i++) {
    int32_t points = 0;
    if (texts.isValid(i)) {
      const Slice &text = texts.as<Slice>()[i];
      for (uint32_t k = 0; k < text.size; k++) points += !continues(text.at[k]);
      if (!c.run.onTime(1 + text.size / 16)) return false;
    }
    data[i] = points;
  }
  return true;
}

}  // namespace

bool textOp(const Call &c, Vec &out) {
  if (c.i.op == oLength) return length(c, out);
  return c.i.op == oStartsWith ? startsWith(c, out) : like(c, out);
}
