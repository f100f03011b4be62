/** Command lines that mean nothing. */
import { expect, test } from 'vitest';
import { answer } from './refusals.ts';
import { sharedStack } from './stack.ts';

const shared = sharedStack(
  `services:
  web: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
  worker: {image: busybox, command: sleep 1000, stop_signal: SIGKILL, profiles: [more]}
`,
  {},
  ({ ok }) => ok('up', '--detach'),
);

test.each([
  [
    'upp',
    `tscompose: unknown command 'upp' (did you mean up?)\nhint: run "tscompose --help" for the list of commands`,
  ],
  [
    'image laod',
    `tscompose: unknown command 'laod' (did you mean load?)\nhint: run "tscompose image --help" for the list of commands`,
  ],
  [
    'build',
    `tscompose: unknown command 'build'\nhint: load a built image with "tscompose image load", or name one with "image:"`,
  ],
  [
    'up --detatch',
    `tscompose: unknown option '--detatch' (did you mean --detach?)\nhint: run "tscompose up --help" for what it takes`,
  ],
  [
    '--fil x up',
    `tscompose: unknown option '--fil' (did you mean --file?)\nhint: run "tscompose --help" for what it takes`,
  ],
  ['up -f x', "tscompose: unknown option '-f'\nhint: -f stands before the command: tscompose -f … up"],
  ['up --force-recreate --no-recreate', 'tscompose: --force-recreate and --no-recreate are incompatible'],
  ['up --build --no-build', 'tscompose: --build and --no-build are incompatible'],
  [
    'up --wait --attach web',
    'tscompose: --wait cannot be combined with --abort-on-container-exit, --attach or --attach-dependencies',
  ],
  [
    'up --pull sometimes',
    `tscompose: --pull: Allowed choices are always, missing, never, build\nhint: run "tscompose up --help" for what it takes`,
  ],
  [
    'up --timeout soon',
    `tscompose: --timeout: "soon" is not a whole number\nhint: run "tscompose up --help" for what it takes`,
  ],
  ['up --scale web', 'tscompose: "web" is not of the form SERVICE=NUMBER'],
  ['up --scale wbe=2', 'tscompose: no such service: wbe\nhint: did you mean "web"?'],
  ['up -d wbe', 'tscompose: no such service: wbe\nhint: did you mean "web"?'],
  ['up -d database', 'tscompose: no such service: database\nhint: the services are web and worker'],
  ['stop wrker', 'tscompose: no such service: wrker\nhint: the only service is web'],
  ['-f compose.yaml stop wrker', 'tscompose: no such service: wrker\nhint: did you mean "worker"?'],
  ['-f compose.yaml exec wbe true', 'tscompose: no such service: wbe\nhint: did you mean "web"?'],
  [
    'exec',
    `tscompose: missing required argument 'service'\nhint: run "tscompose exec --help" for what it takes`,
  ],
  [
    'kill --signal SIGTRM',
    `tscompose: --signal: there is no signal "SIGTRM"; write a name such as SIGTERM, or a number from 1 to 64\nhint: run "tscompose kill --help" for what it takes`,
  ],
  [
    '--env-file nowhere.env config',
    `tscompose: couldn't find env file: ./nowhere.env\nhint: make the file, or leave the option out`,
  ],
  [
    '-f nowhere.yaml config',
    'tscompose: open ./nowhere.yaml: no such file or directory\nhint: check the path given with -f or in COMPOSE_FILE',
  ],
  ['image load -i nowhere.tar', 'tscompose: cannot read ./nowhere.tar: there is no such file'],
  ['image import . base', 'tscompose: cannot read .: it is a directory'],
  [
    'image rm nothing',
    'tscompose: there is no image nothing\nhint: see what there is with: tscompose image ls',
  ],
])('%s', async (words, message) => {
  const said = (await answer(shared(), ...words.split(' '))).replaceAll(shared().directory, '.');
  expect(said).toBe(`${message}\nexit 1, nothing changed`);
});
