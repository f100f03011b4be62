#!/usr/bin/env bash
# Makes the images of an example from Debian packages and imports them.
#
#   scripts/make-images.sh [--tarballs-only] [FOLDER]      FOLDER: examples/todo/images unless given
#
# Every directory NAME below FOLDER becomes the image NAME:12 (Debian 12):
#   packages    Debian packages, one a line
#   files/      copied over the root file system
#   prepare.sh  run inside the image, last
#   changes     the image's configuration, one Dockerfile instruction a line
# Tarballs are kept in .cache/images under the hash of their recipe: the second time nothing is downloaded.
set -euo pipefail
shopt -s nullglob

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${TSCOMPOSE_IMAGE_CACHE:-$here/.cache/images}
suite=bookworm
tag=12

main() {
  local import=yes folder
  if [ "${1:-}" = --tarballs-only ]; then import=no && shift; fi
  folder=$(cd "${1:-$here/examples/todo/images}" && pwd)
  mkdir -p "$cache"
  make_tarballs "$folder"
  if [ "$import" = yes ]; then import_images "$folder"; fi
}

# --- tarballs

make_tarballs() {
  local missing=() recipe
  for recipe in "$1"/*/; do
    recipe=${recipe%/}
    [ -e "$(tarball_of "$recipe")" ] || missing+=("$recipe")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  echo "making ${missing[*]##*/} from Debian packages: a minute or two, this once"
  # In a mount namespace of its own: whatever happens, no mount of this is left on the machine.
  as_root unshare --mount --propagation private \
    env "TSCOMPOSE_IMAGE_CACHE=$cache" bash "$0" --derive "${missing[@]}"
}

# derive RECIPE…: the part that needs root.
derive() {
  scratch=$(mktemp -d "$cache/.making.XXXXXX")
  trap remove_scratch EXIT
  trap 'exit 130' INT TERM
  make_base
  local recipe job jobs=() failed=no
  for recipe in "$@"; do
    make_one "$recipe" >"$scratch/${recipe##*/}.log" 2>&1 &
    jobs+=("$!:${recipe##*/}")
  done
  for job in "${jobs[@]}"; do
    wait "${job%%:*}" || { report_failure "${job#*:}" && failed=yes; }
  done
  [ "$failed" = no ]
}

# What all images share: Debian's minimal system with its package lists, without manuals.
make_base() {
  base=$cache/base-$(base_recipe | digest).tar
  [ ! -e "$base" ] || return 0
  local options
  mapfile -t options < <(base_recipe)
  collect_sources "$scratch/sources"
  TMPDIR=$scratch mmdebstrap --quiet "${options[@]}" "$suite" "$scratch/base.tar" "$scratch"/sources/* \
    </dev/null >"$scratch/base.log" 2>&1 || { report_failure base && return 1; }
  mv "$scratch/base.tar" "$base"
}

base_recipe() {
  printf '%s\n' --variant=minbase --skip=cleanup/apt/lists \
    '--aptopt=Acquire::Languages "none"' '--aptopt=Acquire::Check-Valid-Until "false"' \
    '--dpkgopt=force-unsafe-io' '--dpkgopt=path-exclude=/usr/share/doc/*' \
    '--dpkgopt=path-include=/usr/share/doc/*/copyright' '--dpkgopt=path-exclude=/usr/share/man/*' \
    '--dpkgopt=path-exclude=/usr/share/info/*' '--dpkgopt=path-exclude=/usr/share/locale/*'
}

# This machine's own package sources where they serve the suite (a mirror may be all it can reach);
# otherwise nothing, which means Debian's public mirror.
collect_sources() {
  mkdir "$1"
  local file copy
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    grep -qsE "^[^#]*[[:space:]]$suite([[:space:]]|$)" "$file" || continue
    copy=$1/${file##*/}
    grep -v '^deb.* cdrom:' "$file" >"$copy"
  done
}

make_one() {
  local recipe=$1 name=${1##*/} target
  local root=$scratch/$name
  target=$(tarball_of "$recipe")
  mkdir "$root"
  tar -C "$root" --xattrs --xattrs-include='*' -xpf "$base"
  install_packages "$root" "$recipe"
  if [ -d "$recipe/files" ]; then cp -a --no-preserve=ownership "$recipe/files/." "$root/"; fi
  if [ -e "$recipe/prepare.sh" ]; then chroot "$root" sh -eu -s <"$recipe/prepare.sh"; fi
  shrink "$root"
  tar -C "$root" --numeric-owner --sort=name --xattrs --xattrs-include='security.capability' -cf "$scratch/$name.tar" .
  mv "$scratch/$name.tar" "$target"
}

install_packages() {
  local root=$1 packages
  mapfile -t packages <"$2/packages"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  # Maintainer scripts must not start services while the image is made.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  mount --rbind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get -qq -y -o Dpkg::Use-Pty=0 \
    install --no-install-recommends "${packages[@]}"
  umount -l "$root/dev" "$root/proc"
  rm "$root/usr/sbin/policy-rc.d" "$root/etc/resolv.conf"
}

# Lists, caches, logs, and the package sources of the machine that made the image.
shrink() {
  rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/var/cache/debconf/*-old "$1"/var/cache/ldconfig/* \
    "$1"/var/log/*.log "$1"/var/log/apt "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/* "$1"/tmp/*
}

report_failure() {
  echo "could not make $1; the end of its log:" >&2
  # Addresses of package mirrors are this machine's business.
  tail -n 15 "$scratch/$1.log" | sed -E 's#https?://[^ ]+#<mirror>#g' >&2
}

remove_scratch() {
  umount -l "$scratch"/*/dev "$scratch"/*/proc 2>/dev/null || true
  rm -rf --one-file-system "$scratch"
}

tarball_of() {
  echo "$cache/${1##*/}-$(recipe_digest "$1").tar"
}

# Everything that decides what comes out: the base, the recipe's files with their modes, and this script.
recipe_digest() {
  {
    base_recipe
    cat "$here/scripts/make-images.sh"
    (cd "$1" && find . -type f ! -name changes -printf '%p %m\n' | LC_ALL=C sort)
    (cd "$1" && find . -type f ! -name changes -print0 | LC_ALL=C sort -z | xargs -0 cat)
  } | digest
}

# --- import

import_images() {
  local recipe name options line label
  for recipe in "$1"/*/; do
    recipe=${recipe%/} name=${recipe##*/}
    label="tscompose.recipe=$(recipe_digest "$recipe")-$(digest <"$recipe/changes")"
    if is_imported "$name:$tag" "$label"; then continue; fi
    options=(-c "LABEL $label")
    while read -r line; do options+=(-c "$line"); done <"$recipe/changes"
    echo "importing $name:$tag"
    tscompose image import "${options[@]}" "$(tarball_of "$recipe")" "$name:$tag" >/dev/null
  done
}

is_imported() {
  tscompose image inspect "$1" 2>/dev/null | grep -q "\"${2%%=*}\": *\"${2#*=}\""
}

tscompose() {
  as_root node "$here/bin/tscompose.cjs" "$@"
}

# --- small things

digest() {
  sha256sum | cut -c1-16
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo --preserve-env=TSCOMPOSE_ROOT "$@"; fi
}

if [ "${1:-}" = --derive ]; then shift && derive "$@"; else main "$@"; fi
