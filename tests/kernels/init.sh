#!/bin/sh
# Process 1 of the guest: init.sh SHARED SECONDS
#
# The host's files are the read-only root, and an overlay in memory takes what is written. Only
# SHARED is the host's own directory. Each line from the console then names a job to run there. The
# guest ends itself after SECONDS, should the host not do it.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
shared=$1
modules=/usr/lib/uml/modules/$(uname -r)

if [ "${3:-}" != overlaid ]; then
  mount -n -t proc proc /proc
  mount -n -t sysfs sysfs /sys
  insmod "$modules/kernel/fs/overlayfs/overlay.ko"
  mount -n -t tmpfs tmpfs /mnt
  mkdir /mnt/upper /mnt/work /mnt/root
  mount -n -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
  for directory in proc sys dev; do mount -n --move "/$directory" "/mnt/root/$directory"; done
  cd /mnt/root || exit
  pivot_root . mnt
  exec chroot . /bin/sh "$0" "$shared" "$2" overlaid
fi

(sleep "$2" && echo o >/proc/sysrq-trigger) </dev/null >/dev/null 2>&1 &
mkdir -p /lib/modules /dev/pts /dev/shm
ln -sfn "$modules" /lib/modules/
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mkdir /run/netns
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t hostfs -o "$shared" hostfs "$shared"
modprobe -a ipv6 tun
# Otherwise each new namespace has a gre0, a sit0 and so on, once their modules are loaded.
echo 2 >/proc/sys/net/core/fb_tunnels_only_for_init_net
ip link set lo up

echo "ready $(uname -r)"
while read -r job; do
  # The job is a session of its own, so that what it leaves running ends with it.
  setsid sh "$shared/$job/command" </dev/null >"$shared/$job/output" 2>&1 &
  leader=$!
  wait "$leader"
  echo $? >"$shared/$job/status"
  kill -s KILL -- "-$leader" 2>/dev/null
  echo "done $job"
done
echo o >/proc/sysrq-trigger
