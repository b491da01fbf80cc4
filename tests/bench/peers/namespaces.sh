#!/usr/bin/env bash
# What commands of iproute2 take, the start of their processes included. In a mount namespace of its
# own (unshare -m), so that the machine's /run/netns is left as it is. The argument names the
# measurement.
set -euo pipefail
export LC_ALL=C

exec_true() { ip netns exec bench true; }
link_list() { ip -n bench -j link >/dev/null; }
add_delete() {
  ip netns add other
  ip netns del other
}
route_batch() { ip -n bench -batch /run/add; }

after() { :; }

mount -t tmpfs tmpfs /run
ip netns add bench
if [[ $1 == route_batch ]]; then
  ip -n bench link set lo up
  for ((i = 0; i < 1000; i++)); do
    echo "route add 10.9.$((i >> 8)).$((i & 255))/32 dev lo"
  done >/run/add
  sed s/add/del/ /run/add >/run/del
  after() { ip -n bench -batch /run/del; }
fi

echo '{"ready":true}'
while read -r count; do
  samples=()
  for ((i = 0; i < count; i++)); do
    start=${EPOCHREALTIME/./}
    "$1"
    end=${EPOCHREALTIME/./}
    samples+=($(((end - start) * 1000)))
    after
  done
  (IFS=, && echo "{\"samples\":[${samples[*]}]}")
done
