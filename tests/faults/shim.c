/* Makes system calls of a process fail, to see what it does then. Preloaded into a program (LD_PRELOAD), it lets the kernel hand over each
   call that writes (seccomp, SECCOMP_RET_TRAP): also those that stdio, C++ streams and std::filesystem end in, which no wrapper of a
   function would see. Only calls on what lies below one folder count.

   ALBERT_FAULTS_FOLDER   the folder, as realpath prints it
   ALBERT_FAULTS_REPORT   a file of sizeof(struct report) bytes that takes the counts; writes.py reads it
   ALBERT_FAULTS          nothing: only count; else KIND:NUMBER:ERROR
     KIND     write sync rename open close mkdir truncate link, or any
     NUMBER   12: the twelfth call of the kind; 12+: that and all that follow; every: the first, the third and so on, so that a call
              that is made again is done then
     ERROR    ENOSPC EIO EDQUOT EINTR; SHORT: a write that takes half of the bytes

   Programs that such a process starts have no handler, and are killed by their first such call. x86-64 only. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef __x86_64__
#error "the registers of a system call are known for x86-64 only"
#endif

enum kind { kWrite, kSync, kRename, kOpen, kClose, kMkdir, kTruncate, kLink, kNumKinds };
static const char* const kNames[kNumKinds] = {"write", "sync", "rename", "open", "close", "mkdir", "truncate", "link"};

enum { kNone = -1 };

/* The arguments of a call that say what it is done to: a descriptor, a path, or a path in the folder of a descriptor. */
struct place {
  int descriptor;
  int path;
};

#define FD(n) \
  { n, kNone }
#define PATH(n) \
  { kNone, n }
#define AT(n) \
  { n, (n) + 1 }
#define NOWHERE \
  { kNone, kNone }

static const struct call {
  int number;
  enum kind kind;
  struct place places[2];
  int flags; /* the argument that has the flags of an open, or kNone */
} kCalls[] = {
    {SYS_write, kWrite, {FD(0), NOWHERE}, kNone},
    {SYS_pwrite64, kWrite, {FD(0), NOWHERE}, kNone},
    {SYS_writev, kWrite, {FD(0), NOWHERE}, kNone},
    {SYS_pwritev, kWrite, {FD(0), NOWHERE}, kNone},
    {SYS_pwritev2, kWrite, {FD(0), NOWHERE}, kNone},
    {SYS_sendfile, kWrite, {FD(0), NOWHERE}, kNone},
    {SYS_copy_file_range, kWrite, {FD(2), NOWHERE}, kNone},
    {SYS_fsync, kSync, {FD(0), NOWHERE}, kNone},
    {SYS_fdatasync, kSync, {FD(0), NOWHERE}, kNone},
    {SYS_rename, kRename, {PATH(0), PATH(1)}, kNone},
    {SYS_renameat, kRename, {AT(0), AT(2)}, kNone},
    {SYS_renameat2, kRename, {AT(0), AT(2)}, kNone},
    {SYS_open, kOpen, {PATH(0), NOWHERE}, 1},
    {SYS_openat, kOpen, {AT(0), NOWHERE}, 2},
    {SYS_creat, kOpen, {PATH(0), NOWHERE}, kNone},
    {SYS_close, kClose, {FD(0), NOWHERE}, kNone},
    {SYS_mkdir, kMkdir, {PATH(0), NOWHERE}, kNone},
    {SYS_mkdirat, kMkdir, {AT(0), NOWHERE}, kNone},
    {SYS_ftruncate, kTruncate, {FD(0), NOWHERE}, kNone},
    {SYS_truncate, kTruncate, {PATH(0), NOWHERE}, kNone},
    {SYS_fallocate, kTruncate, {FD(0), NOWHERE}, kNone},
    {SYS_link, kLink, {PATH(1), NOWHERE}, kNone},
    {SYS_linkat, kLink, {AT(2), NOWHERE}, kNone},
    {SYS_symlink, kLink, {PATH(1), NOWHERE}, kNone},
    {SYS_symlinkat, kLink, {AT(1), NOWHERE}, kNone},
};
enum { kNumCalls = sizeof(kCalls) / sizeof(kCalls[0]), kShort = -1 /* in the place of an error */ };

struct report {
  uint64_t calls[kNumKinds];
  uint64_t failed;
  char path[PATH_MAX]; /* of the first call that failed */
};

static struct report* report;
static char folder[PATH_MAX];
static int wanted_kind = -1; /* kNumKinds: any */
static uint64_t first;       /* 0: every */
static bool goes_on;
static int error;

/* The filter lets calls pass that are made here. */
long raw_call(long number, long a, long b, long c, long d, long e, long f);
extern char after_raw_call[];
__asm__(
    ".text\n.type raw_call, @function\nraw_call:\n"
    "mov %rdi, %rax\nmov %rsi, %rdi\nmov %rdx, %rsi\nmov %rcx, %rdx\nmov %r8, %r10\nmov %r9, %r8\nmov 8(%rsp), %r9\n"
    "syscall\nafter_raw_call:\nret\n");

static void append(char* text, const char* more) {
  const size_t used = strlen(text);
  size_t i = 0;
  for (; more[i] != '\0' && used + i + 1 < PATH_MAX; ++i) text[used + i] = more[i];
  text[used + i] = '\0';
}

/* Where a descriptor leads; AT_FDCWD: the current folder. */
static void path_of(int descriptor, char* path) {
  char link[64] = "/proc/self/cwd";
  if (descriptor != AT_FDCWD) {
    char digits[16];
    size_t at = sizeof(digits) - 1;
    digits[at] = '\0';
    unsigned rest = (unsigned)descriptor;
    do digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    strcpy(link, "/proc/self/fd/");
    strcat(link, digits + at);
  }
  const long size = raw_call(SYS_readlink, (long)link, (long)path, PATH_MAX - 1, 0, 0, 0);
  path[size > 0 ? size : 0] = '\0';
}

static void absolute(int base, const char* name, char* path) {
  path[0] = '\0';
  if (name[0] != '/') {
    path_of(base, path);
    append(path, "/");
  }
  append(path, name);
}

static bool is_below(const char* path) {
  const size_t size = strlen(folder);
  return strncmp(path, folder, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

/* Whether a call is done to something below the folder, and to what. */
static bool find_path(const struct call* call, const long* a, char* path) {
  for (int i = 0; i < 2; ++i) {
    const struct place place = call->places[i];
    const int descriptor = place.descriptor == kNone ? AT_FDCWD : (int)a[place.descriptor];
    if (place.path != kNone) {
      absolute(descriptor, (const char*)a[place.path], path);
    } else if (place.descriptor != kNone) {
      path_of(descriptor, path);
    } else {
      continue;
    }
    if (is_below(path)) return true;
  }
  return false;
}

/* Whether a call counts: no reading open, and no close of what was opened to be read. */
static bool writes(const struct call* call, const long* a) {
  if (call->flags != kNone) return (a[call->flags] & (O_WRONLY | O_RDWR | O_CREAT)) != 0;
  if (call->kind != kClose) return true;
  const long flags = raw_call(SYS_fcntl, a[0], F_GETFL, 0, 0, 0, 0);
  return flags >= 0 && (flags & (O_WRONLY | O_RDWR)) != 0;
}

static bool is_due(enum kind kind, uint64_t number) {
  if (wanted_kind != kNumKinds && wanted_kind != (int)kind) return false;
  if (first == 0) return number % 2 == 1;
  return goes_on ? number >= first : number == first;
}

static long do_call(const struct call* call, const long* a) {
  return raw_call(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static long write_half(const struct call* call, const long* a) {
  long b[6];
  memcpy(b, a, sizeof(b));
  if (call->number == SYS_writev || call->number == SYS_pwritev || call->number == SYS_pwritev2) {
    const struct iovec* const pieces = (const struct iovec*)a[1];
    const struct iovec half = {pieces->iov_base, (pieces->iov_len + 1) / 2};
    b[1] = (long)&half;
    b[2] = 1;
    return do_call(call, b);
  }
  const int size = call->number == SYS_sendfile ? 3 : call->number == SYS_copy_file_range ? 4 : 2;
  b[size] = (a[size] + 1) / 2;
  return do_call(call, b);
}

static long decide(const struct call* call, const long* a) {
  char path[PATH_MAX];
  if (!writes(call, a) || !find_path(call, a, path)) return do_call(call, a);
  const uint64_t number = __atomic_add_fetch(&report->calls[call->kind], 1, __ATOMIC_RELAXED);
  if (!is_due(call->kind, number)) return do_call(call, a);
  if (__atomic_fetch_add(&report->failed, 1, __ATOMIC_RELAXED) == 0) strcpy(report->path, path);
  if (error == kShort) return write_half(call, a);
  if (call->kind == kClose) do_call(call, a); /* as Linux does it: the descriptor is gone whatever close() says */
  return -error;
}

static void on_call(int signal, siginfo_t* info, void* context) {
  (void)signal;
  greg_t* const r = ((ucontext_t*)context)->uc_mcontext.gregs;
  const long arguments[6] = {r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], r[REG_R8], r[REG_R9]};
  for (int i = 0; i < kNumCalls; ++i) {
    if (kCalls[i].number == info->si_syscall) r[REG_RAX] = decide(&kCalls[i], arguments);
  }
}

static void die(const char* what) {
  dprintf(STDERR_FILENO, "faults: %s: %s\n", what, strerror(errno));
  _exit(99);
}

static void install_filter(void) {
  enum { kBefore = 7 };
  const uint64_t own = (uint64_t)(uintptr_t)after_raw_call;
  struct sock_filter code[kBefore + kNumCalls + 2] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)own, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(own >> 32), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
  };
  int size = kBefore - 1;
  for (int i = 0; i < kNumCalls; ++i) {
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)kCalls[i].number,
                                                (uint8_t)(kNumCalls - i), 0);
  }
  code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
  const struct sock_fprog program = {(unsigned short)size, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    die("the system lets no filter of calls be set (seccomp)");
  }
}

static void read_fault(const char* text) {
  static const struct {
    const char* name;
    int value;
  } kErrors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EDQUOT", EDQUOT}, {"EINTR", EINTR}, {"SHORT", kShort}};
  char kind[16] = "", number[24] = "", name[16] = "";
  if (sscanf(text, "%15[^:]:%23[^:]:%15s", kind, number, name) == 3) {
    for (int i = 0; i < kNumKinds; ++i)
      if (strcmp(kind, kNames[i]) == 0) wanted_kind = i;
    if (strcmp(kind, "any") == 0) wanted_kind = kNumKinds;
    for (size_t i = 0; i < sizeof(kErrors) / sizeof(kErrors[0]); ++i)
      if (strcmp(name, kErrors[i].name) == 0) error = kErrors[i].value;
    char* end = number;
    if (strcmp(number, "every") != 0) first = strtoull(number, &end, 10);
    goes_on = *end == '+';
  }
  errno = EINVAL;
  if (wanted_kind < 0 || error == 0 || (error == kShort && wanted_kind != kWrite)) die(text);
}

__attribute__((constructor)) static void begin(void) {
  const char* const place = getenv("ALBERT_FAULTS_FOLDER");
  const char* const file = getenv("ALBERT_FAULTS_REPORT");
  const char* const fault = getenv("ALBERT_FAULTS");
  errno = EINVAL;
  if (place == NULL || file == NULL || strlen(place) >= sizeof(folder))
    die("ALBERT_FAULTS_FOLDER, ALBERT_FAULTS_REPORT");
  strcpy(folder, place);
  if (fault != NULL && fault[0] != '\0') read_fault(fault);
  const int descriptor = open(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) die(file);
  report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (report == MAP_FAILED) die(file);
  close(descriptor);
  struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
  if (sigaction(SIGSYS, &action, NULL) != 0) die("SIGSYS");
  install_filter();
}
