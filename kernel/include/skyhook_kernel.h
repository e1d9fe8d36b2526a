/* The fragment kernel's face: fragment bytes in, result bytes out (docs/architecture/fragment.md). One library, two homes: kernel.wasm in
 * worker threads, libcls_skyhook.so in storage daemons. No state but the run's: runs in several threads do not meet. Nothing is thrown,
 * nothing aborts; every request is checked before data is touched. */
#ifndef SKYHOOK_KERNEL_H
#define SKYHOOK_KERNEL_H
#include <stddef.h>
#include <stdint.h>

#ifdef __wasm__
#define SK_EXPORT(name) __attribute__((export_name(#name)))
#else
#define SK_EXPORT(name) __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What the home may spend on one fragment. 0: no limit. Beyond one of them the answer is "cannot", so that the fragment runs elsewhere;
 * beyond the fragment's own budget it is error 54000. Time is looked at at least every few milliseconds. */
typedef struct sk_limits {
  uint64_t memory; /* bytes held at one time: buffers read, vectors, answer */
  uint64_t read;   /* bytes read of the object */
  uint64_t answer; /* bytes of the answer */
  uint64_t millis;
  uint64_t slice; /* milliseconds after which sk_step comes back, for hosts that have other things to do; sk_execute does not */
} sk_limits;

/* Copies bytes [offset, offset + length) of the object to `to`. Gives how many there were (fewer: the object ends before), or a negative
 * number, which ends the run and is handed to the caller. */
typedef int64_t (*sk_read_fn)(void *context, uint64_t offset, uint64_t length, uint8_t *to);

enum { SK_OK = 0, SK_NO_MEMORY = -12 };

/* The newest version of fragments that is understood. */
SK_EXPORT(sk_version) uint32_t sk_version(void);

/* Runs a fragment over the object that `read` reads. SK_OK: `*answer` holds the result bytes (rows, an error, or "cannot"), to be given
 * back with sk_release. Else what `read` gave, or SK_NO_MEMORY, and no answer. Checksums are checked. */
int64_t sk_execute(const uint8_t *fragment, size_t size, const sk_limits *limits, sk_read_fn read, void *context, uint8_t **answer,
                   size_t *answer_size);

/* The same for hosts that read by themselves, column by column:
 *   run = sk_open(…); while (sk_step(run) == 0) { for each column that sk_wants, for each buffer, copy it to sk_buffer } ; sk_answer. */
typedef struct sk_run sk_run;
enum { SK_TRUST_BUFFERS = 1 /* the host has checked their checksums */ };

SK_EXPORT(sk_allocate) uint8_t *sk_allocate(size_t size);
SK_EXPORT(sk_release) void sk_release(uint8_t *bytes);
/* `fragment` must stay until sk_close; `limits` is copied. Null only without memory. */
SK_EXPORT(sk_open) sk_run *sk_open(const uint8_t *fragment, size_t size, const sk_limits *limits, uint32_t flags);
/* 1: the answer is there; 0: it goes on when the wanted columns are copied in, or, where none is wanted, with the next call. */
SK_EXPORT(sk_step) int sk_step(sk_run *run);
/* The buffers that column `column` wants copied in now; 0: none. */
SK_EXPORT(sk_wants) uint32_t sk_wants(const sk_run *run, uint32_t column);
SK_EXPORT(sk_columns) uint32_t sk_columns(const sk_run *run);
/* Where a buffer's bytes go (null where none is wanted), and where they are in the object, as the fragment says. */
SK_EXPORT(sk_buffer) uint8_t *sk_buffer(sk_run *run, uint32_t column, uint32_t buffer);
uint64_t sk_buffer_offset(const sk_run *run, uint32_t column, uint32_t buffer);
uint64_t sk_buffer_length(const sk_run *run, uint32_t column, uint32_t buffer);
SK_EXPORT(sk_answer) const uint8_t *sk_answer(const sk_run *run);
SK_EXPORT(sk_answer_size) size_t sk_answer_size(const sk_run *run);
SK_EXPORT(sk_close) void sk_close(sk_run *run);

#ifdef __cplusplus
}
#endif
#endif
