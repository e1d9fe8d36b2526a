// The kernel as a Ceph object class: `libcls_skyhook.so` runs fragments inside storage daemons, over the object they are sent to.
// Whatever comes in, nothing is thrown and nothing aborts here: a daemon that dies takes its neighbours with it.
#include <rados/objclass.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <climits>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "../include/skyhook_kernel.h"

CLS_VER(1, 0)
CLS_NAME(skyhook)

namespace {

// What one call may take of a daemon that others need as well; beyond it the fragment runs at the client. The placement group is locked
// meanwhile, and a client gives up after 10 s.
constexpr sk_limits limits = {/*memory*/ 256u << 20, /*read*/ 128u << 20, /*answer*/ 64u << 20, /*millis*/ 5000, /*slice*/ 0};
constexpr unsigned largest_fragment = 4u << 20;
/** Wanted buffers nearer than this are read as one. */
constexpr uint64_t gap = 16u << 10;
constexpr unsigned most_steps = 100000;

struct Run {
  sk_run *run;
  ~Run() { sk_close(run); }
};

struct Wanted {
  uint64_t offset, length;
  uint8_t *to;
};

/** One read of the object into the buffers [from, to), which it covers. A short read leaves zeros: the checksum is wrong then. */
int read_into(cls_method_context_t context, const Wanted *from, const Wanted *to) {
  const uint64_t start = from->offset;
  uint64_t end = start;
  for (const Wanted *w = from; w != to; w++) end = std::max(end, w->offset + w->length);
  ceph::bufferlist read;
  const int got = cls_cxx_read(context, static_cast<int>(start), static_cast<int>(end - start), &read);
  if (got < 0) return got;
  const uint64_t there = read.length();
  for (const Wanted *w = from; w != to; w++) {
    const uint64_t at = w->offset - start;
    const uint64_t n = at >= there ? 0 : std::min(w->length, there - at);
    if (n > 0) read.begin(at).copy(n, reinterpret_cast<char *>(w->to));
    if (n < w->length) memset(w->to + n, 0, w->length - n);
  }
  return 0;
}

int read_wanted(cls_method_context_t context, sk_run *run) {
  std::vector<Wanted> wanted;
  const uint32_t columns = sk_columns(run);
  for (uint32_t column = 0; column < columns; column++) {
    const uint32_t buffers = sk_wants(run, column);
    for (uint32_t buffer = 0; buffer < buffers; buffer++) {
      const uint64_t offset = sk_buffer_offset(run, column, buffer), length = sk_buffer_length(run, column, buffer);
      if (length == 0) continue;
      uint8_t *to = sk_buffer(run, column, buffer);
      if (to == nullptr) return -ENOMEM;
      // Objects have 128 MiB at most, and places are 31-bit integers in this interface.
      if (offset > INT32_MAX || length > INT32_MAX - offset) return -EINVAL;
      wanted.push_back({offset, length, to});
    }
  }
  std::sort(wanted.begin(), wanted.end(), [](const Wanted &a, const Wanted &b) { return a.offset < b.offset; });
  for (size_t from = 0; from < wanted.size();) {
    size_t to = from + 1;
    uint64_t end = wanted[from].offset + wanted[from].length;
    while (to < wanted.size() && wanted[to].offset <= end + gap) {
      end = std::max(end, wanted[to].offset + wanted[to].length);
      to++;
    }
    const int failed = read_into(context, &wanted[from], &wanted[from] + (to - from));
    if (failed < 0) return failed;
    from = to;
  }
  return 0;
}

#ifdef SKYHOOK_TEST_METHODS
/** For tests: an object with the attribute `skyhook.sleep` keeps its daemon for so many milliseconds, 60,000 at most. */
void sleep_as_told(cls_method_context_t context) {
  ceph::bufferlist value;
  if (cls_cxx_getxattr(context, "skyhook.sleep", &value) < 0) return;
  const long millis = std::min(std::max(atol(value.to_str().c_str()), 0L), 60000L);
  timespec time = {millis / 1000, millis % 1000 * 1000000};
  nanosleep(&time, nullptr);
}
#endif

/** In: a fragment. Out: its result, an error that it raised, or that it cannot run here. */
int execute(cls_method_context_t context, ceph::bufferlist *in, ceph::bufferlist *out) {
  try {
#ifdef SKYHOOK_TEST_METHODS
    sleep_as_told(context);
#endif
    if (in->length() > largest_fragment) return -E2BIG;
    const std::string fragment = in->to_str();
    Run run = {sk_open(reinterpret_cast<const uint8_t *>(fragment.data()), fragment.size(), &limits, 0)};
    if (run.run == nullptr) return -ENOMEM;
    for (unsigned step = 0; sk_step(run.run) == 0; step++) {
      if (step == most_steps) return -EIO;
      const int failed = read_wanted(context, run.run);
      if (failed < 0) return failed;
    }
    const uint8_t *answer = sk_answer(run.run);
    if (answer == nullptr) return -ENOMEM;
    out->append(reinterpret_cast<const char *>(answer), static_cast<unsigned>(sk_answer_size(run.run)));
    return 0;
  } catch (const std::bad_alloc &) {
    return -ENOMEM;
  } catch (...) {
    return -EIO;
  }
}

/** Out: as JSON, the version of the class and the newest of fragments that it understands. */
int version(cls_method_context_t, ceph::bufferlist *, ceph::bufferlist *out) {
  try {
    out->append("{\"class\":\"1.0\",\"fragment\":" + std::to_string(sk_version()) + "}");
    return 0;
  } catch (...) {
    return -ENOMEM;
  }
}

}  // namespace

CLS_INIT(skyhook) {
  cls_handle_t handle;
  cls_method_handle_t method;
  if (cls_register("skyhook", &handle) < 0) return;
  cls_register_cxx_method(handle, "version", CLS_METHOD_RD, version, &method);
  cls_register_cxx_method(handle, "execute", CLS_METHOD_RD, execute, &method);
  CLS_LOG(1, "skyhook: fragments up to version %u", sk_version());
}
