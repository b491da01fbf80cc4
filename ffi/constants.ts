/**
 * Kernel constants, spelled as in the headers. Those that differ between processors are looked up
 * by the one that the program runs on.
 *
 * @module
 */

import { arch } from "./machine.ts";

// setns(2), unshare(2), namespaces(7)
export const CLONE_FS = 0x00000200;
export const CLONE_NEWTIME = 0x00000080;
export const CLONE_NEWNS = 0x00020000;
export const CLONE_NEWCGROUP = 0x02000000;
export const CLONE_NEWUTS = 0x04000000;
export const CLONE_NEWIPC = 0x08000000;
export const CLONE_NEWUSER = 0x10000000;
export const CLONE_NEWPID = 0x20000000;
export const CLONE_NEWNET = 0x40000000;

// open(2)
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_NOCTTY = 0o400;
export const O_TRUNC = 0o1000;
export const O_NONBLOCK = 0o4000;
export const O_CLOEXEC = 0o2000000;
export const O_DIRECTORY: number = arch() === "arm64" ? 0o40000 : 0o200000;
export const O_NOFOLLOW: number = arch() === "arm64" ? 0o100000 : 0o400000;

// fcntl(2), flock(2)
export const F_GETFD = 1;
export const F_SETFD = 2;
export const FD_CLOEXEC = 1;
export const F_GETFL = 3;
export const F_SETFL = 4;
export const F_DUPFD_CLOEXEC = 1030;
export const LOCK_EX = 2;
export const LOCK_NB = 4;

// mount(2), umount2(2)
export const MS_RDONLY = 1;
export const MS_BIND = 0x1000;
export const MS_REC = 0x4000;
export const MS_PRIVATE = 0x40000;
export const MS_SLAVE = 0x80000;
export const MS_SHARED = 0x100000;
export const MNT_DETACH = 2;
export const UMOUNT_NOFOLLOW = 8;

// statx(2), inode(7)
export const O_PATH = 0o10000000;
export const AT_FDCWD = -100;
export const AT_SYMLINK_NOFOLLOW = 0x100;
export const AT_EMPTY_PATH = 0x1000;
export const STATX_TYPE = 0x1;
export const STATX_CTIME = 0x80;
export const STATX_INO = 0x100;
export const STATX_SIZE = 0x200;
export const S_IFMT = 0o170000;
export const S_IFDIR = 0o040000;
export const S_IFREG = 0o100000;
export const S_IFLNK = 0o120000;

// inotify(7)
export const IN_NONBLOCK = 0o4000;
export const IN_CLOEXEC = 0o2000000;
export const IN_MOVED_FROM = 0x40;
export const IN_MOVED_TO = 0x80;
export const IN_CREATE = 0x100;
export const IN_DELETE = 0x200;
export const IN_DELETE_SELF = 0x400;
export const IN_MOVE_SELF = 0x800;
export const IN_UNMOUNT = 0x2000;
export const IN_Q_OVERFLOW = 0x4000;
export const IN_IGNORED = 0x8000;
export const IN_ONLYDIR = 0x1000000;

// ioctl_nsfs(2), pidfd_open(2), socket(7)
export const NS_GET_USERNS = 0xb701;
export const NS_GET_NSTYPE = 0xb703;
export const NS_GET_ID = 0x8008b70d;
export const PIDFD_GET_NET_NAMESPACE = 0xff04;
export const SIOCGSKNS = 0x894c;

// socket(2), ip(7), ipv6(7), netdevice(7)
export const AF_UNIX = 1;
export const AF_UNSPEC = 0;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK: number = O_NONBLOCK;
export const SOCK_CLOEXEC: number = O_CLOEXEC;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_ERROR = 4;
export const SO_RCVBUF = 8;
export const SO_RCVBUFFORCE = 33;
export const SO_NETNS_COOKIE = 71;
export const IPPROTO_IPV6 = 41;
export const IPV6_V6ONLY = 26;
export const MSG_DONTWAIT = 0x40;
export const IFF_UP = 0x1;
export const SIOCGIFFLAGS = 0x8913;
export const SIOCSIFFLAGS = 0x8914;

// poll(2)
export const POLLIN = 0x1;
export const POLLOUT = 0x4;

// wait(2)
export const WNOHANG = 1;

/** Numbers of system calls that not every supported libc wraps, by `process.arch`. */
export const SYS: { statx: number; getdents64: number; pidfd_open: number } = arch() === "x64"
  ? { statx: 332, getdents64: 217, pidfd_open: 434 }
  : { statx: 291, getdents64: 61, pidfd_open: 434 };
