/** An image is there, or it is fetched, as the pull policy says. */
import type { Action } from '../compose/plan/plan.ts';
import { TscomposeError } from '../errors.ts';
import type { ImageStore } from '../image/images.ts';
import type { ActionContext } from './engine.ts';

type EnsureImage = Extract<Action, { kind: 'EnsureImage' }>;

export async function ensureImage(
  images: ImageStore,
  action: EnsureImage,
  context: ActionContext,
): Promise<void> {
  const isStored = (await images.find(action.image)) !== undefined;
  if (action.policy !== 'always' && isStored) return;
  if (action.policy === 'never' || action.policy === 'build') {
    throw new TscomposeError('IMAGE_NOT_FOUND', `the image ${action.image} is not stored here`);
  }
  try {
    await images.pull(action.image, {
      signal: context.signal,
      ...(action.platform === undefined ? {} : { platform: action.platform }),
      onProgress: ({ phase, layer, currentBytes, totalBytes }) =>
        context.report({
          text: layer === undefined ? phase : `${phase} ${layer.slice(7, 19)}`,
          ...(currentBytes === undefined ? {} : { currentBytes }),
          ...(totalBytes === undefined ? {} : { totalBytes }),
        }),
    });
  } catch (error) {
    throw error instanceof TscomposeError && error.code === 'REGISTRY_UNREACHABLE'
      ? unreachable(action, error, isStored)
      : error;
  }
}

/** Without a network the way out is a file, or the image that is there. */
function unreachable({ image }: EnsureImage, cause: TscomposeError, isStored: boolean): TscomposeError {
  const need = isStored ? 'is to be pulled again' : 'is not stored here';
  const hint = isStored
    ? 'check the network, or use the one stored here: `pull_policy: missing`, `--pull missing`'
    : `check the network, or bring it as a file: \`tscompose image load -i IMAGE.tar\`, \`tscompose image import ROOTFS.tar ${image}\``;
  return new TscomposeError(cause.code, `the image ${image} ${need}, and ${cause.message}`, { cause, hint });
}
