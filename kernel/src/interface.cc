// The C interface.
#include "stages.h"

sk_run::~sk_run() {
  for (uint32_t c = 0; columns && c < nColumns; c++)
    if (columns[c]) columns[c]->~Builder();
  for (uint32_t a = 0; states && a < fragment().nAggregates; a++)
    if (states[a]) states[a]->~AggregateState();
  if (table) table->~GroupTable();
  run.memory.give(answer, answerHeld);
}

uint32_t sk_version() { return 1; }
uint8_t *sk_allocate(size_t size) { return static_cast<uint8_t *>(malloc(size ? size : 1)); }
void sk_release(uint8_t *bytes) { free(bytes); }

sk_run *sk_open(const uint8_t *bytes, size_t size, const sk_limits *limits, uint32_t flags) {
  void *at = malloc(sizeof(sk_run));
  if (!at) return nullptr;
  sk_run *run = new (at) sk_run;
  if (limits) run->limits = *limits;
  if (run->limits.memory) run->run.memory.limit = run->limits.memory;
  run->trusted = flags & SK_TRUST_BUFFERS;
  const double now = nowMillis();
  run->run.ownDeadline = run->limits.millis ? now + double(run->limits.millis) : __builtin_inf();
  run->run.deadline = __builtin_inf();
  if (const char *reason = decodeFragment(bytes, size, run->run.arena, run->run.fragment)) {
    run->run.cannot(reason);
    run->conclude();
  } else run->run.deadline = now + double(run->run.fragment.budgetMillis);
  return run;
}

int sk_step(sk_run *run) {
  if (run->answer || run->stage == sk_run::done) return 1;
  run->sliceEnd = run->limits.slice ? nowMillis() + double(run->limits.slice) : 0;
  if (!run->advance()) return 0;
  run->conclude();
  return 1;
}

uint32_t sk_columns(const sk_run *run) { return run->run.fragment.columns ? run->run.fragment.nColumns : 0; }
uint32_t sk_wants(const sk_run *run, uint32_t column) {
  if (column >= sk_columns(run) || run->stage == sk_run::done) return 0;
  const Column &c = run->run.fragment.columns[column];
  return c.wanted ? c.nBuffers : 0;
}
uint8_t *sk_buffer(sk_run *run, uint32_t column, uint32_t buffer) {
  return buffer < sk_wants(run, column) ? run->run.fragment.columns[column].buffers[buffer].bytes : nullptr;
}
uint64_t sk_buffer_offset(const sk_run *run, uint32_t column, uint32_t buffer) {
  return buffer < sk_wants(run, column) ? run->run.fragment.columns[column].buffers[buffer].offset : 0;
}
uint64_t sk_buffer_length(const sk_run *run, uint32_t column, uint32_t buffer) {
  return buffer < sk_wants(run, column) ? run->run.fragment.columns[column].buffers[buffer].length : 0;
}
const uint8_t *sk_answer(const sk_run *run) { return run->answer; }
size_t sk_answer_size(const sk_run *run) { return size_t(run->answerSize); }
void sk_close(sk_run *run) {
  if (!run) return;
  run->~sk_run();
  free(run);
}

int64_t sk_execute(const uint8_t *bytes, size_t size, const sk_limits *limits, sk_read_fn read, void *context, uint8_t **answer,
                   size_t *answerSize) {
  *answer = nullptr;
  *answerSize = 0;
  sk_run *run = sk_open(bytes, size, limits, 0);
  if (!run) return SK_NO_MEMORY;
  run->limits.slice = 0;
  int64_t status = SK_OK;
  while (status == SK_OK && !sk_step(run)) {
    for (uint32_t c = 0; status == SK_OK && c < sk_columns(run); c++)
      for (uint32_t b = 0; status == SK_OK && b < sk_wants(run, c); b++) {
        const Buffer &buffer = run->run.fragment.columns[c].buffers[b];
        if (buffer.length == 0) continue;
        const int64_t got = read(context, buffer.offset, buffer.length, buffer.bytes);
        if (got < 0) status = got;
        else if (uint64_t(got) < buffer.length) {
          run->run.raise("XX001", "the object ends before a buffer of column ");
          run->run.message.add(uint64_t(c));
          run->conclude();
        }
      }
  }
  if (status == SK_OK && !run->answer) status = SK_NO_MEMORY;
  if (status == SK_OK) {
    *answer = run->answer;
    *answerSize = size_t(run->answerSize);
    run->run.memory.held -= run->answerHeld;
    run->answer = nullptr;
    run->answerHeld = 0;
  }
  sk_close(run);
  return status;
}
