import type { ContainerView, ImageView } from '../../agent/protocol.ts';
import { serviceContainers } from '../containers.ts';
import { defineCommand, oneOf } from '../spec.ts';
import { ago, bytes } from '../views/human.ts';
import { platform, splitReference } from '../views/images.ts';
import { composeShape, table } from '../views/table.ts';
import { quiet } from './common.ts';

export const images = defineCommand({
  summary: 'List the images that the containers use',
  args: '[service...]',
  options: { quiet, format: oneOf('--format <format>', 'table or json', ['table', 'json']) },
  run: async (cli, options, services) => {
    const target = await cli.target(services);
    const client = await cli.client();
    const stored = new Map((await client.images()).map((image) => [image.id, image]));
    const rows = (await serviceContainers(cli, target, services, true))
      .map((container) => row(container, stored.get(container.imageId)))
      .sort((a, b) => (a.ContainerName < b.ContainerName ? -1 : 1));
    if (options.quiet)
      for (const id of new Set(rows.map(({ ID }) => ID.replace(/^sha256:/, '')))) cli.print(id);
    else if (options.format === 'json') cli.print(JSON.stringify(rows));
    else
      cli.io.stdout.write(
        table(
          titles,
          rows.map((each) => cells(each, cli.io.now())),
          composeShape,
        ),
      );
    return undefined;
  },
});

const titles = ['CONTAINER', 'REPOSITORY', 'TAG', 'PLATFORM', 'IMAGE ID', 'SIZE', 'CREATED'];

interface Row {
  readonly ID: string;
  readonly ContainerName: string;
  readonly Repository: string;
  readonly Tag: string;
  readonly Platform: string;
  readonly Size: number;
  readonly Created?: string;
}

function row(container: ContainerView, image: ImageView | undefined): Row {
  const { repository, tag } = splitReference(image?.references[0] ?? container.image);
  return {
    ID: container.imageId,
    ContainerName: container.name,
    Repository: repository,
    Tag: tag,
    Platform: image === undefined ? '' : platform(image),
    Size: image?.sizeBytes ?? 0,
    ...(image === undefined ? {} : { Created: new Date(image.createdAt).toISOString() }),
  };
}

function cells(each: Row, now: number): string[] {
  return [
    each.ContainerName,
    each.Repository === '' ? '<none>' : each.Repository,
    each.Tag === '' ? '<none>' : each.Tag,
    each.Platform,
    each.ID.replace(/^sha256:/, '').slice(0, 12),
    bytes(each.Size),
    each.Created === undefined ? 'N/A' : ago(Date.parse(each.Created), now),
  ];
}
