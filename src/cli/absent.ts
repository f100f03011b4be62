/** Docker Compose's commands that are not here, with what to do instead. */
const absent: Readonly<Record<string, string>> = {
  build: 'load a built image with "tscompose image load", or name one with "image:"',
  push: 'save the image with "tscompose image save" and push it with a registry tool',
  watch: 'run "tscompose up" again after a change: only what changed is replaced',
  cp: 'use a bind mount, or "tscompose exec -T SERVICE tar c PATH"',
  events: 'use "tscompose ps --format json"',
  stats: 'use "tscompose top"',
  commit: 'describe the change in the image instead',
  export: 'use "tscompose exec -T SERVICE tar c /"',
  publish: 'keep the Compose files in a repository',
  bridge: 'use a converter such as kompose on the output of "tscompose config"',
  swarm: 'tscompose runs on one machine',
  stack: 'tscompose runs on one machine; use "tscompose up"',
  service: 'tscompose runs on one machine; use "tscompose scale"',
  search: 'look in the registry itself',
  scan: 'tscompose is no vulnerability scanner',
};

/** The hint for a command that is not here, when there is something to say. */
export function adviceFor(command: string): string | undefined {
  return Object.hasOwn(absent, command) ? absent[command] : undefined;
}
