#!/usr/bin/env bash
# npm run bench [-- --quick] [-- --only start,stack,names,growth]: how fast tscompose is, as ratios to a bare script.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export NODE_EXTRA_CA_CERTS=
if [ "$(id -u)" -ne 0 ]; then exec sudo "$0" "$@"; fi
bash scripts/setup.sh --quiet
exec node bench/main.mjs "$@"
