#!/usr/bin/env bash
# Makes this checkout ready on Debian 12 with Node 20.19 or newer: Debian packages, npm packages, the build.
# Does only what is missing; with nothing to do it takes a fraction of a second. `--quiet` says nothing then.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# A certificate bundle named there costs Node some 40 ms at every start, and nothing here needs it but npm.
certificates=${NODE_EXTRA_CA_CERTS:-}
export NODE_EXTRA_CA_CERTS=

# package | needed for | why
packages() {
  cat <<'TABLE'
crun|running|the OCI runtime that starts containers
conmon|running|holds each container's output and exit status
nftables|running|published ports, masquerade, the resolver's redirect
libnftables1|running|the same rules without starting a program
golang-github-containers-common|running|the standard seccomp profile
tini|running|process 1 of services with `init: true`
util-linux|running|unshare and nsenter: the engine's own mount namespace
iproute2|tests|looks at links and namespaces from outside
busybox-static|tests|an image in milliseconds
mmdebstrap|demo|images from Debian packages
dnsutils|tests|dig, against the containers' resolver
dnsperf|bench|questions a second
zstd|tests|archives compressed with it
xz-utils|tests|the corpus of projects, archives compressed with it
bzip2|tests|archives compressed with it
openssl|tests|an authority and its certificates
docker-registry|tests|a real registry on the loopback
tmux|tests|a real terminal
procps|tests|what runs, seen from outside
TABLE
}

main() {
  check_node
  install_missing_packages
  install_modules
  build
  [ "${1:-}" = --quiet ] || echo 'ready'
}

check_node() {
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
    fail "Node $(node --version) is too old: 20.19 or newer is needed"
}

# --- Debian packages

install_missing_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "these Debian packages are missing, and there is no apt-get: ${missing[*]}"
  can_be_root || fail "root is needed to install packages, and there is no sudo; as root: apt-get install ${missing[*]}"
  show_missing "${missing[@]}"
  apt update
  apt install --no-install-recommends "${missing[@]}"
}

missing_packages() {
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $(packages | cut -d'|' -f1) 2>/dev/null || true)
  packages | cut -d'|' -f1 | while read -r package; do
    grep -qx "installed $package" <<<"$installed" || echo "$package"
  done
}

show_missing() {
  printf '%-34s%-9s%s\n' 'installing' 'for' 'why'
  packages | while IFS='|' read -r package purpose why; do
    case " $* " in *" $package "*) printf '  %-32s%-9s%s\n' "$package" "$purpose" "$why" ;; esac
  done
}

# apt update | apt install …: quiet, asks nothing, and starts no service that a package brings.
apt() {
  logged as_root env DEBIAN_FRONTEND=noninteractive sh -c '
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      printf "#!/bin/sh\nexit 101\n" >"$policy" && chmod 755 "$policy"
      trap "rm -f $policy" EXIT
    fi
    apt-get -qq -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@"
    code=$?
    # Nor at the next boot: the tests start their own registry.
    case " $* " in
      *" docker-registry "*) if command -v systemctl >/dev/null; then systemctl disable docker-registry || true; fi ;;
    esac
    exit $code' apt "$@" || fail "apt-get $1 failed"
}

can_be_root() {
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# --- npm packages and the build

install_modules() {
  if node scripts/modules-current.mjs; then return; fi
  echo 'installing npm packages'
  NODE_EXTRA_CA_CERTS=$certificates logged npm ci --no-audit --no-fund --loglevel=error || fail 'npm ci failed'
}

# Does nothing when no source has changed.
build() {
  [ -e dist/build-id ] || echo 'building'
  logged node scripts/build.mjs || fail 'the build failed'
}

# --- small things

# Keeps what a command says to itself and shows it when it fails: the beginning and the end, one of which has the cause,
# without the addresses of package mirrors.
logged() {
  local log code=0
  log=$(mktemp)
  "$@" </dev/null >"$log" 2>&1 || code=$?
  if [ "$code" -ne 0 ]; then both_ends "$log" | sed -E 's#https?://[^ /]+#<mirror>#g' >&2; fi
  rm -f "$log"
  return "$code"
}

both_ends() {
  if [ "$(wc -l <"$1")" -le 30 ]; then cat "$1"; else head -n 12 "$1" && echo '…' && tail -n 12 "$1"; fi
}

fail() {
  echo "$1" >&2
  exit 1
}

main "$@"
