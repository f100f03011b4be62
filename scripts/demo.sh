#!/usr/bin/env bash
# npm run demo: a to-do list in three containers, from nothing to a page in the browser. Run it as often as you like.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export NODE_EXTRA_CA_CERTS=

port=${TODO_PORT:-8080}
address=http://127.0.0.1:$port

main() {
  bash scripts/setup.sh --quiet
  bash scripts/make-images.sh
  step 'up'
  compose up -d --wait
  step 'add a to-do and read it back'
  node scripts/demo-todo.mjs "$address"
  step 'what runs'
  compose ps
  cat <<TEXT

Open $address in a browser.

  logs       $(shown logs -f)
  stop it    $(shown down)      (the to-dos stay, in the volume todo_data)
  forget it  $(shown down --volumes)
TEXT
}

compose() {
  as_root node bin/tscompose.cjs -f examples/todo/compose.yaml "$@"
}

shown() {
  echo "$([ "$(id -u)" -eq 0 ] || echo 'sudo ')node bin/tscompose.cjs -f examples/todo/compose.yaml $*"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo --preserve-env=TSCOMPOSE_ROOT,TODO_PORT "$@"; fi
}

step() {
  printf '\n== %s\n' "$1"
}

main "$@"
