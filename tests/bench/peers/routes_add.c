// Adds 1,000 routes, one request at a time; gives the time of all. Their removal is not counted.
#include "rtnetlink.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <sys/ioctl.h>

#define ROUTES 1000

struct request {
  struct nlmsghdr header;
  struct rtmsg route;
  struct rtattr dst;
  unsigned dst_value;
  struct rtattr oif;
  int oif_value;
};

static int fd;

static void ask(int type, int flags, int number) {
  struct request request = {
      .header = {sizeof request, type, NLM_F_REQUEST | NLM_F_ACK | flags, number + 1, 0},
      .route = {.rtm_family = AF_INET,
                .rtm_dst_len = 32,
                .rtm_table = RT_TABLE_MAIN,
                .rtm_protocol = RTPROT_BOOT,
                .rtm_scope = RT_SCOPE_LINK,
                .rtm_type = RTN_UNICAST},
      .dst = {RTA_LENGTH(4), RTA_DST},
      .dst_value = htonl(0x0a090000 + number),
      .oif = {RTA_LENGTH(4), RTA_OIF},
      .oif_value = 1,
  };
  char answer[512];
  check(send(fd, &request, sizeof request, 0), "send");
  check(recv(fd, answer, sizeof answer, 0), "recv");
  struct nlmsgerr *error = NLMSG_DATA((struct nlmsghdr *)answer);
  if (error->error) {
    fprintf(stderr, "the kernel answered %d\n", error->error);
    exit(1);
  }
}

static double sample(void) {
  double start = now();
  for (int i = 0; i < ROUTES; i++) ask(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, i);
  double end = now();
  for (int i = 0; i < ROUTES; i++) ask(RTM_DELROUTE, 0, i);
  return end - start;
}

int main(void) {
  check(unshare(CLONE_NEWNET), "unshare");
  int control = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
  struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  check(ioctl(control, SIOCSIFFLAGS, &loopback), "ioctl");
  fd = open_rtnetlink();
  serve(sample);
}
