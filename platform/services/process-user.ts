import type { KnownVariable } from '../kernel/environment.ts';
import { JWT_PRIVATE_KEY_PATH } from '../kernel/variables.ts';
import type { Home } from './home.ts';

/** Whom a process runs as: ids of its own, and the groups of what it shares with others. */
export interface ProcessUser {
  uid: number;
  gid: number;
  groups: readonly number[];
}

/** The group of what processes share, by the variable that tells a process of it. */
function sharedBy({ name, path }: KnownVariable): 'files' | 'vectors' | 'calls' | 'signing' | 'secrets' | undefined {
  if (name === JWT_PRIVATE_KEY_PATH.name) return 'signing';
  if (typeof path !== 'object') return undefined;
  return 'folder' in path ? path.folder : 'secrets';
}

/** The user of a server that the platform starts; undefined when everything runs as who started it. */
export function serverUser({ user, ids }: Home, name: 'edge' | 'redis'): ProcessUser | undefined {
  return user && ids && { uid: ids[name], gid: ids[name], groups: [user.gid] };
}

/** The user of a unit's processes. @param env names of what they see, of all `variables` @param id of the unit */
export function unitUser(
  { user, ids }: Pick<Home, 'user' | 'ids'>,
  env: readonly string[],
  variables: readonly KnownVariable[],
  id: number,
): ProcessUser | undefined {
  if (!user || !ids) return undefined;
  const shared = variables.flatMap((variable) => {
    const group = env.includes(variable.name) ? sharedBy(variable) : undefined;
    return group ? [ids[group]] : [];
  });
  return { uid: id, gid: id, groups: [user.gid, ids.units, ...shared] };
}

/** Files of processes that share a folder are their group's as well; all others are their owner's alone. */
const umaskVariable = 'PANDECT_UMASK';

/**
 * A command as another user. Node can change a process's user and group but gives it no further groups, so `setpriv` does, and
 * sees to it that neither it nor its children gain rights by executing anything.
 */
export function asUser(
  user: ProcessUser | undefined,
  command: string,
  args: readonly string[],
  env: Record<string, string | undefined>,
) {
  if (!user) return { command, args: [...args], env };
  const ids = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    user.groups.length > 0 ? `--groups=${user.groups.join(',')}` : '--clear-groups',
  ];
  return {
    command: 'setpriv',
    args: [...ids, '--inh-caps=-all', '--no-new-privs', command, ...args],
    env: { ...env, [umaskVariable]: '007' },
  };
}
