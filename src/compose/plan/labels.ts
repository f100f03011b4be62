/** The labels that make objects findable: Docker Compose's own, which other tools read, and one of ours. */
import type { Dependency, Network, Project, Service, Volume } from '../model/project.ts';
import { attributeDigests, configHash, digestOf, type FileDigests, formatDigests } from './hash.ts';

export const label = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  number: 'com.docker.compose.container-number',
  oneOff: 'com.docker.compose.oneoff',
  slug: 'com.docker.compose.slug',
  configHash: 'com.docker.compose.config-hash',
  dependsOn: 'com.docker.compose.depends_on',
  configFiles: 'com.docker.compose.project.config_files',
  workingDir: 'com.docker.compose.project.working_dir',
  environmentFile: 'com.docker.compose.project.environment_file',
  image: 'com.docker.compose.image',
  replace: 'com.docker.compose.replace',
  version: 'com.docker.compose.version',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
  /** Ours: a short digest of every attribute, so that a plan can say which one changed. */
  attributes: 'tscompose.config',
} as const;

/** The Docker Compose whose behaviour is followed; tools compare this label to decide what they may expect. */
const compatibleVersion = '2.40.3';

export type Labels = Readonly<Record<string, string>>;

export interface ContainerIdentity {
  /** The replica's number, or the slug of a one-off. */
  readonly replica: { readonly number: number } | { readonly slug: string };
  /** The image's id, when it is stored already. */
  readonly imageId?: string | undefined;
  /** Of the files that its configs and secrets are taken from. */
  readonly fileDigests?: FileDigests | undefined;
  /** Name of the container that this one takes the place of. */
  readonly replaces?: string | undefined;
}

/** The service's own labels and ours over them. */
export function containerLabels(
  project: Project,
  service: Service,
  projectName: string,
  identity: ContainerIdentity,
): Labels {
  const { replica } = identity;
  return withoutEmpty({
    ...service.labels,
    [label.project]: projectName,
    [label.service]: service.name,
    [label.oneOff]: 'slug' in replica ? 'True' : 'False',
    [label.number]: 'number' in replica ? String(replica.number) : undefined,
    [label.slug]: 'slug' in replica ? replica.slug : undefined,
    [label.configHash]: configHash(service.canonical),
    [label.attributes]: formatDigests(attributeDigests(project, service, identity.fileDigests ?? {})),
    [label.dependsOn]: formatDependencies(service.dependsOn),
    [label.configFiles]: project.configFiles.join(','),
    [label.workingDir]: project.workingDir,
    [label.environmentFile]: project.envFiles.length > 0 ? project.envFiles.join(',') : undefined,
    [label.image]: identity.imageId,
    [label.replace]: identity.replaces,
    [label.version]: compatibleVersion,
  });
}

export function networkLabels(projectName: string, key: string, network: Network): Labels {
  return {
    ...network.labels,
    [label.project]: projectName,
    [label.network]: key,
    [label.configHash]: digestOf(network),
    [label.version]: compatibleVersion,
  };
}

export function volumeLabels(projectName: string, key: string, volume: Volume): Labels {
  return {
    ...volume.labels,
    [label.project]: projectName,
    [label.volume]: key,
    [label.configHash]: digestOf(volume),
    [label.version]: compatibleVersion,
  };
}

/** `db:service_healthy:true,cache:service_started:false`. */
export function formatDependencies(dependsOn: Readonly<Record<string, Dependency>>): string {
  return Object.keys(dependsOn)
    .sort()
    .map((name) => `${name}:${dependsOn[name]!.condition}:${dependsOn[name]!.restart}`)
    .join(',');
}

/** Reads what `formatDependencies` wrote. The label does not tell optional dependencies: all count as required. */
export function parseDependencies(text: string): Readonly<Record<string, Dependency>> {
  const entries = text.split(',').filter((part) => part !== '');
  return Object.fromEntries(
    entries.map((entry) => {
      const [name = '', condition = '', restart = ''] = entry.split(':');
      return [
        name,
        {
          condition: conditions[condition] ?? 'service_started',
          required: true,
          restart: restart === 'true',
        },
      ];
    }),
  );
}

const conditions: Readonly<Record<string, Dependency['condition']>> = {
  service_started: 'service_started',
  service_healthy: 'service_healthy',
  service_completed_successfully: 'service_completed_successfully',
};

function withoutEmpty(labels: Readonly<Record<string, string | undefined>>): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
