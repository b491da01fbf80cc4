// What the programs in C that speak rtnetlink share.
#include "bench.h"
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

static int open_rtnetlink(void) {
  int fd = check(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket");
  struct sockaddr_nl address = {.nl_family = AF_NETLINK};
  check(bind(fd, (struct sockaddr *)&address, sizeof address), "bind");
  return fd;
}
