import { child, stringOf } from '../../load/node.ts';
import type { LintRule } from '../rule.ts';

export const imageTags: LintRule = {
  code: 'COMPOSE_LATEST_TAG',
  about:
    'An image has no tag or the tag `latest`, so that what runs depends on the day it was pulled: two machines, or yesterday and today, may have different programs. A version, or a digest, says which one is meant. Images that the project builds itself are left alone.',
  checkModel: ({ services }, warn) => {
    for (const { name, service } of services) {
      const image = child(service, 'image');
      const text = stringOf(image) ?? '';
      if (text === '' || text.includes('@') || child(service, 'build') !== undefined) continue;
      const [, tag] = /[^/]:([^/:]+)$/.exec(text) ?? [];
      if (tag !== undefined && tag !== 'latest') continue;
      warn({
        message: `services.${name}.image: ${text} ${tag === undefined ? 'has no tag, which means latest' : 'is whatever is newest'}`,
        at: image,
        hint: 'write a version',
      });
    }
  },
};
