#!/usr/bin/env bash
# The time of 1 GiB from one namespace into another by iperf3, in writes of 64 KiB. In a mount
# namespace of its own (unshare -m). The argument is how many MiB are sent.
set -euo pipefail
export LC_ALL=C

mount -t tmpfs tmpfs /run
for side in 1 2; do ip netns add bench$side; done
ip -n bench1 link add veth0 type veth peer name veth0 netns bench2
for side in 1 2; do
  ip -n bench$side addr add 10.9.0.$side/24 dev veth0
  ip -n bench$side link set veth0 up
done
ip netns exec bench1 iperf3 -s >/dev/null &
trap 'kill %1' EXIT
until (ip netns exec bench2 iperf3 -c 10.9.0.1 -n 1M >/dev/null 2>&1); do sleep 0.1; done

echo '{"ready":true}'
while read -r count; do
  samples=()
  for ((i = 0; i < count; i++)); do
    samples+=("$(ip netns exec bench2 iperf3 -c 10.9.0.1 -n "$1M" -l 64K -J |
      awk '/"sum_received"/ { last = 1 }
        last && /"bits_per_second"/ { sub(/.*:/, ""); printf "%.0f", 2 ^ 33 * 1e9 / $1; exit }')")
  done
  (IFS=, && echo "{\"samples\":[${samples[*]}]}")
done
