#!/usr/bin/env bash
# Fills the namespace that it is started in (unshare -n) with as many routes as the argument says,
# and keeps it until its input ends.
set -euo pipefail

ip link add veth0 type veth peer name veth1
ip addr add 192.168.0.1/24 dev veth0
ip link set veth0 up
ip link set veth1 up
for ((i = 0; i < $1; i++)); do
  echo "route add 10.$((i >> 16)).$((i >> 8 & 255)).$((i & 255))/32 via 192.168.0.2 dev veth0"
done | ip -batch -
echo '{"ready":true}'
while read -r _; do :; done
