#!/usr/bin/env bash
# npm test: the set-up, every test, and the proof that nothing is left on the machine, which counts as one more test.
# The last line is `N passed, N failed, N skipped`; the exit code is 0 only when nothing failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=$(mktemp -d)
# Some tests are another user.
chmod 711 "$scratch"
trap 'rm -rf "$scratch"' EXIT

main() {
  local code=0 closing passed failed skipped
  bash scripts/setup.sh --quiet
  bash scripts/leaks.sh >"$scratch/before"
  # Every root of the tests lies here: that tells what they leave from other stacks that come up meanwhile.
  export TMPDIR=$scratch/t
  mkdir "$TMPDIR"
  # Only the set-up may need it; it costs every Node process some 40 ms.
  export NODE_EXTRA_CA_CERTS=

  npx --no-install vitest run "$@" 2>&1 | tee "$scratch/output" || code=$?
  # Without a closing line the run itself broke off: that is a failure too.
  closing=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$scratch/output" | tail -n 1 || true)
  IFS=' ' read -r passed _ failed _ skipped _ <<<"${closing:-0 passed, 1 failed, 0 skipped}"

  if nothing_left; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
}

# Processes may take a moment to end.
nothing_left() {
  local left
  for _ in 1 2 3 4 5; do
    left=$(bash scripts/leaks.sh since "$scratch/before" "$scratch") && echo 'nothing of ours is left on this machine' && return
    sleep 0.5
  done
  printf 'left behind on this machine:\n%s\n' "$left"
  return 1
}

main "$@"
