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
  if (action.policy !== 'always' && (await images.find(action.image)) !== undefined) return;
  if (action.policy === 'never' || action.policy === 'build') {
    throw new TscomposeError('IMAGE_NOT_FOUND', `the image ${action.image} is not stored here`);
  }
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
}
