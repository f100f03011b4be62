/** Who the process runs as: names looked up in the image's own `/etc/passwd` and `/etc/group`. */
import { TscomposeError } from '../errors.ts';
import type { OciUser } from './oci.ts';

/** The two files' texts; empty when the image has none. */
export interface UserFiles {
  readonly passwd: string;
  readonly group: string;
}

export interface ResolvedUser extends OciUser {
  readonly home: string;
}

/**
 * `name`, `uid`, `name:group`, `uid:gid`. Without a group, the user's own and every group that lists the user.
 * A uid that `/etc/passwd` does not know is fine and gets gid 0 and home `/`; a name is not.
 * @param groupAdd names or gids
 * @throws TscomposeError `USER_UNKNOWN`, `GROUP_UNKNOWN`
 * @see moby/sys user, GetExecUser
 */
export function resolveUser(spec: string, groupAdd: readonly string[], files: UserFiles): ResolvedUser {
  const [userPart = '', groupPart = ''] = spec.split(':', 2);
  const users = parsePasswd(files.passwd);
  const groups = parseGroup(files.group);
  const wanted = userPart === '' ? '0' : userPart;
  const user = users.find(({ name, uid }) => name === wanted || String(uid) === wanted);
  if (user === undefined && !isNumber(wanted))
    throw new TscomposeError(
      'USER_UNKNOWN',
      `unable to find user ${wanted}: no matching entries in passwd file`,
      {
        hint: 'name a user of the image, or give a numeric uid',
      },
    );
  const gid = groupPart === '' ? (user?.gid ?? 0) : gidOf(groupPart, groups);
  const memberOf =
    groupPart === '' && user !== undefined
      ? groups.filter(({ members }) => members.includes(user.name)).map((group) => group.gid)
      : [];
  const added = groupAdd.map((group) => gidOf(group, groups));
  return {
    uid: user?.uid ?? Number(wanted),
    gid,
    additionalGids: [...new Set([gid, ...memberOf, ...added])],
    home: user?.home || '/',
  };
}

function gidOf(wanted: string, groups: readonly GroupEntry[]): number {
  const known = groups.find(({ name, gid }) => name === wanted || String(gid) === wanted);
  if (known !== undefined) return known.gid;
  if (isNumber(wanted)) return Number(wanted);
  throw new TscomposeError(
    'GROUP_UNKNOWN',
    `unable to find group ${wanted}: no matching entries in group file`,
    {
      hint: 'name a group of the image, or give a numeric gid',
    },
  );
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) < 2 ** 31;
}

interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

function parsePasswd(text: string): { name: string; uid: number; gid: number; home: string }[] {
  return entries(text).map(([name = '', , uid, gid, , home = '']) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
    home,
  }));
}

function parseGroup(text: string): GroupEntry[] {
  return entries(text).map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter(Boolean),
  }));
}

function entries(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.includes(':') && !line.startsWith('#'))
    .map((line) => line.trim().split(':'));
}
