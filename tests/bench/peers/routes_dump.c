// Reads all routes of a namespace and looks at every attribute, without making anything of them. The
// argument is the path of the namespace.
#include "rtnetlink.h"

static char buffer[32768];
static volatile unsigned sum;
static int fd;

static double sample(void) {
  struct {
    struct nlmsghdr header;
    struct rtmsg route;
  } request = {{sizeof request, RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP, 1, 0},
               {.rtm_family = AF_INET}};
  double start = now();
  check(send(fd, &request, sizeof request, 0), "send");
  for (;;) {
    int length = check(recv(fd, buffer, sizeof buffer, 0), "recv");
    struct nlmsghdr *message = (struct nlmsghdr *)buffer;
    for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length)) {
      if (message->nlmsg_type == NLMSG_DONE) return now() - start;
      int rest = RTM_PAYLOAD(message);
      struct rtattr *attribute = RTM_RTA((struct rtmsg *)NLMSG_DATA(message));
      for (; RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest)) {
        sum += attribute->rta_type + *(unsigned *)RTA_DATA(attribute);
      }
    }
  }
}

int main(int argc, char **argv) {
  int target = check(open(argv[1], O_RDONLY | O_CLOEXEC), "open");
  check(setns(target, CLONE_NEWNET), "setns");
  fd = open_rtnetlink();
  serve(sample);
}
