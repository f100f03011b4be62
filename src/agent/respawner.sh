#!/bin/sh
# Keeps one agent of one state root alive, in the mount namespace it was started in.
#
#   respawner.sh RUN_DIRECTORY PROGRAM [ARGUMENT]...
#
# It leaves when the agent leaves of its own will (status 0), and starts another within two seconds when the
# agent dies. Together with its agent it holds <run>/agent.lock on descriptor 9, which the kernel frees when
# both are gone: there is never a second pair. On descriptor 3 the first agent, started with --tell, says in one
# line that it is ready or why it is not.

run=$1
shift

exec 9>>"$run/agent.lock" || exit
# An agent that leaves removes the file: a lock on a removed file guards nothing.
if ! flock -n 9 || ! [ "$run/agent.lock" -ef "/proc/$$/fd/9" ]; then
  echo '{"kind":"busy"}' >&3
  exit 0
fi

exec >>"$run/agent.log" 2>&1

# crun refuses a version 2 hierarchy beside version 1 ("hybrid"). The mount namespace is ours alone.
# crun makes plain directories where that hierarchy was: on a file system of our own they go with the namespace.
if [ -e /sys/fs/cgroup/unified/cgroup.procs ]; then
  umount -l /sys/fs/cgroup/unified
  mount -t tmpfs -o size=4m,mode=755 tscompose /sys/fs/cgroup/unified
fi

agent=
leaving=
trap 'leaving=yes; [ -z "$agent" ] || kill -TERM "$agent" 2>/dev/null' TERM INT HUP

tell=--tell
deaths=0
while [ -z "$leaving" ]; do
  "$@" $tell &
  agent=$!
  exec 3>&-
  started=$(date +%s)

  wait "$agent"
  status=$?
  # A signal to us interrupts the wait; the agent has been told and ends in its own time.
  while [ -n "$leaving" ] && kill -0 "$agent" 2>/dev/null; do
    wait "$agent"
    status=$?
  done
  [ "$status" -ne 0 ] || exit 0
  # Status 3: it could not start, and has told whoever was waiting.
  [ "$status" -ne 3 ] || [ -z "$tell" ] || exit 3
  tell=

  echo "$(date -Is) the agent ended with status $status"
  [ $(($(date +%s) - started)) -lt 10 ] || deaths=0
  deaths=$((deaths + 1))
  # Names are not answered until the next one is there: even one that dies again and again is back within two seconds.
  if [ "$deaths" -le 5 ]; then sleep 0.2; else sleep 1; fi
done
