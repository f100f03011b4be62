/** Every command by name, with the words of `--help` and where its code is. Nothing is loaded before it is called. */
import { configEntry } from './config-entry.ts';
import { type Entry, entry, noun, verb } from './entry.ts';

export const registry: readonly Entry[] = [
  entry('run', 'up', 'Create and start the services', async () => (await import('./commands/up.ts')).up),
  entry('run', 'down', 'Stop and remove the project', async () => (await import('./commands/down.ts')).down),
  entry(
    'run',
    'create',
    'Create the containers and start none',
    async () => (await import('./commands/create.ts')).create,
  ),
  entry(
    'run',
    'start',
    'Start containers that are there',
    async () => (await import('./commands/start.ts')).start,
  ),
  entry(
    'run',
    'stop',
    'Stop containers and keep them',
    async () => (await import('./commands/stop.ts')).stop,
  ),
  entry('run', 'restart', 'Restart containers', async () => (await import('./commands/restart.ts')).restart),
  entry(
    'run',
    'scale',
    'Set how many containers a service has',
    async () => (await import('./commands/scale.ts')).scale,
  ),
  entry('run', 'pause', 'Freeze containers', async () => (await import('./commands/pause.ts')).pause),
  entry(
    'run',
    'unpause',
    'Let frozen containers go on',
    async () => (await import('./commands/pause.ts')).unpause,
  ),
  entry('run', 'kill', 'Send a signal to containers', async () => (await import('./commands/kill.ts')).kill),
  entry('run', 'rm', 'Remove stopped containers', async () => (await import('./commands/rm.ts')).rm),

  entry('look', 'ps', 'List the containers', async () => (await import('./commands/ps.ts')).ps),
  entry('look', 'logs', "Show the containers' output", async () => (await import('./commands/logs.ts')).logs),
  entry(
    'look',
    'top',
    'Show the processes in the containers',
    async () => (await import('./commands/top.ts')).top,
  ),
  entry(
    'look',
    'port',
    'Show where a port is published',
    async () => (await import('./commands/port.ts')).port,
  ),
  entry(
    'look',
    'images',
    'List the images the containers use',
    async () => (await import('./commands/images.ts')).images,
  ),
  entry(
    'look',
    'volumes',
    "List the project's volumes",
    async () => (await import('./commands/volumes.ts')).volumes,
  ),
  entry('look', 'ls', 'List the projects on this machine', async () => (await import('./commands/ls.ts')).ls),
  entry(
    'look',
    'wait',
    'Wait until containers have ended',
    async () => (await import('./commands/wait.ts')).wait,
  ),

  entry(
    'inside',
    'exec',
    'Run a command in a running container',
    async () => (await import('./commands/exec.ts')).exec,
  ),
  entry(
    'inside',
    'run',
    'Run a one-off command for a service',
    async () => (await import('./commands/run.ts')).run,
  ),
  entry(
    'inside',
    'attach',
    "Join a running container's input and output",
    async () => (await import('./commands/attach.ts')).attach,
  ),

  configEntry,
  entry(
    'file',
    'lint',
    'Check the files for mistakes and habits that bite later',
    async () => (await import('./commands/lint.ts')).lint,
  ),
  entry('file', 'env', "Print a service's environment", async () => (await import('./commands/env.ts')).env),
  entry(
    'file',
    'plan',
    'Show what `up` would do, and why',
    async () => (await import('./commands/plan.ts')).plan,
  ),
  entry('file', 'pull', "Fetch the services' images", async () => (await import('./commands/pull.ts')).pull),

  noun('image', 'Images: load, save, import, ls, rm, inspect, history, tag, pull', [
    verb('ls', 'List images', async () => (await import('./commands/image-ls.ts')).imageLs, ['list']),
    verb(
      'pull',
      'Fetch an image from a registry',
      async () => (await import('./commands/image-pull.ts')).imagePull,
    ),
    verb(
      'load',
      'Load images from a tar archive',
      async () => (await import('./commands/image-load.ts')).imageLoad,
    ),
    verb(
      'save',
      'Write images to a tar archive',
      async () => (await import('./commands/image-save.ts')).imageSave,
    ),
    verb(
      'import',
      'Make an image of a root file system',
      async () => (await import('./commands/image-import.ts')).imageImport,
    ),
    verb(
      'inspect',
      'Show everything known of images',
      async () => (await import('./commands/image-inspect.ts')).imageInspect,
    ),
    verb(
      'history',
      'Show how an image came to be',
      async () => (await import('./commands/image-history.ts')).imageHistory,
    ),
    verb('tag', 'Give an image another name', async () => (await import('./commands/image-tag.ts')).imageTag),
    verb('rm', 'Remove images', async () => (await import('./commands/image-rm.ts')).imageRm, ['remove']),
  ]),
  noun('container', 'Containers of all projects: ls', [
    verb('ls', 'List containers', async () => (await import('./commands/container-ls.ts')).containerLs, [
      'list',
      'ps',
    ]),
  ]),
  noun('network', 'Networks of all projects: ls', [
    verb('ls', 'List networks', async () => (await import('./commands/network-ls.ts')).networkLs, ['list']),
  ]),
  noun('volume', 'Volumes of all projects: ls', [
    verb('ls', 'List volumes', async () => (await import('./commands/volume-ls.ts')).volumeLs, ['list']),
  ]),

  entry('other', 'version', 'Show the version', async () => (await import('./commands/version.ts')).version),
  entry(
    'other',
    'completion',
    'Print a completion script for a shell',
    async () => (await import('./commands/completion.ts')).completion,
  ),
  {
    ...entry(
      'other',
      '__complete',
      'Words for the shell',
      async () => (await import('./commands/complete.ts')).complete,
    ),
    hidden: true,
  },
];
