/**
 * The contract between the library and libc. Each function checks its arguments (a bad one throws a
 * `TypeError` and never reaches C) and returns the C result, or `-errno` where C returned -1.
 *
 * A path is a string without NUL, or bytes without NUL, and so is each string of a list; a buffer is
 * a `Uint8Array` that owns its `ArrayBuffer`.
 *
 * @module
 */

/** A string of C: text, which is sent as UTF-8, or the bytes before its NUL. */
export type CString = string | Uint8Array;

/** The functions of libc that the library uses, on the calling thread; see each man page. */
export interface Libc {
  setns(fd: number, nstype: number): number;
  unshare(flags: number): number;
  open(path: CString, flags: number, mode: number): number;
  close(fd: number): number;
  read(fd: number, buf: Uint8Array, count: number): number;
  write(fd: number, buf: Uint8Array, count: number): number;
  readlink(path: string, buf: Uint8Array, bufsiz: number): number;
  mkdir(path: string, mode: number): number;
  unlink(path: string): number;
  flock(fd: number, operation: number): number;
  fcntl(fd: number, op: number, arg: number): number;
  ioctl(fd: number, op: number, arg: Uint8Array | null): number;
  /** `ioctl`, for operations whose argument is an integer. */
  ioctlNumber(fd: number, op: number, arg: number): number;
  mount(source: string, target: string, fstype: string, flags: number, data: null): number;
  umount2(target: string, flags: number): number;
  pipe2(pipefd: Uint8Array, flags: number): number;
  socket(domain: number, type: number, protocol: number): number;
  bind(sockfd: number, addr: Uint8Array, addrlen: number): number;
  listen(sockfd: number, backlog: number): number;
  connect(sockfd: number, addr: Uint8Array, addrlen: number): number;
  send(sockfd: number, buf: Uint8Array, len: number, flags: number): number;
  recv(sockfd: number, buf: Uint8Array, len: number, flags: number): number;
  getsockopt(
    sockfd: number,
    level: number,
    optname: number,
    optval: Uint8Array,
    optlen: Uint8Array,
  ): number;
  setsockopt(
    sockfd: number,
    level: number,
    optname: number,
    optval: Uint8Array,
    optlen: number,
  ): number;
  /** Returns only where it failed. */
  execve(pathname: CString, argv: readonly CString[], envp: readonly CString[]): number;
  posix_spawn(
    pid: Uint8Array,
    path: CString,
    file_actions: Uint8Array | null,
    attrp: Uint8Array | null,
    argv: readonly CString[],
    envp: readonly CString[],
  ): number;
  posix_spawn_file_actions_init(file_actions: Uint8Array): number;
  posix_spawn_file_actions_adddup2(file_actions: Uint8Array, fd: number, newfd: number): number;
  posix_spawn_file_actions_addchdir_np(file_actions: Uint8Array, path: CString): number;
  posix_spawn_file_actions_destroy(file_actions: Uint8Array): number;
  waitpid(pid: number, wstatus: Uint8Array, options: number): number;
  signal(signum: number, handler: number): number;
  chroot(path: string): number;
  fchdir(fd: number): number;
  inotify_init1(flags: number): number;
  inotify_add_watch(fd: number, pathname: string, mask: number): number;
  inotify_rm_watch(fd: number, wd: number): number;
  getsockname(sockfd: number, addr: Uint8Array, addrlen: Uint8Array): number;
  poll(fds: Uint8Array, nfds: number, timeout: number): number;
  /** For calls that not every supported libc wraps; see `ffi/system_calls.ts`. */
  syscall(
    number: number,
    a: number,
    b: Uint8Array | null,
    c: number,
    d: number,
    e: Uint8Array | null,
  ): number;
}
