#!/bin/sh
# Keeps one agent of one state root alive, in the mount namespace it was started in.
#
#   respawner.sh RUN_DIRECTORY GROUP PROGRAM [ARGUMENT]...
#
# It leaves when the agent leaves of its own will (status 0), and starts another within two seconds when the
# agent dies. Together with its agent it holds <run>/agent.lock on descriptor 9, which the kernel frees when
# both are gone: there is never a second pair. On descriptor 3 the first agent, started with --tell, says in one
# line that it is ready or why it is not. All of them, and the containers' monitors, are in the cgroup GROUP.

run=$1
group=$2
shift 2

exec 9>>"$run/agent.lock" || exit
# An agent that leaves removes the file: a lock on a removed file guards nothing.
if ! flock -n 9 || ! [ "$run/agent.lock" -ef "/proc/$$/fd/9" ]; then
  echo '{"kind":"busy"}' >&3
  exit 0
fi

exec >>"$run/agent.log" 2>&1

# The hierarchies that a service manager goes by. When a session or a service ends, it ends whatever is in its group,
# and the first command may be run in any. Our own mount namespace may lack the second: our starter's has it.
beside=/proc/$PPID/root/sys/fs/cgroup/unified
[ ! -d "$beside" ] || command exec 4<"$beside"
hierarchies="/sys/fs/cgroup /proc/$$/fd/4 /sys/fs/cgroup/systemd"

enter_group() {
  groups=
  for hierarchy in $hierarchies; do
    [ ! -e "$hierarchy/cgroup.procs" ] || groups="$groups $hierarchy/$group"
  done
  # One process for all of them: whoever ran the first command is waiting.
  mkdir -p $groups
  for one in $groups; do echo $$ >"$one/cgroup.procs"; done
}
# With monitors in it, it stays: they outlive us.
leave_group() {
  for hierarchy in $hierarchies; do
    [ -e "$hierarchy/$group" ] && echo $$ >"$hierarchy/cgroup.procs" && rmdir "$hierarchy/$group"
  done
}
# A machine may refuse us groups: then we stay where we are.
trap 'leave_group 2>/dev/null' EXIT
enter_group 2>/dev/null

agent=
leaving=
trap 'leaving=yes; [ -z "$agent" ] || kill -TERM "$agent" 2>/dev/null' TERM INT HUP

# Seconds, without a process for it.
look_at_clock() {
  read -r now _ </proc/uptime
  now=${now%.*}
}

tell=--tell
deaths=0
while [ -z "$leaving" ]; do
  "$@" $tell 4<&- &
  agent=$!
  exec 3>&-
  look_at_clock
  started=$now

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
  look_at_clock
  [ $((now - started)) -lt 10 ] || deaths=0
  deaths=$((deaths + 1))
  # Names are not answered until the next one is there: even one that dies again and again is back within two seconds.
  if [ "$deaths" -le 5 ]; then sleep 0.2; else sleep 1; fi
done
