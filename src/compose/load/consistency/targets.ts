/** Places in the container: where something is mounted, where the process begins. They are absolute. */
import { cleanPath } from '../implied.ts';
import { child, itemsOf, type Node, stringOf } from '../node.ts';
import type { Refuse } from './values.ts';

export function checkTargets(service: Node, refuse: Refuse): void {
  const directory = child(service, 'working_dir');
  const text = stringOf(directory);
  if (text !== undefined && text !== '' && !text.startsWith('/'))
    refuse('working_dir', directory, `"${text}" is not absolute`, `write /${text}`);
  for (const [index, mount] of itemsOf(child(service, 'volumes')).entries())
    checkTarget(`volumes[${index}]`, child(mount, 'target'), stringOf(child(mount, 'target')), refuse);
  const tmpfs = child(service, 'tmpfs');
  const items = tmpfs?.kind === 'scalar' ? [tmpfs] : itemsOf(tmpfs);
  for (const [index, item] of items.entries()) {
    checkTarget(`tmpfs[${index}]`, item, stringOf(item)?.split(':', 1)[0], refuse);
    checkTmpfsOptions(`tmpfs[${index}]`, item, refuse);
  }
}

function checkTarget(path: string, node: Node | undefined, target: string | undefined, refuse: Refuse): void {
  if (target === undefined || target === '') return;
  if (!target.startsWith('/')) {
    const hint = /^[a-z]:/i.test(target)
      ? 'one letter before a colon is read as a drive: give the volume a longer name, or write the long form'
      : `write the path in the container: /${target}`;
    refuse(path, node, `the target "${target}" is not absolute`, hint);
  } else if (cleanPath(target) === '/')
    refuse(path, node, 'nothing can be mounted at / itself', 'write a directory below it');
}

/** @see mount(8), tmpfs(5); moby, pkg/mount, MergeTmpfsOptions */
const tmpfsFlags =
  /^(no?(exec|suid|dev|atime|diratime)|exec|suid|dev|atime|diratime|relatime|norelatime|strictatime|nostrictatime|ro|rw|sync|async|dirsync|defaults)$/;
const tmpfsValues = /^(size|mode|uid|gid|nr_inodes|nr_blocks|mpol|huge)=.+$/;

function checkTmpfsOptions(path: string, item: Node, refuse: Refuse): void {
  const options = (stringOf(item) ?? '').split(':').slice(1).join(':');
  for (const option of options.split(',').filter((one) => one !== '')) {
    if (tmpfsFlags.test(option) || tmpfsValues.test(option)) continue;
    refuse(
      path,
      item,
      `"${option}" is no option of a tmpfs`,
      'write size=64m, mode=1777, uid=1000, exec, ro and the like',
    );
  }
}
