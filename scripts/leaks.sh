#!/usr/bin/env bash
# What of tscompose's making is on this machine: the proof that tests leave nothing.
#
#   scripts/leaks.sh                prints everything, one line an object: KIND TAG NAME
#   scripts/leaks.sh since BEFORE [BELOW]
#                                   prints what was not in BEFORE (an earlier output) and ends with 1 if that is anything
#
# The tag names the state root an object belongs to. What belongs to a root that was in use before, to the machine's
# ordinary root, or to a live agent whose root is not below the folder BELOW, is another stack's business and does not
# count.
set -euo pipefail

# The tag of /var/lib/tscompose.
ordinary=$(printf %s /var/lib/tscompose | sha256sum | cut -c1-6)

main() {
  case "${1:-}" in
    '') inventory ;;
    since) since "$2" "${3:-/}" ;;
    *) echo "usage: $0 [since BEFORE [BELOW]]" >&2 && exit 2 ;;
  esac
}

inventory() {
  { links; tables; cgroups; mounts; namespaces; processes; } | LC_ALL=C sort -u
}

links() {
  ip -o link | sed -nE 's/^[0-9]+: (ts[bv]([0-9a-f]{6})[0-9a-f]*)[@:].*/link \2 \1/p'
}

tables() {
  nft list tables | sed -nE 's/^table ([a-z0-9]+) (tscompose_([0-9a-f]{6}).*)$/table \3 \2/p'
}

cgroups() {
  find /sys/fs/cgroup -maxdepth 3 -type d -name 'tscompose-*' -printf '%f %p\n' 2>/dev/null |
    sed -nE 's/^tscompose-(agent-)?([0-9a-f]{6})[^ ]* (.*)$/cgroup \2 \3/p'
}

# Overlays and namespaces mounted where the whole machine sees them; the engine's own namespace ends with its processes.
mounts() {
  awk '$5 ~ /\/(run|data)\/(containers|networks|volumes)\// || $5 ~ /tscompose/ { print "mount ------ " $5 }' /proc/self/mountinfo
}

namespaces() {
  find /run/netns -mindepth 1 -name 'ts[bv]*' -printf 'netns ------ %p\n' 2>/dev/null || true
}

# Agents, monitors and whatever runs in a container of ours. A process may end while it is looked at.
processes() {
  local directory pid cgroup words tag
  for directory in /proc/[0-9]*; do
    pid=${directory#/proc/} cgroup='' words=()
    { read -r -d '' cgroup <"$directory/cgroup"; mapfile -d '' words <"$directory/cmdline"; } 2>/dev/null || true
    tag=
    if [[ $cgroup =~ /tscompose-([0-9a-f]{6})/ ]]; then tag=${BASH_REMATCH[1]}; fi
    # Those that are in no cgroup of ours name their run directory.
    case "${words[*]}" in
      */respawner.sh\ *) tag=$(tag_of_run "${words[2]}") ;;
      *conmon\ *--exit-dir\ */exits\ *) tag=$(tag_of_run "$(sed -E 's#.* --exit-dir ([^ ]*)/exits .*#\1#' <<<"${words[*]}")") ;;
      */bin/agent.cjs*) tag=$(tag_of_agent "$pid") ;;
    esac
    if [ -n "$tag" ]; then printf '%.160s\n' "process $tag $pid ${words[*]//$'\n'/ }"; fi
  done
}

tag_of_run() {
  if [ "$1" = /run/tscompose ]; then echo "$ordinary"; else tag_of_data "${1%/run}/data"; fi
}

tag_of_agent() {
  local root
  root=$({ tr '\0' '\n' <"/proc/$1/environ"; } 2>/dev/null | sed -n 's/^TSCOMPOSE_ROOT=//p')
  if [ -z "$root" ]; then echo "$ordinary"; else tag_of_data "$root/data"; fi
}

tag_of_data() {
  printf %s "$1" | sha256sum | cut -c1-6
}

since() {
  local others left
  others=$({ awk '$2 != "------" { print $2 }' "$1"; elsewhere "$2"; } | sort -u | paste -sd'|')
  left=$(inventory | grep -vxFf "$1" | grep -vE "^[a-z]+ (${others:+$others|}$ordinary) " || true)
  [ -n "$left" ] || return 0
  echo "$left"
  return 1
}

# Tags of the live agents whose roots are not below the folder.
elsewhere() {
  local directory words
  for directory in /proc/[0-9]*; do
    words=()
    { mapfile -d '' words <"$directory/cmdline"; } 2>/dev/null || true
    case "${words[*]}" in
      */respawner.sh\ *) [[ ${words[2]} = "${1%/}"/* ]] || tag_of_run "${words[2]}" ;;
    esac
  done
}

main "$@"
