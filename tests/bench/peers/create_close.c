// Makes a namespace without moving the caller, and lets it go.
#include "bench.h"

static int home;

static double sample(void) {
  double start = now();
  check(unshare(CLONE_NEWNET), "unshare");
  int created = open_namespace();
  check(setns(home, CLONE_NEWNET), "setns");
  close(created);
  return now() - start;
}

int main(void) {
  home = open_namespace();
  serve(sample);
}
