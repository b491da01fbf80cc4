// Makes as many namespaces as the argument says, all open at once; gives the time of one. What the
// kernel does after they were closed is not counted.
#include "bench.h"
#include <sys/resource.h>

static int home, many;

static double sample(void) {
  int *created = malloc(many * sizeof *created);
  double start = now();
  for (int i = 0; i < many; i++) {
    check(unshare(CLONE_NEWNET), "unshare");
    created[i] = open_namespace();
    check(setns(home, CLONE_NEWNET), "setns");
  }
  double end = now();
  for (int i = 0; i < many; i++) close(created[i]);
  free(created);
  usleep(many * 400);
  return (end - start) / many;
}

int main(int argc, char **argv) {
  many = atoi(argv[1]);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  home = open_namespace();
  serve(sample);
}
