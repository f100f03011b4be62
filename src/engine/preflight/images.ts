/** Images that are not here and must not be fetched, that are made for another machine, or have nothing to run. */
import type { ContainerSpec } from '../../compose/plan/plan.ts';
import type { Problem } from '../../errors.ts';
import type { ImageRecord } from '../../image/images.ts';
import { formatPlatform, isMadeFor, parsePlatform } from '../../image/index.ts';
import { commandOf } from '../bundle-request.ts';
import { placeOf, type Question } from './question.ts';

export async function imageProblems({ parts, actions, places }: Question): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const action of actions) {
    if (action.kind !== 'EnsureImage' || (action.policy !== 'never' && action.policy !== 'build')) continue;
    if ((await parts.images.find(action.image)) !== undefined) continue;
    const at = placeOf(places, `services.${action.service}.image`);
    const isNever = action.policy === 'never';
    problems.push({
      code: 'IMAGE_NOT_FOUND',
      message: `the image ${action.image} of service "${action.service}" is not stored here${isNever ? ', and its pull policy is "never"' : ''}`,
      ...(at === undefined ? {} : { at }),
      hint: isNever
        ? `fetch it: \`tscompose image pull ${action.image}\`, or bring it as a file: \`tscompose image load -i IMAGE.tar\``
        : `bring it as a file: \`tscompose image load -i IMAGE.tar\`, \`tscompose image import ROOTFS.tar ${action.image}\`; building is not part of this version`,
    });
  }
  return problems;
}

/** A stored image for another platform. */
export async function platformProblems(question: Question): Promise<Problem[]> {
  return (await storedImages(question)).flatMap(({ spec: { service, image, platform }, config }) => {
    if (platform === undefined || isMadeFor(config, parsePlatform(platform))) return [];
    const at = placeOf(question.places, `services.${service}.platform`);
    return {
      code: 'IMAGE_PLATFORM',
      message: `the image ${image} of service "${service}" is made for ${formatPlatform(config)}, not for ${platform}`,
      ...(at === undefined ? {} : { at }),
      hint: `pull it for that platform (\`tscompose image pull --platform ${platform} ${image}\`), or leave the platform out`,
    };
  });
}

/** A service without a command, whose image has none either. */
export async function commandProblems(question: Question): Promise<Problem[]> {
  return (await storedImages(question)).flatMap(({ spec, config }) => {
    if (commandOf(spec, config).length > 0) return [];
    const at = placeOf(question.places, `services.${spec.service}.image`);
    return {
      code: 'COMMAND_MISSING',
      message: `service "${spec.service}": no command specified, and the image ${spec.image} has none`,
      ...(at === undefined ? {} : { at }),
      hint: 'give the service a command or an entrypoint',
    };
  });
}

/** One new container a service, with its image; those that are about to be pulled are looked at afterwards. */
async function storedImages({
  parts,
  actions,
}: Question): Promise<{ readonly spec: ContainerSpec; readonly config: ImageRecord['config'] }[]> {
  const pulled = new Set(actions.flatMap((action) => (action.kind === 'EnsureImage' ? [action.image] : [])));
  const created = actions.flatMap((action) => (action.kind === 'CreateContainer' ? [action.container] : []));
  const services = new Map(created.map((spec) => [spec.service, spec]));
  const found = await Promise.all(
    [...services.values()].map(async (spec) => {
      const image = pulled.has(spec.image) ? undefined : await parts.images.find(spec.image);
      return image === undefined ? [] : { spec, config: image.config };
    }),
  );
  return found.flat();
}
