/** References of images, by Docker's grammar. @see distribution/reference, reference.go */
import { child, type Node, stringOf } from '../node.ts';
import type { Refuse } from './values.ts';

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const domain = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const part = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const reference = new RegExp(
  `^(?:${domain}/)?${part}(?:/${part})*(?::[\\w][\\w.-]{0,127})?(?:@[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,})?$`,
);

export function checkImageName(service: Node, refuse: Refuse): void {
  const image = child(service, 'image');
  const text = stringOf(image);
  if (text === undefined || text === '' || reference.test(text)) return;
  const written = image === undefined ? '' : image.source.text.slice(image.start, image.end);
  const lower = text.toLowerCase();
  const form = 'write [registry/]repository[:tag][@digest], such as nginx:1.27 or localhost:5000/shop/web';
  const hint = reference.test(lower)
    ? `repositories are in lower case: write ${lower}`
    : written.includes('$')
      ? `check the variables in ${written}: one of them is empty or no part of a name`
      : form;
  refuse('image', image, `"${text}" is no image reference`, hint);
}
