/*
 * Loaded into user-mode-linux before libc, on processors with AMX. Their register set is larger than
 * what a kernel before 6.13 saves for its processes, and ptrace(2) sets only the whole of it. The
 * rest stays as it is: a process has to ask for AMX, which the guest's kernel does not know.
 *
 * It needs neither headers nor start-up code, so that any C compiler will do.
 */

enum {
  EFAULT = 14,
  SYS_ptrace = 101,
  PTRACE_PEEKTEXT = 1,
  PTRACE_PEEKUSER = 3,
  PTRACE_GETREGSET = 0x4204,
  PTRACE_SETREGSET = 0x4205,
  NT_X86_XSTATE = 0x202,
};

struct iovec {
  void *base;
  unsigned long length;
};

int *__errno_location(void);
long syscall(long number, ...);
void *memcpy(void *to, const void *from, unsigned long length);

static char registers[1 << 16];

static long set_whole(long pid, struct iovec *part) {
  struct iovec whole = {registers, sizeof registers};
  if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, NT_X86_XSTATE, &whole) < 0) return -1;
  memcpy(registers, part->base, part->length);
  return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE, &whole);
}

long ptrace(long request, long pid, long address, void *data) {
  if (request >= PTRACE_PEEKTEXT && request <= PTRACE_PEEKUSER) {
    long word;
    if (syscall(SYS_ptrace, request, pid, address, &word) < 0) return -1;
    *__errno_location() = 0;
    return word;
  }
  long result = syscall(SYS_ptrace, request, pid, address, data);
  if (result < 0 && *__errno_location() == EFAULT && request == PTRACE_SETREGSET &&
      address == NT_X86_XSTATE) {
    return set_whole(pid, data);
  }
  return result;
}
