/**
 * The C functions that the library calls: prototype, and how each argument is checked and passed.
 * Every one returns an `int` sized result and shows failure by -1 and errno, but for those that
 * return an errno.
 *
 * @module
 */

import type { Libc } from "./libc.ts";

/** How an argument is checked and handed to C. */
export type Kind = "i32" | "u32" | "u64" | "buffer" | "structure" | "path" | "strings";

/** One C function. */
export interface CFunction {
  /** The function of libc, where that has another name. */
  readonly symbol?: string;
  /** The declaration, as the man page has it. */
  readonly prototype: string;
  /** Parameter names and kinds, in order. */
  readonly parameters: readonly (readonly [name: string, kind: Kind])[];
  /** Whether the result is 0 or an errno, as that of functions of POSIX threads is. */
  readonly returnsErrno?: true;
}

/** One entry for each function of {@linkcode Libc}. */
export const symbols: Readonly<Record<keyof Libc, CFunction>> = {
  setns: {
    prototype: "int setns(int fd, int nstype)",
    parameters: [["fd", "i32"], ["nstype", "i32"]],
  },
  unshare: {
    prototype: "int unshare(int flags)",
    parameters: [["flags", "i32"]],
  },
  open: {
    prototype: "int open(const char *path, int flags, mode_t mode)",
    parameters: [["path", "path"], ["flags", "i32"], ["mode", "u32"]],
  },
  close: {
    prototype: "int close(int fd)",
    parameters: [["fd", "i32"]],
  },
  read: {
    prototype: "ssize_t read(int fd, void *buf, size_t count)",
    parameters: [["fd", "i32"], ["buf", "buffer"], ["count", "u64"]],
  },
  write: {
    prototype: "ssize_t write(int fd, const void *buf, size_t count)",
    parameters: [["fd", "i32"], ["buf", "buffer"], ["count", "u64"]],
  },
  readlink: {
    prototype: "ssize_t readlink(const char *path, char *buf, size_t bufsiz)",
    parameters: [["path", "path"], ["buf", "buffer"], ["bufsiz", "u64"]],
  },
  mkdir: {
    prototype: "int mkdir(const char *path, mode_t mode)",
    parameters: [["path", "path"], ["mode", "u32"]],
  },
  unlink: {
    prototype: "int unlink(const char *path)",
    parameters: [["path", "path"]],
  },
  flock: {
    prototype: "int flock(int fd, int operation)",
    parameters: [["fd", "i32"], ["operation", "i32"]],
  },
  fcntl: {
    prototype: "int fcntl(int fd, int op, int arg)",
    parameters: [["fd", "i32"], ["op", "i32"], ["arg", "i32"]],
  },
  ioctl: {
    prototype: "int ioctl(int fd, unsigned int op, void *arg)",
    parameters: [["fd", "i32"], ["op", "u32"], ["arg", "buffer"]],
  },
  ioctlNumber: {
    symbol: "ioctl",
    prototype: "int ioctl(int fd, unsigned int op, unsigned long arg)",
    parameters: [["fd", "i32"], ["op", "u32"], ["arg", "u64"]],
  },
  mount: {
    prototype: "int mount(const char *source, const char *target, const char *fstype, " +
      "unsigned long flags, const void *data)",
    parameters: [["source", "path"], ["target", "path"], ["fstype", "path"], ["flags", "u64"], [
      "data",
      "buffer",
    ]],
  },
  umount2: {
    prototype: "int umount2(const char *target, int flags)",
    parameters: [["target", "path"], ["flags", "i32"]],
  },
  pipe2: {
    prototype: "int pipe2(int pipefd[2], int flags)",
    parameters: [["pipefd", "buffer"], ["flags", "i32"]],
  },
  socket: {
    prototype: "int socket(int domain, int type, int protocol)",
    parameters: [["domain", "i32"], ["type", "i32"], ["protocol", "i32"]],
  },
  bind: {
    prototype: "int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)",
    parameters: [["sockfd", "i32"], ["addr", "buffer"], ["addrlen", "u32"]],
  },
  listen: {
    prototype: "int listen(int sockfd, int backlog)",
    parameters: [["sockfd", "i32"], ["backlog", "i32"]],
  },
  connect: {
    prototype: "int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen)",
    parameters: [["sockfd", "i32"], ["addr", "buffer"], ["addrlen", "u32"]],
  },
  send: {
    prototype: "ssize_t send(int sockfd, const void *buf, size_t len, int flags)",
    parameters: [["sockfd", "i32"], ["buf", "buffer"], ["len", "u64"], ["flags", "i32"]],
  },
  recv: {
    prototype: "ssize_t recv(int sockfd, void *buf, size_t len, int flags)",
    parameters: [["sockfd", "i32"], ["buf", "buffer"], ["len", "u64"], ["flags", "i32"]],
  },
  getsockopt: {
    prototype:
      "int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen)",
    parameters: [["sockfd", "i32"], ["level", "i32"], ["optname", "i32"], ["optval", "buffer"], [
      "optlen",
      "buffer",
    ]],
  },
  setsockopt: {
    prototype:
      "int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen)",
    parameters: [["sockfd", "i32"], ["level", "i32"], ["optname", "i32"], ["optval", "buffer"], [
      "optlen",
      "u32",
    ]],
  },
  execve: {
    prototype: "int execve(const char *pathname, char *const argv[], char *const envp[])",
    parameters: [["pathname", "path"], ["argv", "strings"], ["envp", "strings"]],
  },
  posix_spawn: {
    prototype: "int posix_spawn(pid_t *pid, const char *path, " +
      "const posix_spawn_file_actions_t *file_actions, const posix_spawnattr_t *attrp, " +
      "char *const argv[], char *const envp[])",
    parameters: [
      ["pid", "buffer"],
      ["path", "path"],
      ["file_actions", "buffer"],
      ["attrp", "buffer"],
      ["argv", "strings"],
      ["envp", "strings"],
    ],
    returnsErrno: true,
  },
  posix_spawn_file_actions_init: {
    prototype: "int posix_spawn_file_actions_init(posix_spawn_file_actions_t *file_actions)",
    parameters: [["file_actions", "structure"]],
    returnsErrno: true,
  },
  posix_spawn_file_actions_adddup2: {
    prototype: "int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *file_actions, " +
      "int fd, int newfd)",
    parameters: [["file_actions", "structure"], ["fd", "i32"], ["newfd", "i32"]],
    returnsErrno: true,
  },
  posix_spawn_file_actions_addchdir_np: {
    prototype:
      "int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *file_actions, " +
      "const char *path)",
    parameters: [["file_actions", "structure"], ["path", "path"]],
    returnsErrno: true,
  },
  posix_spawn_file_actions_destroy: {
    prototype: "int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *file_actions)",
    parameters: [["file_actions", "structure"]],
    returnsErrno: true,
  },
  waitpid: {
    prototype: "pid_t waitpid(pid_t pid, int *wstatus, int options)",
    parameters: [["pid", "i32"], ["wstatus", "buffer"], ["options", "i32"]],
  },
  /** SIG_DFL and SIG_IGN are the only handlers that can be given. */
  signal: {
    prototype: "void (*signal(int signum, void (*handler)(int)))(int)",
    parameters: [["signum", "i32"], ["handler", "u64"]],
  },
  chroot: {
    prototype: "int chroot(const char *path)",
    parameters: [["path", "path"]],
  },
  fchdir: {
    prototype: "int fchdir(int fd)",
    parameters: [["fd", "i32"]],
  },
  inotify_init1: {
    prototype: "int inotify_init1(int flags)",
    parameters: [["flags", "i32"]],
  },
  inotify_add_watch: {
    prototype: "int inotify_add_watch(int fd, const char *pathname, uint32_t mask)",
    parameters: [["fd", "i32"], ["pathname", "path"], ["mask", "u32"]],
  },
  inotify_rm_watch: {
    prototype: "int inotify_rm_watch(int fd, int wd)",
    parameters: [["fd", "i32"], ["wd", "i32"]],
  },
  getsockname: {
    prototype: "int getsockname(int sockfd, void *addr, socklen_t *addrlen)",
    parameters: [["sockfd", "i32"], ["addr", "buffer"], ["addrlen", "buffer"]],
  },
  poll: {
    prototype: "int poll(struct pollfd *fds, nfds_t nfds, int timeout)",
    parameters: [["fds", "buffer"], ["nfds", "u64"], ["timeout", "i32"]],
  },
  /**
   * For system calls that the supported libcs do not all wrap (pidfd_open, statx, getdents64): each
   * takes an integer, a buffer, two integers and a buffer, or less.
   */
  syscall: {
    prototype: "long syscall(long number, long a, void *b, long c, long d, void *e)",
    parameters: [["number", "u64"], ["a", "i32"], ["b", "buffer"], ["c", "u64"], ["d", "u64"], [
      "e",
      "buffer",
    ]],
  },
};
