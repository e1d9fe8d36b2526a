// One run of a fragment: what it has read, what it may still spend, and how it ended.
#pragma once
#include "program.h"

// Milliseconds of a clock that only goes forward.
double nowMillis();

enum Ending : uint8_t { running, answered, raisedError, cannotRun };

// Text put together without a library. What does not fit is cut.
struct Text {
  char at[256];
  uint32_t size = 0;
  Text &add(const char *s) {
    while (*s && size < sizeof at) at[size++] = *s++;
    return *this;
  }
  Text &add(uint64_t v) {
    char digits[24];
    int n = 0;
    do digits[n++] = char('0' + v % 10);
    while (v /= 10);
    while (n > 0 && size < sizeof at) at[size++] = digits[--n];
    return *this;
  }
};

struct Run {
  Memory memory;
  Arena arena{memory};
  Fragment fragment;
  Ending ending = running;
  const char *code = "";
  Text message, detail;
  double deadline = 0, ownDeadline = 0;
  uint64_t bytesRead = 0;

  // Always false: `return run.raise(…)`.
  bool raise(const char *sqlstate, const char *text) {
    if (ending != running) return false;
    ending = raisedError;
    code = sqlstate;
    message.add(text);
    return false;
  }
  bool cannot(const char *reason) {
    if (ending != running) return false;
    ending = cannotRun;
    message.add(reason);
    return false;
  }
  // Whether time is left. The clock is asked once for so much work (values, roughly).
  bool onTime(uint64_t work) {
    spent += work;
    return spent < 65536 || askClock();
  }
  bool askClock();

 private:
  uint64_t spent = 0;
};
