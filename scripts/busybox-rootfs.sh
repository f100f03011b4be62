#!/bin/sh
# busybox-rootfs.sh DIRECTORY: makes a root file system of Debian's static busybox there, in milliseconds.
set -eu
root=$1
mkdir -p "$root/bin" "$root/sbin" "$root/usr" "$root/etc" "$root/root" "$root/tmp" "$root/var" "$root/proc" "$root/sys" "$root/dev"
ln -s ../bin "$root/usr/bin"
chmod 1777 "$root/tmp"
chmod 700 "$root/root"
cp /bin/busybox "$root/bin/busybox"
# Installs itself: one hard link an applet.
"$root/bin/busybox" --install "$root/bin"
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
