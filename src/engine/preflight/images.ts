/** Images that are not here and must not be fetched, or that are made for another machine. */
import type { Problem } from '../../errors.ts';
import { formatPlatform, isMadeFor, parsePlatform } from '../../image/index.ts';
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

/** A stored image for another platform; one that is about to be pulled is looked at afterwards. */
export async function platformProblems({ parts, specs, actions, places }: Question): Promise<Problem[]> {
  const pulled = new Set(actions.flatMap((action) => (action.kind === 'EnsureImage' ? [action.image] : [])));
  const problems = new Map<string, Problem>();
  for (const { service, image, platform } of specs) {
    if (platform === undefined || pulled.has(image)) continue;
    const config = (await parts.images.find(image))?.config;
    if (config === undefined || isMadeFor(config, parsePlatform(platform))) continue;
    const at = placeOf(places, `services.${service}.platform`);
    problems.set(service, {
      code: 'IMAGE_PLATFORM',
      message: `the image ${image} of service "${service}" is made for ${formatPlatform(config)}, not for ${platform}`,
      ...(at === undefined ? {} : { at }),
      hint: `pull it for that platform (\`tscompose image pull --platform ${platform} ${image}\`), or leave the platform out`,
    });
  }
  return [...problems.values()];
}
